-- CSV and TSV as formats: what a row becomes. That it reads back: spec/codeocean/input/.

local csv = require "codeocean.output.csv"
local json = require "codeocean.json"

local function encode(_, value) return json.encode(value) end

local USUAL = { "name", "tags" }

-- The text of one row with its header, by a writer of these fields.
local function text(format, row, fields, width)
  return format.row({ count = 0, fields = fields, width = width }, row)
end

describe("codeocean.output.csv", function()
  it("writes a header once, lists by semicolons, tables as JSON", function()
    local row = { name = 'a "b", c', tags = { "x", "y" } }
    assert.are.equal('name,tags\r\n"a ""b"", c",x;y\r\n', text(csv.csv(encode, USUAL), row))
    assert.are.equal("x;y\r\n", csv.csv(encode, USUAL).row({ count = 1, fields = { "tags" } }, row))
    assert.are.equal('tags\n["a;b"]\n',
      text(csv.tsv(encode, USUAL), { tags = { "a;b" } }, { "tags" }))
  end)

  it("writes a header where there was no row", function()
    assert.are.equal("name,tags\r\n", csv.csv(encode, USUAL).finish { count = 0 })
    assert.are.equal("", csv.csv(encode, USUAL).finish { count = 1 })
  end)

  it("puts a ' before what a spreadsheet would change, and before nothing else", function()
    local format = csv.csv(encode, USUAL)
    assert.are.equal("name\r\n'=1+1\r\n", text(format, { name = "=1+1" }, { "name" }))
    assert.are.equal("name\r\n'007\r\n", text(format, { name = "007" }, { "name" }))
    assert.are.equal("size\r\n9223372036854775807\r\n",
      text(format, { size = math.maxinteger }, { "size" }))
  end)

  it("escapes tabs and line breaks in TSV", function()
    assert.are.equal("name\na\\tb\\nc\\\\d\n",
      text(csv.tsv(encode, USUAL), { name = "a\tb\nc\\d" }, { "name" }))
  end)

  it("returns why a value cannot be written", function()
    local format = csv.csv(function() return nil, "no JSON" end, USUAL)
    assert.are.same({ nil, "no JSON", n = 2 },
      table.pack(text(format, { name = { {} } }, { "name" })))
  end)
end)
