-- The five formats, on terminals, files, full disks and closed pipes.

local output = require "codeocean.output"

local ID = "27b4d7ec-a2f8-4c8d-9be5-361d33e50bf0"

-- A small stand-in for the JSON of the module: sorted keys, exact integers.
local function encode(value)
  if type(value) == "string" then
    return '"' .. value:gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"'
  elseif type(value) ~= "table" then
    return tostring(value)
  end
  local keys, parts = {}, {}
  for key in pairs(value) do keys[#keys + 1] = key end
  table.sort(keys)
  for i, key in ipairs(keys) do
    local item = encode(value[key])
    parts[i] = #value > 0 and item or ('"%s":%s'):format(key, item)
  end
  local open, close = "{", "}"
  if #value > 0 then open, close = "[", "]" end
  return open .. table.concat(parts, ",") .. close
end

-- A file that remembers; it refuses to write once `room` bytes are reached.
local function file(room)
  local out = { text = "", flushed = 0 }
  function out:write(s)
    if room and #self.text + #s > room then return nil, "No space left on device", 28 end
    self.text = self.text .. s
    return self
  end
  function out:flush()
    self.flushed = self.flushed + 1
    return self
  end
  return out
end

local function written(options, ...)
  options.out, options.encode = file(), options.encode or encode
  local writer = output.writer(options)
  for _, row in ipairs { ... } do assert(writer:row(row)) end
  assert(writer:finish())
  return options.out.text
end

local asset = {
  id = ID, name = "commoncrawl", size = 7184869799906702, created = 1633277005.0, last_used = 0,
  files = math.maxinteger, state = "ready", type = "dataset", tags = { "x1", "y1" },
}

describe("codeocean.output as JSON", function()
  it("writes one array", function()
    assert.equal('[\n{"a":1},\n{"a":2}\n]\n', written({ format = "json" }, { a = 1 }, { a = 2 }))
  end)

  it("writes an empty array", function()
    assert.equal("[]\n", written { format = "json" })
  end)

  it("writes a line for each row", function()
    assert.equal('{"a":1}\n{"a":2}\n', written({ format = "jsonl" }, { a = 1 }, { a = 2 }))
    assert.equal("", written { format = "jsonl" })
  end)

  it("writes the named fields", function()
    local row = { a = 1, b = 2, m = { x = { 3 } } }
    assert.equal('{"a":1,"m.x":[3]}\n',
      written({ format = "jsonl", fields = { "a", "c", "m.x" } }, row))
  end)

  it("keeps integers exact", function()
    assert.matches('"size":7184869799906702,', written({ format = "jsonl" }, asset), 1, true)
  end)

  it("lets no control character reach a terminal", function()
    assert.equal('{"a":"\\u001b\\u009b\\u202e"}\n',
      written({ format = "jsonl" }, { a = "\27\u{9B}\u{202E}" }))
  end)

  it("passes over a row that cannot be written", function()
    local out = file()
    local writer = output.writer { format = "json", out = out, encode = function(row)
      if row.a == 1 then return nil, "bad UTF-8" elseif row.a == 2 then error("bad\n") end
      return "{}"
    end }
    local ok, err = writer:row { a = 1, id = ID }
    assert.is_nil(ok)
    assert.equal(ID .. ": encode: bad UTF-8", tostring(err))
    err = select(2, writer:row { a = 2 })
    assert.equal("bad\\n", err.message)
    assert(writer:row { a = 3 })
    assert(writer:finish())
    assert.equal("[\n{}\n]\n", out.text)
  end)
end)

describe("codeocean.output as CSV", function()
  it("has the usual columns", function()
    assert.equal("id,name,description,type,state,size,files,created,last_used,mount,tags\r\n"
      .. ID .. ",commoncrawl,,dataset,ready,7184869799906702,9223372036854775807,1633277005,0,,"
      .. "x1;y1\r\n", written({ format = "csv" }, asset))
  end)

  it("has a header even without rows", function()
    assert.equal("id,name\r\n", written { format = "csv", fields = { "id", "name" } })
  end)

  local rows = {
    { "plain text", "abc", "abc" },
    { "a comma", "a,b", '"a,b"' },
    { "a quote", 'a"b', '"a""b"' },
    { "a line end", "a\r\nb", '"a\r\nb"' },
    { "nothing", nil, "" },
    { "booleans", false, "false" },
    { "a negative number", -5, "-5" },
    { "a float", 0.1, "0.1" },
    { "a formula", "=1+1", "'=1+1" },
    { "a quoted formula", '=HYPERLINK("x")', [["'=HYPERLINK(""x"")"]] },
    { "a plus", "+1", "'+1" },
    { "a minus in text", "-1", "'-1" },
    { "an at sign", "@x", "'@x" },
    { "a leading tab", "\t=x", "'\t=x" },
    { "a leading carriage return", "\r=x", "\"'\r=x\"" },
    { "what looks as if it had its quote", "'=x", "''=x" },
    { "what has two", "''@", "'''@" },
    { "a quote before what is harmless", "'x", "'x" },
    { "an equals sign within", "a=b", "a=b" },
    { "a list", { "a", "b" }, "a;b" },
    { "a list like a formula", { "=a", "b" }, "'=a;b" },
    { "a list of numbers", { 1, 2.0 }, "1;2" },
    { "a list with a semicolon in it", { "a;b", "c" }, '"[""a;b"",""c""]"' },
    { "an empty list", {}, "" },
    { "a table", { b = 1, a = { "x" } }, '"{""a"":[""x""],""b"":1}"' },
  }
  for _, row in ipairs(rows) do
    it("writes " .. row[1], function()
      assert.equal("v\r\n" .. row[3] .. "\r\n",
        written({ format = "csv", fields = { "v" } }, { v = row[2] }))
    end)
  end

  it("reaches into tables", function()
    assert.equal("m.x\r\n3\r\n", written({ format = "csv", fields = { "m.x" } }, { m = { x = 3 } }))
  end)

  it("shows controls on a terminal only", function()
    local row = { v = "\27[2J" }
    assert.equal("v\r\n\27[2J\r\n", written({ format = "csv", fields = { "v" } }, row))
    assert.equal("v\r\n\\27[2J\r\n", written({ format = "csv", fields = { "v" }, width = 80 }, row))
  end)

  it("names the row that cannot be written", function()
    local writer = output.writer { format = "csv", fields = { "v" }, out = file(), encode = error }
    local ok, err = writer:row { v = { a = 1 } }
    assert.is_nil(ok)
    assert.equal("encode", err.kind)
  end)
end)

describe("codeocean.output as TSV", function()
  it("escapes what separates", function()
    assert.equal("a\tb\nx\\ty\\n\\r\\\\\t=1\n",
      written({ format = "tsv", fields = { "a", "b" } }, { a = "x\ty\n\r\\", b = "=1" }))
  end)
end)

describe("codeocean.output as a table", function()
  it("is laid out like the display's", function()
    assert.equal("NAME  FILES\na        10\nbc        7\n",
      written({ format = "table", fields = { "name", "files" } },
        { name = "a", files = 10 }, { name = "bc", files = 7 }))
  end)

  it("shows titles only without rows", function()
    assert.equal("NAME\n", written { fields = { "name" } })
  end)

  it("keeps no more than the first 1000 rows back", function()
    local out = file()
    local writer = output.writer { fields = { "name" }, out = out }
    for _ = 1, 999 do writer:row { name = "x" } end
    assert.equal("", out.text)
    writer:row { name = "x" }
    assert.equal(#"NAME\n" + 1000 * #"x\n", #out.text)
    writer:row { name = "a longer one" }
    writer:finish()
    assert.matches("a longer one\n$", out.text)
  end)

  it("fits the terminal", function()
    local shown = written({ fields = { "name", "files" }, width = 30 },
      { name = ("x"):rep(99), files = 1 })
    assert.equal("NAME" .. (" "):rep(21) .. "FILES\n" .. ("x"):rep(22) .. "…      1\n", shown)
  end)
end)

describe("codeocean.output", function()
  it("reports a full disk, also in later calls", function()
    local writer = output.writer { format = "jsonl", out = file(10), encode = encode }
    assert(writer:row { a = 1 })
    for _ = 1, 2 do
      local ok, err = writer:row { a = 2 }
      assert.is_nil(ok)
      assert.equal("output", err.kind)
      assert.equal(28, err.errno)
      assert.is_false(err.pipe)
      assert.equal("output: No space left on device", tostring(err))
    end
    assert.is_nil((writer:finish()))
  end)

  it("reports a full disk of a real file", function()
    local full <close> = assert(io.open("/dev/full", "w"))
    local writer = output.writer { format = "jsonl", out = full, encode = encode }
    assert(writer:row { a = 1 })
    local ok, err = writer:finish()
    assert.is_nil(ok)
    assert.equal(28, err.errno)
  end)

  it("distinguishes a reader that has gone from other failures", function()
    local out = { write = function() return nil, "Broken pipe", 32 end }
    local writer = output.writer { format = "csv", out = out }
    assert.is_true(select(2, writer:row {}).pipe)
  end)

  it("flushes at the end, once", function()
    local out = file()
    local writer = output.writer { format = "json", out = out, encode = encode }
    assert(writer:finish())
    assert(writer:finish())
    assert.equal("[]\n", out.text)
    assert.equal(1, out.flushed)
    assert.error_matches(function() writer:row {} end, "finished")
  end)

  local mistakes = {
    { "csv", "options" }, { { format = "xml" }, "format.*xml" }, { { fields = {} }, "fields" },
    { { fields = "id" }, "fields" }, { { fields = { "id", 7 } }, "fields%[2%]" },
    { { formt = "csv" }, "'formt'.*did you mean 'format'" }, { { width = -1 }, "width" },
    { { out = "x.csv" }, "'out'.*open file expected, got \"x.csv\"" },
  }
  for i = 1, #mistakes do
    it("refuses wrong options, row " .. i, function()
      assert.error_matches(function() output.writer(mistakes[i][1]) end, mistakes[i][2])
    end)
  end

  it("refuses a value that is not a row", function()
    local writer = output.writer { out = file() }
    assert.error_matches(function() writer:row("x") end, "'row' to 'row' %(table expected")
  end)
end)
