-- The formats CSV and TSV. That the output can be read again is tested in spec/codeocean/input.

local cells = require "codeocean.input.cell"
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

  it("writes lists as JSON whose items a reader would not read back between semicolons", function()
    local format = csv.csv(encode, USUAL)
    for _, item in ipairs { "", " a", "a ", "a;b", '["a"]', "\u{A0}a", "a\u{FEFF}", "\ta",
      "a\n" } do
      local s = format.row({ count = 1, fields = { "tags" } }, { tags = { item } })
      assert.are.equal('"[""', s:sub(1, 4), s)
      assert.are.same({ item }, cells.list((s:sub(2, -4):gsub('""', '"'))))
    end
    for _, item in ipairs { "[a]", "é", "大脑", "a\u{A0}b", "a b" } do
      local s = format.row({ count = 1, fields = { "tags" } }, { tags = { "x", item } })
      assert.are.equal("x;" .. item .. "\r\n", s)
      assert.are.same({ "x", item }, cells.list(s:sub(1, -3)))
    end
  end)

  it("writes times in ISO 8601 where it is told so, and as seconds elsewhere", function()
    local fields = { "created", "last_used", "last_transferred", "size" }
    local row = { created = 1641473110, last_used = 0, last_transferred = -1.0, size = 1641473110 }
    for _, name in ipairs { "csv", "tsv" } do
      local format = csv[name](encode, USUAL)
      local function line(iso)
        return (format.row({ count = 1, fields = fields, iso = iso }, row):gsub(",", "\t")
          :gsub("\r", ""))
      end
      assert.are.equal("2022-01-06T12:45:10Z\t\t1969-12-31T23:59:59Z\t1641473110\n", line(true))
      assert.are.equal("1641473110\t0\t-1\t1641473110\n", line(false))
    end
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
