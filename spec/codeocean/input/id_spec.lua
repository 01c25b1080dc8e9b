-- Ids in pasted text.

local id = require "codeocean.input.id"

local A = "27b4d7ec-a2f8-4c8d-9be5-361d33e50bf0"
local PAGE = "https://acmecorp.codeocean.com/data-assets/"

describe("codeocean.input.id", function()
  local rows = {
    { A, A }, { "  " .. A .. "\t", A }, { '"' .. A .. '"', A }, { "{" .. A .. "}", A },
    { '="' .. A .. '"', A }, { "'" .. A .. "',", A }, { "\xEF\xBB\xBF" .. A, A },
    { A:gsub("-", ""), (A:gsub("-", "")) }, { PAGE .. A, A }, { PAGE .. A .. "/mouse", A },
    { PAGE .. A .. "?tab=files", A }, { "<" .. PAGE .. A .. ">", A },
    { "http://127.0.0.1:80/data_assets/" .. A, A },
    { "acmecorp.codeocean.com/data-assets/" .. A, A },
    { "localhost:80/data_assets/" .. A .. "/x", A },
    { "/data-assets/" .. A, false }, { "data-assets/" .. A, false },
    { PAGE .. A .. "0", false }, { PAGE, false }, { "https://x/capsule/" .. A, false },
    { "ftp://x/data-assets/" .. A, false }, { A .. "x", false }, { A .. " " .. A, false }, { "",
      false },
    { "mouse", false }, { 7, false }, { false, false },
  }
  for i, row in ipairs(rows) do
    it(("parses %q, row %d"):format(tostring(row[1]), i), function()
      assert.equal(row[2], id.parse(row[1]) or false)
    end)
  end

  local B = "89242d2d-d9d4-440d-b36a-5a49db5899fa"
  local lists = {
    { A, { A } }, { A .. " " .. B, { A, B } }, { A .. "," .. B, { A, B } },
    { A .. "\n" .. B .. "\n", { A, B } }, { A .. "; " .. PAGE .. B, { A, B } },
    { PAGE .. A .. "," .. PAGE .. B, { A, B } }, { PAGE .. A .. "?tags=a,b", { A } },
    { A .. " x" }, { A .. "," .. B .. "0" }, { "" }, { " , " }, { "mouse" },
  }
  for i, row in ipairs(lists) do
    it(("reads all of %q, row %d"):format(row[1], i), function()
      assert.same(row[2], id.list(row[1]))
    end)
  end

  it("finds an id anywhere in a line", function()
    assert.is_true(id.holds("x;" .. A .. ";y"))
    assert.is_true(id.holds("Children of " .. A))
    assert.is_false(id.holds("x" .. A))
    assert.is_false(id.holds(A .. "0"))
    assert.is_false(id.holds "parent;id")
  end)

  it("trims invisible blanks", function()
    assert.equal("a b", id.trim("\xC2\xA0 a b\xE2\x80\x8B\r\n"))
    assert.equal("é", id.trim "é ")
    assert.equal("10\u{A0}µm", id.trim "\u{200B} \u{A0}10\u{A0}µm\u{FEFF} ")
    assert.equal("", id.trim "\u{A0} \u{A0}")
  end)
end)
