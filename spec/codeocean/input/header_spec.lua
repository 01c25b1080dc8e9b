-- The line of titles: where it is found, and what is reported about it.

local header = require "codeocean.input.header"
local lines_of = require "codeocean.input.lines"

local A = "27b4d7ec-a2f8-4c8d-9be5-361d33e50bf0"

local function find(content, ...)
  local wanted = {}
  for _, key in ipairs { ... } do wanted[key] = true end
  local lines = assert(lines_of.open(content:gmatch "[^\n]*\n?"))
  local found, foreign = header.find(lines, function(key) return wanted[key] end)
  return found, foreign, lines
end

describe("codeocean.input.header", function()
  local keys = {
    { "Asset ID", "assetid" }, { " custom_metadata.Subject-ID ", "custommetadatasubjectid" },
    { "+tags", "+tags" }, { "- Tags", "-tags" }, { "'+tags", "+tags" },
    { "\xEF\xBB\xBFid", "id" }, { "a+b", "ab" },
  }
  for _, row in ipairs(keys) do
    it(("compares %q as %q"):format(row[1], row[2]), function()
      assert.equal(row[2], header.key(row[1]))
    end)
  end

  local rows = {
    { "the first line", "id,name\n" .. A .. ",x\n", ",", 1, "id|name" },
    { "a line after other text", "List of ids;;\n;;\nparent;id;note\n", ";", 3, "parent|id|note" },
    { "what sep= says", "sep=|\na,b|id\n", "|", 2, "a,b|id" },
    { "in two lines", '"the\nid"\tid\nx\t' .. A .. "\n", "\t", 1, "the\nid|id" },
    { "the one with the most", "id\nid,name\n", ",", 2, "id|name", "name" },
  }
  for _, row in ipairs(rows) do
    it("finds " .. row[1], function()
      local found = assert(find(row[2], "id", row[6]))
      assert.same({ row[3], row[4], row[5] }, { found.separator, found.line,
        table.concat(found.names, "|") })
      assert.is_nil(found.problem)
    end)
  end

  it("leaves the lines after the titles unread, and all lines if there are no titles", function()
    local _, _, lines = find("id\n" .. A .. "\n", "id")
    assert.equal(A, (lines:next()))
    local found, foreign
    found, foreign, lines = find("mouse\nrat\n", "id")
    assert.is_nil(found)
    assert.is_nil(foreign)
    assert.equal("mouse", (lines:next()))
  end)

  it("is not found after data, nor after 25 lines", function()
    assert.is_nil((find(A .. ",x\nid,name\n", "id")))
    assert.is_nil((find(("\n"):rep(25) .. "id,name\n", "id")))
  end)

  it("returns the line that looks like titles, and the columns that hold ids", function()
    local _, foreign = find("\nParent;Größe (µm)\n" .. A .. ";3\n", "id")
    assert.same({ line = 2, names = "Parent, Größe (µm)", ids = "Parent" }, foreign)
  end)

  it("refuses a wanted title that occurs twice, not any other", function()
    assert.is_truthy(find("id,name,ID\n", "id").problem:find('two columns "ID" (1 and 3)', 1, true))
    assert.is_nil(find("note,id,note\n", "id").problem)
  end)
end)
