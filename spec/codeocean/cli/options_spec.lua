-- Values of the shared options: numbers, lists, expressions.

local fields = require "codeocean.assets.fields"
local options = require "codeocean.cli.options"

local function parsed(add, words)
  local parser = options.parser("colua x", "About x.")
  add(parser)
  local good, args = parser:pparse(words)
  return good and args or nil, not good and args or nil, parser
end

describe("codeocean.cli.options", function()
  it("reads numbers, and says what is wrong with others", function()
    assert.equal(7, options.whole(1)("7"))
    assert.equal(7, options.whole(1, 10)("7.0"))
    for _, word in ipairs { "0", "1.5", "x", "", "nan", "inf", "11", "1e99" } do
      local value, problem = options.whole(1, 10)(word)
      assert.is_nil(value, word)
      assert.matches("is not an integer from 1 to 10", problem)
    end
    assert.equal(0.5, options.positive("0.5"))
    for _, word in ipairs { "0", "-1", "inf", "nan", "x" } do
      assert.is_nil((options.positive(word)), word)
    end
  end)

  it("splits lists at commas and trims the items", function()
    assert.same({ "a", "b c", "d" }, options.list(" a,b c , ,d,"))
    assert.same({}, options.list(""))
  end)

  it("refuses an option that is given twice", function()
    local args, problem = parsed(options.search, { "--query", "a", "--query", "b" })
    assert.is_nil(args)
    assert.matches("%-%-query", problem)
  end)

  local filters = {
    { "a=b", { key = "a", value = "b" } }, { "a!=b", { key = "a", value = "b", exclude = true } },
    { "a=b,c", { key = "a", values = { "b", "c" } } },
    { "size>=10", { key = "size", range = { min = 10 } } },
    { "size<=1.5", { key = "size", range = { max = 1.5 } } },
    { "a b=c=d", { key = "a b", value = "c=d" } },
  }
  for _, row in ipairs(filters) do
    it("reads the filter " .. row[1], function()
      local args = assert(parsed(options.search, { "--filter", row[1] }))
      assert.same({ row[2] }, args.filter)
    end)
  end

  for _, word in ipairs { "a", "=b", "a=", "size>10", "size>=x", ">=3" } do
    it("refuses the filter " .. word, function()
      assert.is_nil((parsed(options.search, { "--filter", word })))
    end)
  end

  it("compiles --where, and names the column of a mistake", function()
    local args = assert(parsed(options.selection, { "--where", "size > 3" }))
    assert.is_true(args.where { size = 4 })
    local _, problem = parsed(options.selection, { "--where", "size > siez" })
    assert.matches("%-%-where: column 8: no field is called 'siez'", problem)
  end)

  it("knows the fields of a command's rows", function()
    local args, _, parser = parsed(options.assets, { "--fields", "id,nmae" })
    assert.matches("no field is called 'nmae'; did you mean 'name'",
      options.fields_problem(parser, args))
    assert.is_nil(options.fields_to_list(parser, args))
    assert.equal(fields.NAMES, options.fields_to_list(parser, { fields = { "?" } }))
    options.rows(parser, { "status" })
    assert.is_nil(options.fields_problem(parser, { fields = { "status" } }))
    assert.is_string(options.fields_problem(parser, { fields = { "id" } }))
    assert.matches("exclude each other", options.fields_problem(parser, { print = print,
      csv = true }))
  end)
end)
