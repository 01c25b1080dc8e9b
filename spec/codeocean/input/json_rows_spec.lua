-- The values of a JSON text, each with its line. A broken value does not spoil the others.

local json = require "codeocean.json"
local json_rows = require "codeocean.input.json_rows"
local lines_of = require "codeocean.input.lines"

local function all(content)
  local lines = assert(lines_of.open(content:gmatch "[^\n]*\n?"))
  local next_row, problem = json_rows.open(lines, json.decode)
  if not next_row then return nil, problem end
  local list = {}
  for row in next_row do
    list[#list + 1] = ("%d:%s"):format(row.line, row.problem and "!" or json.encode(row.value))
  end
  return table.concat(list, " ")
end

describe("codeocean.input.json_rows", function()
  local rows = {
    { '{"a":1}\n\n# x\n{"a":2}', '1:{"a":1} 4:{"a":2}' },
    { '{"a":1}\n{broken\n{"a":2}\n7\n"x"', '1:{"a":1} 2:! 3:{"a":2} 4:7 5:"x"' },
    { '{\n  "a": {\n    "b": 1\n  }\n}\n{"c":2}', '1:{"a":{"b":1}} 6:{"c":2}' },
    { '{\n  "a": 1,\n{"c":2}', '1:! 2:! 3:{"c":2}' },
    { '{"a":\n', "1:!" },
    { "[]", "" }, { "[1, 2,\n3]", "1:1 1:2 2:3" }, { '["a,]\\"",\n{"b":"}"}]\n',
      '1:"a,]\\"" 2:{"b":"}"}' },
    { "[1,,2]", "1:1 1:! 1:2" }, { "[1,\n]", "1:1" }, { "['a', 2]", "1:! 1:2" },
    { '{"results":[{"id":"a"},{"id":"b"}],"has_more":true}\n{"id":"c"}',
      '1:{"id":"a"} 1:{"id":"b"} 2:{"id":"c"}' },
    { '{"results":null,"has_more":false}', "" }, { '[{"results":[1]}]', "1:1" },
    { '{"a":1,"a":2}\n{"a":3}', '1:! 2:{"a":3}' }, { '[{"a":1,"a":2},{"a":3}]', '1:! 1:{"a":3}' },
    { '{"id":"a","results":[1]}', '1:{"id":"a","results":[1]}' },
  }
  for i, row in ipairs(rows) do
    it(("reads %q, row %d"):format(row[1], i), function()
      assert.equal(row[2], all(row[1]))
    end)
  end

  for _, content in ipairs { "[", "[1", "[1,", '["a', "[[1]", '[{"a":1}' } do
    it(("refuses an array that is cut: %s"):format(content), function()
      assert.same({ nil, "the JSON array is never closed" }, { all(content) })
    end)
  end

  it("refuses text after an array", function()
    assert.same({ nil, "text behind the end of the JSON array" }, { all "[1]\n[2]" })
  end)
end)
