-- A row with an odd value does not make the other rows of its page fail.

local fixture = require "fixture"
local json = require "codeocean.json"
local process = require "process"

local FINE = "1bbc584c-8252-4a1a-9932-ec80bc8c7174"
local ODD = "47fc821b-85e9-4919-922c-256c4fbeb4ee"

-- A page of two rows; the second has these members beside its id.
local function page(members)
  return ('{"has_more":false,"results":[{"id":"%s","name":"fine","tags":[]},{"id":"%s",%s}]}')
    :format(FINE, ODD, members)
end

local function listed(finally, body, fields)
  local with = fixture.new(finally)
  local client = with:client(with:server { fixture.answer("200 OK", body) })
  return client.data_assets:all { fields = fields }
end

local DEEP = ("["):rep(100) .. "1" .. ("]"):rep(100)

describe("a page with an odd row", function()
  it("keeps a number beyond 64 bits, and writes it as it came", function()
    local rows = assert(listed(finally,
      page [["name":"odd","custom_metadata":{"hash":12345678901234567000}]]))
    assert.equal(2, #rows)
    assert.equal("12345678901234567000", tostring(rows[2].custom_metadata.hash))
    assert.equal('{"hash":12345678901234567000}', json.encode(rows[2].custom_metadata))
    assert.is_nil(rows[2].unreadable)
  end)

  local odd = {
    -- members, field, what is wrong
    { [=["name":"odd \ud83d","tags":[]]=], "name", "half a surrogate pair" },
    { [=["name":"odd","tags":["a","\udc00x"]]=], "tags", "half a surrogate pair" },
    { [["name":"odd","tags":[],"description":"\ud800\ud800"]], "description",
      "half a surrogate pair" },
    { '"name":"odd","custom_metadata":{"a":' .. DEEP .. "}", "custom_metadata",
      "nested more than 64 deep" },
    { '"name":"odd","custom_metadata":' .. DEEP, "custom_metadata", "nested more than 64 deep" },
    { '"name":"odd \xFF\xC3x"', "name", "not valid UTF-8" },
    { '"name":"odd","tags":["a","\xE2\x82"]', "tags", "not valid UTF-8" },
    { '"name":"odd","custom_metadata":{"k\xFF":1}', "custom_metadata", "not valid UTF-8" },
  }
  for _, row in ipairs(odd) do
    it(("delivers it and names its field: %s, %s"):format(row[2], row[3]), function()
      local rows = assert(listed(finally, page(row[1])))
      assert.equal(2, #rows)
      assert.equal("fine", rows[1].name)
      assert.is_nil(rows[1].unreadable)
      assert.equal(ODD, rows[2].id)
      assert.matches("^odd", rows[2].name)
      assert.same({ [row[2]] = row[3] }, rows[2].unreadable)
    end)
  end

  it("reads on after half a surrogate pair", function()
    local rows = assert(listed(finally, page [["name":"\ud83d\u0041\ud83d\ude00"]]))
    assert.equal("\u{FFFD}A\u{1F600}", rows[2].name)
  end)

  it("has U+FFFD for each byte that is not UTF-8, and can be written as JSON", function()
    local rows = assert(listed(finally, page '"name":"é\xFF\xC3\\n€"'))
    assert.equal("é\u{FFFD}\u{FFFD}\n€", rows[2].name)
    assert.truthy(json.encode(rows))
  end)

  it("does not blame a field for what another holds that was not asked for", function()
    local body = page('"custom_metadata":' .. DEEP .. ',"name":"odd"')
    local rows = assert(listed(finally, body:gsub("{", '{"message":"\xFF",', 1),
      { "name" }))
    assert.equal("odd", rows[2].name)
    assert.is_nil(rows[1].unreadable)
    assert.is_nil(rows[2].unreadable)
  end)

  it("is refused if it is not JSON", function()
    for _, members in ipairs { [["name":"\ud8"]], '"custom_metadata":' .. ("["):rep(100),
      '"name":}' } do
      local rows, err = listed(finally, page(members))
      assert.is_nil(rows)
      assert.equal("decode", err.kind)
    end
  end)

  it("of null is empty", function()
    assert.same({}, listed(finally, '{"has_more":false,"results":null}'))
  end)
end)

describe("an asset alone", function()
  it("that cannot be read whole is an error, as an update would lose the rest", function()
    for _, members in ipairs { [["name":"\ud83d"]], '"custom_metadata":' .. DEEP,
      '"name":"odd \xFF"' } do
      local with = fixture.new(finally)
      local client = with:client(with:server {
        fixture.answer("200 OK", ('{"id":"%s",%s}'):format(ODD, members)) })
      local asset, err = client.data_assets:get(ODD)
      assert.is_nil(asset)
      assert.equal("decode", err.kind)
      assert.equal(ODD, err.id)
    end
  end)
end)

-- Answers every request with the file it is given.
local SERVER = [[
import http.server, sys
body = open(sys.argv[1], "rb").read()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_POST = do_PUT = do_GET
    def log_message(self, *words): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
]]

describe("colua", function()
  local function run(body, words)
    local folder = process.folder()
    process.write(folder .. "/body", body)
    local server = io.popen(("echo $$; exec python3 -c %s %s/body"):format(process.quote(SERVER),
      folder))
    local pid, port = server:read "l", server:read "l"
    finally(function()
      os.execute("kill " .. pid)
      server:close()
      process.clean(folder)
    end)
    return process.run(process.colua, words, { cwd = folder, env = { HOME = folder,
      CODEOCEAN_DOMAIN = "http://127.0.0.1:" .. port, CODEOCEAN_TOKEN = "cop_x" } })
  end

  it("search lists all rows, names the odd one, and ends with 3", function()
    local result = run(page [["name":"odd \ud83d"]], { "search", "--fields", "id,name", "--tsv" })
    assert.equal(("id\tname\n%s\tfine\n%s\todd \u{FFFD}\n"):format(FINE, ODD), result.out)
    assert.matches(ODD .. ": its name could not be read whole: half a surrogate pair", result.err,
      1, true)
    assert.equal(3, result.status)
  end)

  it("pull copies what it can, names the rest, and ends with 3", function()
    local result = run(page [["name":"odd \ud83d"]], { "pull", "x.db", "--archived", "false" })
    assert.equal(ODD .. ": decode: its name could not be read whole: half a surrogate pair\n"
      .. "x.db: 2 assets\n", result.err)
    assert.equal(3, result.status)
  end)

  it("pull leaves out an asset without a name, and names it", function()
    local result = run(page [=["tags":[]]=], { "pull", "x.db", "--archived", "false" })
    assert.equal(ODD .. ": decode: it has no name, and is left out\nx.db: 1 asset\n", result.err)
    assert.equal(3, result.status)
  end)

  it("search --where compares a number beyond 64 bits", function()
    local result = run(page [["name":"odd","size":9223372036854775808]],
      { "search", "--where", "size > 1", "--fields", "id,size", "--tsv" })
    assert.equal("", result.err)
    assert.equal("id\tsize\n" .. ODD .. "\t9223372036854775808\n", result.out)
  end)

  it("a bulk run names a row that has no id of an asset, and writes nothing", function()
    local body = page([["name":"odd"]]):gsub("47fc821b[%x-]*", "../../users")
    local result = run(body, { "tag", "--all", "--add", "x", "--yes" })
    assert.matches('a row has "../../users" in place of an id', result.err, 1, true)
    assert.equal(3, result.status)
  end)

  for _, members in ipairs { [["provenance":5]], [["provenance":{"data_assets":"x"}]],
    [["contained_data_assets":true]], '"provenance":{"x":' .. DEEP .. "}" } do
    it("uses knows no more than " .. members:sub(1, 40), function()
      local result = run(page('"name":"odd",' .. members), { "uses", FINE })
      assert.matches(ODD .. ": decode: its ", result.err, 1, true)
      assert.is_nil(result.err:find("traceback", 1, true), result.err)
      assert.equal(3, result.status)
    end)
  end

  it("tag names invalid tags in one line, and writes nothing", function()
    local body = ('{"id":"%s","name":"odd","tags":["a",null,3]}'):format(FINE)
    local result = run(body, { "tag", FINE, "--add", "x", "--yes" })
    assert.is_nil(result.err:find("traceback", 1, true), result.err)
    assert.is_true(result.status ~= 0)
  end)
end)
