-- Records of CSV: quotes, separators, line ends.

local csv = require "codeocean.input.csv"

local function lines(list)
  local i = 0
  return function()
    i = i + 1
    return list[i]
  end
end

describe("codeocean.input.csv.record", function()
  local rows = {
    { "an empty line", "", ",", {}, { "" } },
    { "plain cells", "a,b,,c", ",", {}, { "a", "b", "", "c" } },
    { "an empty last cell", "a,", ",", {}, { "a", "" } },
    { "tabs", "a\tb,c", "\t", {}, { "a", "b,c" } },
    { "quotes", '"a,b","c ""d"""', ",", {}, { "a,b", 'c "d"' } },
    { "empty quotes", '"",x', ",", {}, { "", "x" } },
    { "a quote within a cell", 'a"b,c', ",", {}, { 'a"b', "c" } },
    { "text behind a quote", '"a"b,c', ",", {}, nil },
    { "blanks behind a quote", '"a" ,c', ",", {}, { "a", "c" } },
    { "a stray quote", '"a,b', ",", { '"c",d' }, nil },
    { "a line end in quotes", 'a,"b', ",", { "", 'c",d' }, { "a", "b\n\nc", "d" } },
    { "a quote never closed", 'a,"b', ",", { "c" }, nil },
  }
  for _, row in ipairs(rows) do
    it("reads " .. row[1], function()
      assert.same(row[5], (csv.record(row[2], row[3], lines(row[4]))))
    end)
  end

  it("needs no further lines", function() assert.is_nil(csv.record('"a', ",")) end)
end)
