-- Lines with their numbers, for every line end and however the text is split into pieces.

local lines_of = require "codeocean.input.lines"

-- A file that gives at most `size` bytes at once.
local function file(bytes, size)
  return { read = function(_, most)
    if bytes == "" then return nil end
    local piece = bytes:sub(1, math.min(most, size))
    bytes = bytes:sub(#piece + 1)
    return piece
  end }
end

local function all(lines)
  local list = {}
  for text, number, ending in lines.next, lines do
    list[#list + 1] = ("%d:%s%s"):format(number, text, (ending:gsub("[\r\n]", { ["\r"] = "R",
      ["\n"] = "N" })))
  end
  return table.concat(list, " ")
end

describe("codeocean.input.lines", function()
  local rows = {
    { "", "" }, { "a", "1:a" }, { "a\nb\n", "1:aN 2:bN" }, { "a\r\nb", "1:aRN 2:b" },
    { "a\rb\r", "1:aR 2:bR" }, { "a\r\r\nb", "1:aRRN 2:b" }, { "\n\na", "1:N 2:N 3:a" },
    { "a\r\rb", "1:aR 2:R 3:b" }, { "\xEF\xBB\xBFa\n", "1:aN" },
    { ("x"):rep(300) .. "\r\ny", "1:" .. ("x"):rep(300) .. "RN 2:y" },
  }
  for i, row in ipairs(rows) do
    for _, size in ipairs { 1, 3, 65536 } do
      it(("reads row %d in pieces of %d"):format(i, size), function()
        assert.equal(row[2], all(assert(lines_of.open(file(row[1], size)))))
      end)
    end
  end

  it("come from a function, with or without their ends", function()
    assert.equal("1:aN 2:bN", all(assert(lines_of.open(("a\nb"):gmatch "[^\n]+"))))
    assert.equal("1:aN 2:bN", all(assert(lines_of.open(("a\nb\n"):gmatch "[^\n]*\n"))))
    assert.equal("1:aR 2:bN", all(assert(lines_of.open(("a\rb"):gmatch "[^\n]+"))))
  end)

  it("come from io.lines, which raises when it is called after its end", function()
    local path = os.tmpname()
    io.open(path, "w"):write("a\nb\n"):close()
    local lines = assert(lines_of.open(io.lines(path)))
    os.remove(path)
    assert.equal("1:aN 2:bN", all(lines))
  end)

  it("are read again after unread", function()
    local lines = assert(lines_of.open(file("a\nb\nc\n", 1)))
    local taken = { { lines:next() }, { lines:next() } }
    lines:unread(taken)
    assert.same({ { "a", 1, "\n" }, { "b", 2, "\n" } }, lines:peek(2))
    assert.equal("1:aN 2:bN 3:cN", all(lines))
    assert.same({}, lines:peek(5))
  end)

  it("keep the failure that ends them", function()
    local lines = assert(lines_of.open { read = function() return nil, "broken" end })
    assert.is_nil(lines:next())
    assert.equal("broken", lines.failure)
  end)
end)
