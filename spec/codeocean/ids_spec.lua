-- Lists of ids in every usual form are read, or refused with file and line.

local ids = require "codeocean.ids"

local A = "27b4d7ec-a2f8-4c8d-9be5-361d33e50bf0"
local B = "f3259982-5d3b-42b2-9069-302df8cbe1b8"
local C = "fea84ebf-b58b-4ad2-994d-7169dc3880fb"

local function lines(content)
  return content:gmatch("([^\n]*\n?)")
end

-- Knows just the JSON below.
local function decode(json)
  if json == "{broken" then return nil, "broken at 2\27" end
  if json == "{crash" then error("crash", 0) end
  if json == "[1]" then return { 1 } end
  if json == "7" then return 7 end
  local row = {}
  for key, value in json:gmatch('"(%w+)":"?([^",}]*)') do row[key] = tonumber(value) or value end
  return row
end

local function read(content, options)
  options = options or {}
  options.name = options.name or "ids.csv"
  options.decode = decode
  return ids.read(lines(content), options)
end

-- "id@line id@line"
local function found(list)
  local parts = {}
  for i, item in ipairs(list) do parts[i] = item.id .. "@" .. item.line end
  return table.concat(parts, " ")
end

local function messages(complaints)
  local parts = {}
  for i, complaint in ipairs(complaints) do parts[i] = complaint.message end
  return table.concat(parts, "|")
end

describe("codeocean.ids.valid", function()
  local rows = {
    { A, true }, { A:upper(), true }, { A:gsub("-", ""), true }, { A:gsub("-", ""):upper(), true },
    { "", false }, { ".", false }, { "..", false }, { "foo", false }, { A .. "/", false },
    { "/" .. A, false }, { A .. "?x=1", false }, { A .. "#", false }, { A .. "\0", false },
    { " " .. A, false }, { A .. "\n", false }, { "{" .. A .. "}", false }, { A:sub(1, 35), false },
    { A:gsub("a", "g"), false }, { A:gsub("-", "", 1), false }, { ("-"):rep(36), false },
    { A:gsub("-", "_"), false }, { A:gsub("-", "") .. "0", false },
    { "0" .. A:gsub("-", ""), false }, { A .. "0", false }, { "0" .. A, false },
    { 7, false }, { false, false },
  }
  for i, row in ipairs(rows) do
    it(("judges %q, row %d"):format(tostring(row[1]), i), function()
      assert.equal(row[#row], ids.valid(row[1]))
    end)
  end
end)

describe("codeocean.ids.canonical", function()
  it("is one spelling for all spellings of an id", function()
    assert.equal(A, ids.canonical(A:upper()))
    assert.equal(A, ids.canonical((A:gsub("-", ""))))
    assert.is_nil(ids.canonical("foo"))
  end)
end)

describe("codeocean.ids.read", function()
  local bad = '"%s" is not a data asset id (36 characters such as ' .. C .. ")"
  local rows = {
    { "plain lines", A .. "\n" .. B .. "\n", A .. "@1 " .. B .. "@2", "", 0 },
    { "no line end at the end", A, A .. "@1", "", 0 },
    { "what follows an id", A .. " my data\n" .. B .. "\tx\n  " .. C .. ",y",
      A .. "@1 " .. B .. "@2 " .. C .. "@3", "", 0 },
    { "BOM and CRLF", "\xEF\xBB\xBF" .. A .. "\r\n" .. B .. "\r\n", A .. "@1 " .. B .. "@2", "",
      0 },
    { "blank lines and comments", "\n# mine\n" .. A .. "\n \t\n  # more\n" .. B,
      A .. "@3 " .. B .. "@6", "", 0 },
    { "a remark behind an id", A .. " # mine\n", A .. "@1", "", 0 },
    { "a byte order mark within", A .. " \xEF\xBB\xBF\r\r\n", A .. "@1", "", 0 },
    { "braces behind an id", A .. ' {"x":1}\n', A .. "@1", "", 0 },
    { "duplicates in any spelling", A .. "\n" .. A:upper() .. "\n" .. A:gsub("-", "") .. "\n" .. B,
      A .. "@1 " .. B .. "@4", "", 2 },
    { "an id as it is written", A:upper(), A:upper() .. "@1", "", 0 },
    { "a bad id", A .. "\nfoo bar\n" .. B, A .. "@1 " .. B .. "@3",
      "ids.csv:2: " .. bad:format("foo"), 0 },
    { "bad ids only", "foo\n../x\n", "",
      "ids.csv:1: " .. bad:format("foo") .. "|ids.csv:2: " .. bad:format("../x"), 0 },
    { "a bad id with controls", "\27[2J", "", "ids.csv:1: " .. bad:format("\\27[2J"), 0 },
    { "nothing", "", "", "", 0 },
    { "comments only", "# x\n\n", "", "", 0 },

    { "CSV", "name,id\nx," .. A .. "\ny," .. B .. "\n", A .. "@2 " .. B .. "@3", "", 0 },
    { "CSV with one column", "id\n" .. A .. "\n", A .. "@2", "", 0 },
    { "CSV with another case of title", "\xEF\xBB\xBFName, ID \r\nx, " .. A .. " \r\n",
      A .. "@2", "", 0 },
    { "CSV with semicolons", "name;id\nx,y;" .. A, A .. "@2", "", 0 },
    { "TSV", "name\tid\nx, y\t" .. A, A .. "@2", "", 0 },
    { "quoted cells", 'name,"id"\n"a, ""b""","' .. A .. '"', A .. "@2", "", 0 },
    { "line ends in cells", 'name,id\r\n"a\r\nb",' .. A .. "\r\nc," .. B, A .. "@2 " .. B .. "@4",
      "", 0 },
    { "CSV behind a comment", "\n# mine\nname,id\nx," .. A, A .. "@4", "", 0 },
    { "a bad cell with blanks", "name,id\nx,  f oo \n", "",
      "ids.csv:2: " .. bad:format("f oo"), 0 },
    { "a comment in CSV", "id,name\n# " .. A .. "\n" .. B .. ",x", B .. "@3", "", 0 },
    { "a row that may be a comment", "name,id\n#1," .. A .. '\n"#1",' .. B, B .. "@3",
      'ids.csv:2: a comment or a row? write the first cell of a row in quotes ("#…"), and a '
        .. "comment "
        .. "without separators", 0 },
    { "rows of empty cells", "id,name\n,\n" .. A .. ",x\n,\n", A .. "@3", "", 0 },
    { "a bad cell", "id,name\nfoo,x\n" .. A .. ",y", A .. "@3",
      "ids.csv:2: " .. bad:format("foo"), 0 },
    { "a missing cell", "name,id\nx\n" .. "y," .. A, A .. "@3",
      'ids.csv:2: the column "id" is empty', 0 },
    { "a quote that never ends", 'name,id\n"x,' .. A .. "\ny," .. B .. "\n", B .. "@3",
      "ids.csv:2: a quote is not closed as it should be", 0 },
    { "quotes that join rows", 'name,id\n"x,' .. A .. "\ny," .. B .. '\nz",' .. C .. ",w",
      B .. "@3",
        "ids.csv:2: a quote is not closed as it should be|ids.csv:4: 3 cells, but 2 titles; "
        .. "a cell with the separator in it is written in quotes", 0 },

    { "JSONL", '{"id":"' .. A .. '"}\n\n{"name":"x","id":"' .. B .. '"}', A .. "@1 " .. B .. "@3",
      "", 0 },
    { "JSONL with bad lines",
      '{"id":"' .. A .. '"}\n{broken\n{crash\n{"a":1}\n[1]\n7\n{"id":12}', A .. "@1",
      table.concat({
        "ids.csv:2: not JSON: broken at 2\\27", "ids.csv:3: not JSON: crash",
        'ids.csv:4: no field "id"', 'ids.csv:5: no field "id"', 'ids.csv:6: no field "id"',
        "ids.csv:7: " .. bad:format("12"),
      }, "|"), 0 },
  }
  for _, row in ipairs(rows) do
    it("reads " .. row[1], function()
      local list, complaints, duplicates = read(row[2])
      assert.equal(row[3], found(list))
      assert.equal(row[4], messages(complaints))
      assert.equal(row[5], duplicates)
    end)
  end
end)

describe("codeocean.ids.read, in detail", function()
  it("returns the place of an id and the rest of its row", function()
    local list = read('name,ID,tags\n"a, b",' .. A .. ",x;y\n")
    assert.same({
      { id = A, line = 2, file = "ids.csv", row = { name = "a, b", ID = A, tags = "x;y" } },
    }, list)
    list = read('{"id":"' .. A .. '","n":7}')
    assert.same({ id = A, n = 7 }, list[1].row)
    assert.is_nil(read(A)[1].row)
  end)

  it("reads the column that is named", function()
    assert.equal(B .. "@2", found(read("id,asset\n" .. A .. "," .. B, { column = "asset" })))
    assert.equal(B .. "@1", found(read('{"id":"' .. A .. '","asset":"' .. B .. '"}',
      { column = "asset" })))
  end)

  it("returns complaints with file, line and text", function()
    local _, complaints = read("foo\n")
    assert.equal("ids.csv", complaints[1].file)
    assert.equal(1, complaints[1].line)
    assert.equal("foo", complaints[1].text)
  end)

  it("clips what it quotes", function()
    local _, complaints = read(("x"):rep(1e5))
    assert.equal(("x"):rep(59) .. "…", complaints[1].text)
    assert.is_true(#complaints[1].message < 200)
  end)

  it("escapes the name of the file", function()
    local _, complaints = read("foo", { name = "a\27b" })
    assert.matches("^a\\27b:1: ", complaints[1].message)
  end)

  it("reads a long list with a stray quote in each row", function()
    local content = { "name,id" }
    for i = 1, 2000 do content[i + 1] = ('"x,%08x-0000-0000-0000-000000000000'):format(i) end
    local list, complaints = read(table.concat(content, "\n"))
    assert.equal(0, #list)
    assert.equal(2000, #complaints)
  end)

  it("reads a list whose first line looks a little like titles", function()
    for _, line in ipairs { "1,2", "a,b:c", "x" } do
      assert.equal(A .. "@2", found((assert(read(line .. "\n" .. A)))))
    end
  end)

  local refusals = {
    { "a column that is not there", "name,uuid\nx," .. A, { column = "asset" },
      'ids.csv:1: no column "asset" among name, uuid; ids are in uuid: name the column with '
        .. "--column" },
    { "a plain list if a column was named", A, { column = "asset" },
      'ids.csv: no column "asset": its first line is ' .. A },
    { "CSV without a column of ids", "name,uuid\nx," .. A, {},
      'ids.csv:1: no column "id" among name, uuid; ids are in uuid: name the column with '
        .. "--column" },
    { "titles without rows", "name,uuid\n", {},
      'ids.csv:1: no column "id" among name, uuid; name it with --column' },
    { "odd titles over ids", "\n1 (old);Größe: µm\nx;" .. A, {},
      'ids.csv:2: no column "id" among 1 (old), Größe: µm; ids are in Größe: µm: name the column '
        .. "with --column" },
    { "two columns of ids", "id,name,ID\n" .. A .. ",a," .. B, {},
      'ids.csv:1: two columns "ID" (1 and 3); take one out or rename it' },
    { "an Excel workbook", "PK\3\4\20\0\6\0", {},
      'ids.csv: an Excel workbook (.xlsx); save it as "CSV UTF-8"' },
    { "other data", "\127ELF\2\1\0\0\n" .. A, {},
      "ids.csv: binary data; text is expected (CSV, JSONL or plain lines)" },
    { "a JSON array that is cut", '[\n{"id":"' .. A .. '"},\n{"id":', {},
      "ids.csv: the JSON array is never closed" },
  }
  for _, row in ipairs(refusals) do
    it("refuses " .. row[1], function()
      local list, problem = read(row[2], row[3])
      assert.is_nil(list)
      assert.equal(row[4], problem)
    end)
  end

  it("reports a source that fails midway", function()
    local source = { read = function(self)
      self.count = (self.count or 0) + 1
      if self.count == 1 then return A end
      return nil, "Input/output error", 5
    end }
    local list, problem = ids.read(source, { name = "x" })
    assert.is_nil(list)
    assert.equal("x: cannot be read: Input/output error", problem)
  end)

  it("refuses wrong arguments", function()
    assert.error_matches(function() ids.read("file.txt") end, "argument 'source' to 'ids.read'")
    assert.error_matches(function() ids.read({}) end, "argument 'source' to 'ids.read'")
    assert.error_matches(function() ids.read(lines "", { column = 1 }) end, "argument 'column'")
    assert.error_matches(function() ids.read(lines "", { colum = "x" }) end,
      "did you mean 'column'")
    assert.error_matches(function() ids.load(nil) end, "argument 'path' to 'ids.load'")
  end)
end)

-- Files as people have them; nothing in them may be dropped or taken for something else.
describe("codeocean.ids.read, of files that people have,", function()
  local PARENT = "34540203-ddb6-42c1-800a-0c11ce999160"
  local many = "\"%s\" is not a data asset id, and %d others are in the line; write ids alone, "
    .. "or a "
    .. "line of titles on top"
  local bad = '"%s" is not a data asset id (36 characters such as ' .. C .. ")"

  local function utf16(s, order)
    local units = { order == "<" and "\xFF\xFE" or "\xFE\xFF" }
    for _, code in utf8.codes(s) do
      if code >= 0x10000 then
        units[#units + 1] = string.pack(order .. "I2I2", 0xD800 + (code - 0x10000 >> 10),
          0xDC00 + (code - 0x10000 & 0x3FF))
      else
        units[#units + 1] = string.pack(order .. "I2", code)
      end
    end
    return table.concat(units)
  end

  local rows = {
    { "Excel's sep= line", "sep=;\r\nparent;id;note\r\n" .. PARENT .. ";" .. A .. ";first\r\n"
      .. PARENT .. ";" .. B .. ";second\r\n", A .. "@3 " .. B .. "@4", "", 0 },
    { "a sep= line in quotes", '"sep=\t"\nparent\tid\n' .. PARENT .. "\t" .. A, A .. "@3", "", 0 },
    { "a title line and an empty row", "Assets to retag, rig 3;;\n;;\nparent;id;note\n" .. PARENT
      .. ";" .. A .. ";first\n", A .. "@4", "", 0 },
    { "a title that names the parent", "Children of " .. PARENT .. ";;\nparent;id;note\n" .. PARENT
      .. ";" .. A .. ";x\n", A .. "@3", "", 0 },
    { "rows of one asset", "asset_id,tags\n" .. A .. ",alpha\n" .. A .. ",beta\n" .. B
      .. ",gamma\n",
      A .. "@2 " .. B .. "@4", "", 1 },
    { "pandas' index column", ",id,tags\n0," .. A .. ",\"['a', 'b']\"\n1," .. B .. ",nan\n",
      A .. "@2 " .. B .. "@3", "", 0 },
    { "UTF-16 with tabs", utf16("id\ttags\r\n" .. A .. "\ta;b\r\n", "<"), A .. "@2", "", 0 },
    { "UTF-16 of the other order", utf16("Größe 😀\tid\r\n1\t" .. A .. "\r\n", ">"), A .. "@2", "",
      0 },
    { "UTF-16 without a mark", utf16("id\r\n" .. A, "<"):sub(3), A .. "@2", "", 0 },
    { "several ids in a line", A .. ", " .. B .. " " .. C .. "\n" .. PARENT .. "\n",
      A .. "@1 " .. B .. "@1 " .. C .. "@1 " .. PARENT .. "@2", "", 0 },
    { "CR line ends", A .. "\r" .. B .. "\r", A .. "@1 " .. B .. "@2", "", 0 },
    { "CSV with CR line ends", "name,id\r\"a\rb\"," .. A .. "\rc," .. B, A .. "@2 " .. B .. "@4",
      "",
      0 },
    { "a JSON array of ids", '["' .. A .. '", "' .. B .. '"]', A .. "@1 " .. B .. "@1", "", 0 },
    { "a JSON array of objects", '[\n  {"id": "' .. A .. '", "n": "],[}"},\n  {\n    "id": "' .. B
      .. '"\n  },\n  {"id": "x"}\n]\n', A .. "@2 " .. B .. "@3", "ids.csv:6: " .. bad:format("x"),
        0 },
    { "a list as Python prints it", "['" .. A .. "', '" .. B .. "']", A .. "@1 " .. B .. "@1", "",
      0 },
    { "objects as jq prints them", '{\n  "id": "' .. A .. '"\n}\n{\n  "id": "' .. B .. '"\n}\n',
      A .. "@1 " .. B .. "@4", "", 0 },
    { "a page of a search", '{"has_more":false,"results":[{"id":"' .. A .. '"},{"id":"' .. B
      .. '"}]}',
      A .. "@1 " .. B .. "@1", "", 0 },
    { "a page without results", '{"has_more":false,"results":[]}', "", "", 0 },
    { "a page of null", '{"has_more":false,"results":null}', "", "", 0 },
    { "pages and rows", '{"results":[{"id":"' .. A .. '"}],"has_more":true}\n{"id":"' .. B
      .. '"}\n{"results":[],"has_more":false}', A .. "@1 " .. B .. "@2", "", 0 },
    { "addresses of assets", "https://acmecorp.codeocean.com/data-assets/" .. A .. "/mouse-12 see\n"
      .. "https://acmecorp.codeocean.com/capsule/" .. B .. "/tree\n", A .. "@1",
      "ids.csv:2: " .. bad:format("https://acmecorp.codeocean.com/capsule/f3259982-5d3b-42b2-9…"),
        0 },
    { "ids in quotes", '"' .. A .. '",\n\'' .. B .. "'\n=\"" .. C .. '"\n', A .. "@1 " .. B .. "@2 "
      .. C .. "@3", "", 0 },
    { "ids with a blank of no break between them", A .. "\u{A0}" .. B .. "\n",
      A .. "@1 " .. B .. "@1", "", 0 },
    { "blanks that nobody sees", "name,id\nx,\xC2\xA0" .. A .. "\xE2\x80\x8B\n", A .. "@2", "", 0 },
    { "a table without titles", PARENT .. ";" .. A .. ";first\n" .. PARENT .. ";" .. B
      .. ";second\n",
      "", "ids.csv:1: " .. many:format("first", 2) .. "|ids.csv:2: " .. many:format("second", 2),
        0 },
    { "a separator in a cell without quotes", "note,parent,id\nodd, very," .. PARENT .. "," .. A
      .. "\n",
      "", "ids.csv:2: 4 cells, but 3 titles; a cell with the separator in it is written in quotes",
        0 },
    { "rows with more and with less cells", "id,note\n" .. A .. ",x,\n" .. B .. "\n", B .. "@3",
      "ids.csv:2: 3 cells, but 2 titles; a cell with the separator in it is written in quotes", 0 },
    { "a title in two lines", '"Asset\nID";note\n' .. A .. ";x\n", A .. "@3", "", 0 },
    { "an id and a remark with another", A .. " was " .. B, "", "ids.csv:1: " .. many:format("was",
      2),
      0 },
  }
  for _, row in ipairs(rows) do
    it("reads " .. row[1], function()
      local options = { name = "ids.csv" }
      local list, complaints, duplicates = ids.read(lines(row[2]), options)
      assert.equal(row[3], found(assert(list, complaints)))
      assert.equal(row[4], messages(complaints))
      assert.equal(row[5], duplicates)
    end)
  end

  it("keeps every row of an asset", function()
    local list = ids.read(lines("asset_id,tags\n" .. A .. ",alpha\n" .. B .. ",x\n" .. A
      .. ",beta\n"))
    assert.same({ { asset_id = A, tags = "alpha" }, { asset_id = A, tags = "beta" } }, list[1].rows)
    assert.same({ asset_id = A, tags = "alpha" }, list[1].row)
    assert.is_nil(list[2].rows)
  end)

  it("prefers a column of exactly that name", function()
    assert.equal(B .. "@2", found(ids.read(lines("asset_id,id\n" .. A .. "," .. B))))
    assert.equal(A .. "@2", found(ids.read(lines("asset_id,id\n" .. A .. "," .. B),
      { column = "Asset ID" })))
  end)
end)

describe("codeocean.ids.load", function()
  local path

  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  local function write(content)
    local file <close> = assert(io.open(path, "wb"))
    file:write(content)
  end

  it("reads a file", function()
    write("\xEF\xBB\xBF" .. A .. "\r\nfoo\r\n")
    local list, complaints = ids.load(path)
    assert.equal(A .. "@1", found(list))
    assert.equal(path, list[1].file)
    assert.matches(path .. ":2: ", complaints[1].message, 1, true)
  end)

  it("reads standard input for -", function()
    write(A .. "\nfoo")
    local stdin <close> = assert(io.open(path))
    local list, complaints = ids.load("-", { stdin = stdin })
    assert.equal(A .. "@1", found(list))
    assert.matches("^stdin:2: ", complaints[1].message)
  end)

  it("names a file that is not there", function()
    local list, problem = ids.load("/nonexistent/ids.txt")
    assert.is_nil(list)
    assert.equal("cannot be read: /nonexistent/ids.txt: No such file or directory", problem)
  end)

  it("names a directory", function()
    local list, problem = ids.load("/")
    assert.is_nil(list)
    assert.matches("^/: cannot be read: ", problem)
  end)
end)
