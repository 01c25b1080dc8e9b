-- The traps of the API, each met as a user would meet it.

local codeocean = require "codeocean"
local core = require "codeocean.core"
local fixture = require "fixture"
local process = require "process"
local sandboxes = require "codeocean.sandbox"

local ID = fixture.ID
local FIRST = "27b4d7ec-a2f8-4c8d-9be5-361d33e50bf0" -- of an estate: the vendor's own example

local function open(finally, sandbox, options)
  local with = fixture.new(finally)
  local peer = with:sandbox(sandbox or { seed = 12 })
  return with:client(peer, options), peer, with
end

local function answered(finally, body, options)
  local with = fixture.new(finally)
  return with:client(with:server { fixture.answer("200 OK", body) }, options)
end

describe("trap 1, two spellings:", function()
  it("get and search give the same asset in the same form", function()
    for _, dialect in ipairs { "2022", "current" } do
      local client = open(finally, { seed = 12, dialect = dialect }, { dialect = dialect })
      local n = 0
      for row in client.data_assets:each { page_size = 4 } do
        local asset = assert(client.data_assets:get(row.id))
        for _, field in ipairs { "name", "state", "type", "size", "last_used", "created" } do
          assert.equal(row[field], asset[field], field)
        end
        for field in pairs(asset) do assert.matches("^[%l_]+$", field) end
        assert.matches("^%l+$", asset.state)
        assert.same(row.tags, asset.tags)
        n = n + 1
      end
      assert.is_true(n > 8)
    end
  end)
end)

describe("trap 2, int64:", function()
  it("sizes are exact to 2^63-1, both ways", function()
    local copy = os.tmpname()
    os.remove(copy)
    finally(function() os.execute("rm -f " .. copy .. "*") end)
    local rows = { '{"id":"' .. ID .. '","name":"one","size":7184869799906702}',
      '{"id":"' .. FIRST .. '","name":"two","size":9007199254740993}' }
    assert(sandboxes.import(copy, function() return table.remove(rows, 1), false end))
    local client, peer = open(finally, { db = copy })
    local asset = assert(client.data_assets:get(ID))
    assert.equal(7184869799906702, asset.size)
    assert.equal("integer", math.type(asset.size))
    local most = 0
    for row in client.data_assets:each() do most = math.max(most, row.size) end
    assert.equal(9007199254740993, most)   -- no double is that number
    local numbers = { big = 9007199254740993, most = math.maxinteger, least = math.mininteger }
    client:request("create", nil, { name = "n", mount = "m", tags = {},
      source = { aws = { bucket = "b" } }, custom_metadata = numbers })
    assert.is_truthy(fixture.seen(peer, "create")[1].body:find(
      '{"big":9007199254740993,"least":-9223372036854775808,"most":9223372036854775807}', 1, true))
  end)

  it("a larger number is kept as its digits", function()
    local client = answered(finally, '{"id":"' .. ID .. '","size":9223372036854775808,'
      .. '"custom_metadata":{"hash":12345678901234567000}}')
    local asset = assert(client.data_assets:get(ID))
    assert.equal("9223372036854775808", asset.size)
    assert.equal("12345678901234567000", tostring(asset.custom_metadata.hash))
  end)

  it("an epoch is an integer", function()
    local client = open(finally)
    assert.equal("1641473110", tostring(client.data_assets:get(FIRST).created))
  end)
end)

describe("trap 3, [] and {}:", function()
  it("removing the last tag sends [] and leaves none", function()
    local client, peer = open(finally)
    local asset = assert(client.data_assets:get(FIRST))
    for i = #asset.tags, 1, -1 do asset.tags[i] = nil end
    assert(client.data_assets:update(FIRST, { tags = asset.tags }))
    assert.is_truthy(fixture.seen(peer, "update")[1].body:find('"tags":[]', 1, true))
    assert.same({}, client.data_assets:get(FIRST).tags)
  end)

  it("a list with a hole is refused", function()
    local client, peer = open(finally)
    local ok, problem = pcall(client.data_assets.update, client.data_assets, FIRST,
      { tags = { "a", nil, "b" } })
    assert.is_false(ok)
    assert.matches("'tags%[2%]' to 'update' %(list without a hole", problem)
    assert.same({}, fixture.writes(peer))
  end)

  it("null is read as absent", function()
    local client = answered(finally, '{"id":"' .. ID
      .. '","name":null,"description":null,"tags":null}')
    assert.same({ id = ID, tags = {} }, client.data_assets:get(ID))
  end)
end)

describe("trap 4, ids:", function()
  local bad = { "", "..", "/", "?", "#", ".", "%2e%2e", " ", "\0", "\n", ID .. "\n",
    ID .. "/archive", ID .. "\0", ID .. "?x=1", ID .. "#x", " " .. ID, ID:sub(1, 35), ID .. "0",
    ID:gsub("1", "g"), ("-"):rep(36), ("a"):rep(33), "../" .. ("a"):rep(33), 7, true, {} }
  local calls = {
    get = function(assets, id) return assets:get(id) end,
    delete = function(assets, id) return assets:delete(id) end,
    archive = function(assets, id) return assets:archive(id) end,
    unarchive = function(assets, id) return assets:unarchive(id) end,
    update = function(assets, id) return assets:update(id, { tags = {} }) end,
    wait_until_ready = function(assets, id) return assets:wait_until_ready(id) end,
  }
  for name, call in pairs(calls) do
    it("nothing else is accepted by " .. name, function()
      local client, peer = open(finally, {})
      assert.is_true(#bad > 20)
      for i = 1, #bad + 1 do
        local id = bad[i]
        if not (type(id) == "table" and name == "wait_until_ready") then
          local ok, problem = pcall(function() return (call(client.data_assets, id)) end)
          assert.is_false(ok, tostring(id))
          assert.is_truthy(problem:find(("bad argument 'id' to '%s'"):format(name), 1, true),
            problem)
          assert.matches("^%S*traps_spec%.lua:%d+:", problem)
          assert.is_false(codeocean.is_id(id))
        end
      end
      assert.equal(0, #peer:requests())
    end)
  end

  it("capital letters and 32 digits are ids too, sent as servers spell them", function()
    local client, peer = open(finally, { seed = 1 })
    local id = client.data_assets:all()[1].id
    for _, spelled in ipairs { id, id:upper(), (id:gsub("-", "")) } do
      assert.is_true(codeocean.is_id(spelled))
      assert.equal(id, assert(client.data_assets:get(spelled)).id)
      local requests = peer:requests()
      assert.equal("/api/v1/data_assets/" .. id, requests[#requests].path)
    end
  end)
end)

describe("trap 5, unknown search parameters:", function()
  it("are refused here, with the valid ones named", function()
    local client, peer = open(finally)
    local ok, problem = pcall(client.data_assets.all, client.data_assets, { owner = "me" })
    assert.is_false(ok)
    for _, name in ipairs { "owner", "ownership", "query", "archived", "sort_field", "limit" } do
      assert.is_truthy(problem:find(name, 1, true), name)
    end
    assert.equal(0, #peer:requests())
  end)
end)

describe("trap 6, paging:", function()
  it("a server that caps its pages loses no row", function()
    local client, peer = open(finally, { seed = 300, page_cap = 7 })
    local list = assert(client.data_assets:all { page_size = 100 })
    local page = assert(client.data_assets:search { limit = 1 })
    assert.equal(page.total, #list)
    for _, request in ipairs(peer:requests()) do assert.matches("limit=%d+", request.query) end
  end)

  it("a lie about more rows is an error", function()
    local client, peer = open(finally)
    peer:fault { kind = "empty_more", operation = "search" }
    assert.equal("paging", select(2, client.data_assets:all()).kind)
  end)

  it("a token that comes again is an error", function()
    local client, peer = open(finally, { seed = 50, dialect = "current" }, { dialect = "current" })
    peer:fault { kind = "stuck_token", operation = "search", count = -1 }
    local list, err = client.data_assets:all { page_size = 10 }
    assert.is_nil(list)
    assert.equal("paging", err.kind)
  end)
end)

describe("trap 7, writing while paging:", function()
  it("a bulk run has all ids before it writes", function()
    local client = open(finally, { seed = 60, page_cap = 10 })
    local before = #client.data_assets:all { query = "tag:ecephys" }
    local all = #client.data_assets:all()
    local report = assert(require("codeocean.bulk").run(client, { journal = false,
      select = { page_size = 10, sort_field = "name" }, all = true,
      change = function(asset) return { name = "z" .. asset.name } end }))
    assert.equal(all, report.counts.ok)
    assert.is_true(before <= all)
  end)
end)

describe("trap 8, `archived` is not a field:", function()
  it("only a search tells, and no other request is sent", function()
    local client, peer = open(finally)
    assert.is_true(client.data_assets:archive(FIRST))
    assert.is_nil(client.data_assets:get(FIRST).archived)
    client.data_assets:all()
    local requests = fixture.seen(peer, "search")
    assert.equal(1, #requests)
    assert.is_nil(requests[1].query:find("archived"))
    local found = false
    for row in client.data_assets:each { archived = true } do found = found or row.id == FIRST end
    assert.is_true(found)
  end)
end)

describe("trap 9, no ETag:", function()
  it("an update reads just before it writes", function()
    local client, peer, with = open(finally)
    local other = with:client(peer)
    client.data_assets:get(FIRST)
    assert(other.data_assets:update(FIRST, { description = "by somebody else" }))
    assert(client.data_assets:update(FIRST, { tags = { "mine" } }))
    local asset = client.data_assets:get(FIRST)
    assert.equal("by somebody else", asset.description)
    assert.same({ "mine" }, asset.tags)
  end)

  it("an answer that is not what was sent is a conflict", function()
    local client = answered(finally, '{"id":"' .. ID
      .. '","name":"n","description":"","tags":["theirs"]}')
    local _, err = client.data_assets:update(ID, { name = "n", description = "", tags = { "mine" },
      mount = "m" })
    assert.equal("conflict", err.kind)
  end)
end)

describe("trap 10, search rows are hints:", function()
  it("a bulk run plans from a get", function()
    local client, peer = open(finally)
    local seen = 0
    assert(require("codeocean.bulk").run(client, { journal = false, dry_run = true, select = {},
      all = true, change = function() seen = seen + 1 end }))
    assert.is_true(seen > 5)
    assert.equal(seen, #fixture.seen(peer, "get"))
  end)
end)

describe("trap 11, near misses:", function()
  local names = { "keep_on_External_storage", "keep_on_external_Storage", "keepOnExternalStorage",
    "keep_on_external_storag" }
  for _, name in ipairs(names) do
    it(name .. " is refused with the right name", function()
      local client, peer = open(finally, {})
      local ok, problem = pcall(client.data_assets.create, client.data_assets, { name = "n",
        mount = "m", tags = {}, source = { aws = { bucket = "b", [name] = true } } })
      assert.is_false(ok)
      assert.is_truthy(problem:find("source.aws." .. name, 1, true))
      assert.is_truthy(problem:find("did you mean 'keep_on_external_storage'", 1, true))
      assert.equal(0, #peer:requests())
    end)
  end

  it("a prefix is a string", function()
    local client = open(finally, {})
    local ok = pcall(client.data_assets.create, client.data_assets, { name = "n", mount = "m",
      tags = {}, source = { aws = { bucket = "b", prefix = true } } })
    assert.is_false(ok)
  end)
end)

describe("trap 12, secrets:", function()
  it("a server that repeats the token is masked", function()
    local with = fixture.new(finally)
    local server = with:server { fixture.answer("401 Unauthorized",
      '{"message":"bad token cop_sesame (Basic Y29wX3Nlc2FtZTo=)"}') }
    server.token = "cop_sesame"
    local client = with:client(server)
    local _, err = client.data_assets:get(ID)
    assert.matches("^bad token %*+ %(Basic %*+%)$", err.message)
    assert.is_false(fixture.holds({ err, client }, "cop_sesame"))
    assert.is_false(fixture.holds({ err, client }, "Y29wX3Nlc2FtZTo="))
  end)
end)

describe("trap 13, redirects:", function()
  it("are not followed, and another host sees no credentials", function()
    local client, peer, with = open(finally)
    local other = with:sandbox()
    for _, call in ipairs { "get", "delete", "archive" } do
      peer:fault { kind = "redirect", location = other.url .. "/login" }
      local _, err = client.data_assets[call](client.data_assets, FIRST)
      assert.equal("redirect", err.kind)
      assert.is_truthy(err.message:find(other.url .. "/login", 1, true))
    end
    assert.equal(0, #other:requests())
    assert(client.data_assets:get(FIRST))
  end)

  it("plain http is for loopback alone", function()
    local client, err = codeocean.client { domain = "http://acmecorp.codeocean.com", token = "t" }
    assert.is_nil(client)
    assert.matches("https", err.message)
  end)
end)

describe("trap 14, a login page with status 200:", function()
  local calls = {
    get = function(assets) return assets:get(FIRST) end,
    search = function(assets) return assets:search() end,
    all = function(assets) return assets:all() end,
    update = function(assets) return assets:update(FIRST,
      { name = "n", description = "", tags = {}, mount = "m" }) end,
    delete = function(assets) return assets:delete(FIRST) end,
    archive = function(assets) return assets:archive(FIRST) end,
    unarchive = function(assets) return assets:unarchive(FIRST) end,
    create = function(assets) return assets.client:request("create", nil, { name = "n",
      mount = "m", tags = {}, source = { aws = { bucket = "b" } } }) end,
  }
  for name, call in pairs(calls) do
    it(name .. " gives a decode error that quotes it", function()
      local client, peer = open(finally)
      peer:fault { kind = "html" }
      local value, err = call(client.data_assets)
      assert.is_nil(value)
      assert.equal("decode", err.kind)
      assert.equal(200, err.status)
      assert.is_truthy(err.message:find("\"Sign in", 1, true), err.message)
      assert.is_nil(tostring(err):find("%c"))
      assert.equal(1, #peer:requests())
    end)
  end
end)

describe("trap 15, control characters:", function()
  it("of a name reach a terminal escaped", function()
    local _, peer = open(finally, { seed = 12 })
    local command = process.quote(process.colua) .. " search --fields description"
    local result = process.run("script", { "-qec", command, "/dev/null" }, { env = { NO_COLOR = "1",
      TERM = "xterm", CODEOCEAN_DOMAIN = peer.url, CODEOCEAN_TOKEN = peer.token } })
    assert.equal(0, result.status, result.err)
    assert.matches("bell", result.out)
    assert.is_nil((result.out:find("[\0-\8\11\12\14-\31\127]")))
    assert.is_nil((result.out:find("\xc2[\x80-\x9f]")))
  end)

  it("of a server's message are escaped in the error", function()
    local with = fixture.new(finally)
    local client = with:client(with:server { fixture.answer("400 Bad Request",
      '{"message":"\\u001b]0;owned\\u0007 \\u009b31m"}') })
    local _, err = client.data_assets:get(ID)
    assert.equal("\\x1B]0;owned\\x07 \\xC2\\x9B31m", err.message)
  end)
end)

describe("trap 16, domain spellings:", function()
  it("all lead to the same place", function()
    local _, peer = open(finally)
    for _, domain in ipairs { peer.url, peer.url .. "/", peer.url .. "/api/v1",
      peer.url .. "/api/v1/", (peer.url:gsub("^http", "HTTP")) } do
      local client <close> = assert(codeocean.client { domain = domain, token = peer.token })
      assert.equal(FIRST, assert(client.data_assets:get(FIRST)).id)
    end
    local requests = peer:requests()
    assert.equal(5, #requests)
    for _, request in ipairs(requests) do
      assert.equal("/api/v1/data_assets/" .. FIRST, request.path)
    end
    assert.is_string(core.version)
  end)
end)
