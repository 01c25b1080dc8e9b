-- Columns: texts, values at paths, titles, widths.

local columns = require "codeocean.output.columns"

describe("codeocean.output.columns.text", function()
  local rows = {
    { "nothing", nil, "" },
    { "a float that is an integer", 1633277005.0, "1633277005" },
    { "a boolean", false, "false" },
    { "text with controls", "a\27b", "a\\27b" },
    { "tags", { "b", "a" }, "b, a" },
    { "a tag with a comma", { "a, b", "c" }, '"a, b", c' },
    { "no tags", {}, "" },
    { "a table", { b = { 1 }, a = "x" }, '{ a = "x", b = { 1 } }' },
    { "a list of numbers", { 1, 2 }, "{ 1, 2 }" },
  }
  for _, row in ipairs(rows) do
    it("writes " .. row[1], function() assert.equal(row[3], columns.text(row[2])) end)
  end
end)

describe("codeocean.output.columns.value", function()
  local row = { a = { b = { c = 1 } }, ["a.b"] = "exact", d = false, text = "x" }
  local cases = {
    { "d", false }, { "a.b", "exact" }, { "a.b.c", 1 }, { "a.x.y", nil }, { "text.x", nil },
    { "absent", nil },
  }
  for _, case in ipairs(cases) do
    it("finds " .. case[1], function() assert.equal(case[2], columns.value(row, case[1])) end)
  end
end)

describe("codeocean.output.columns.list", function()
  it("has the usual columns, some of which a narrow table may leave out", function()
    local usual = columns.list()
    assert.equal(7, #usual)
    assert.equal("ID", usual[1].title)
    assert.is_nil(usual[1].shrink)
    assert.is_number(usual[3].drop)
  end)

  it("never leaves out a column that was named", function()
    assert.is_nil(columns.list({ "type" })[1].drop)
  end)

  it("cuts no ids", function()
    for _, field in ipairs { "id", "run_id", "source.id", "provenance.capsule_id" } do
      assert.is_nil(columns.new(field).shrink)
    end
    for _, field in ipairs { "void", "identity", "my_ideas", "description", "mount" } do
      assert.is_true(columns.new(field).shrink)
    end
  end)

  it("keeps the title and the width that a column gives", function()
    local column = columns.new { field = "name", title = "Who", shrink = false }
    assert.equal("Who", column.title)
    assert.is_false(column.shrink)
  end)

  it("refuses a value that is not a column", function()
    assert.error_matches(function() columns.list { 7 } end, "a column is")
    assert.error_matches(function() columns.list "id" end, "columns must be")
  end)
end)
