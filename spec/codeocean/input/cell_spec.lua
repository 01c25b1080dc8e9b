-- Cells are converted by type. A cell without a valid value is reported with its fault.

local cells = require "codeocean.input.cell"
local json = require "codeocean.json"

describe("a cell", function()
  local rows = {
    { "text", "a b ", "a b " }, { "text", "'=1", "=1" }, { "text", "'nan", "nan" },
    { "text", "'90s", "'90s" }, { "text", "a\r\nb", "a\r\nb" },
    { "flag", "TRUE", true }, { "flag", " false ", false }, { "flag", "Yes", true },
    { "flag", "0", false },
    { "list", "a; b ;;c", { "a", "b", "c" } }, { "list", '["a;b","c"]', { "a;b", "c" } },
    { "list", "'2021", { "2021" } }, { "list", " ; ", {} },
    { "scalar", "7", 7 }, { "scalar", "007", "007" }, { "scalar", "'7", "7" },
    { "scalar", "1.5", 1.5 }, { "scalar", "1.50", "1.50" }, { "scalar", "0x10", "0x10" },
    { "scalar", "9223372036854775807", math.maxinteger },
    { "scalar", "9223372036854775808", "9223372036854775808" }, { "scalar", "1e5", "1e5" },
    { "scalar", "-3", -3 }, { "scalar", "x", "x" },
    { "id", "{FEA84EBF-b58b-4ad2-994d-7169dc3880fb}", "FEA84EBF-b58b-4ad2-994d-7169dc3880fb" },
    { "text", "\\N", cells.CLEAR }, { "list", "\\N", cells.CLEAR },
    { "text", "  ", nil }, { "flag", "", nil },
  }
  for i, row in ipairs(rows) do
    it(("of type %s is read: %q, row %d"):format(row[1], row[2], i), function()
      local value, problem = cells.value(cells[row[1]], row[2])
      assert.is_nil(problem)
      assert.same(row[3], value)
      assert.equal(math.type(row[3]), math.type(value))
    end)
  end

  local wrong = {
    { "text", "nan", "is what a program writes for an empty cell" },
    { "list", "NaN", "is what a program writes" }, { "scalar", "None", "is what a program writes" },
    { "text", "<NA>", "is what a program writes" }, { "text", "#REF!", "error of the spreadsheet" },
    { "text", "#NAME?", "error of the spreadsheet" }, { "text", "#N/A",
      "error of the spreadsheet" },
    { "list", "['a', 'b']", "a list as Python prints it; write a;b" },
    { "list", "[]", "a list as Python prints it" }, { "text", "\xE4", "not UTF-8" },
    { "flag", "maybe", "true or false expected" }, { "id", "mouse", "is not a data asset id" },
  }
  for i, row in ipairs(wrong) do
    it(("of type %s is refused: %q, row %d"):format(row[1], row[2], i), function()
      local value, problem = cells.value(cells[row[1]], row[2])
      assert.is_nil(value)
      assert.is_truthy(problem:find(row[3], 1, true), problem)
    end)
  end

  it("of an empty list becomes a list in JSON", function()
    assert.equal("[]", json.encode((cells.value(cells.list, ";"))))
  end)

  it("shows numbers in full, tables as JSON, and any other value as Lua does", function()
    assert.same({ "9007199254740993", "1.5", '["a"]', "false", "a" }, {
      cells.shown(9007199254740993), cells.shown(1.5), cells.shown { "a" }, cells.shown(false),
      cells.shown "a" })
  end)
end)
