-- A client shows its token nowhere, and sends no write in a dry run.

local fixture = require "fixture"
local process = require "process"

local ID = fixture.ID

-- Runs Lua code in a process of its own, which finds what this one finds.
local function child(program, code, options)
  local script = process.folder() .. "/child.lua"
  process.write(script, code)
  local result = process.run(program, { script }, options)
  process.clean(script:match("^(.*)/"))
  return result
end

describe("a client keeps its token", function()
  local TOKEN = "cop_veryS3cret??/token"
  local BASE64 = "Y29wX3ZlcnlTM2NyZXQ/Py90b2tlbjo="

  it("from pairs and tostring, at whatever depth", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { token = TOKEN })
    assert(client.data_assets:search { limit = 1 })
    assert.is_true(#fixture.texts(client) > 10)
    assert.is_false(fixture.holds(client, TOKEN))
    assert.is_false(fixture.holds(client, BASE64))
    for _, value in ipairs { client, client.data_assets, client.engine } do
      assert.is_nil(tostring(value):find(TOKEN, 1, true))
    end
    assert.is_false(fixture.holds(client:stats(), TOKEN))
  end)

  local function repeats(text)
    return ('{"message":"you sent %s, %s","headers":["%s"],"token":{"%s":1}}'):format(text, text,
      text, text)
  end
  local spellings = {
    { "itself", TOKEN, TOKEN }, { "in base64", BASE64, BASE64 },
    { "with its slashes escaped", TOKEN:gsub("/", "\\/"), TOKEN },
    { "in base64 with its slashes escaped", BASE64:gsub("/", "\\/"), BASE64 },
  }
  for _, row in ipairs(spellings) do
    for _, status in ipairs { "400 Bad Request", "401 Unauthorized", "500 Internal" } do
      it(("from an error %s that repeats it %s"):format(status:match("%d+"), row[1]), function()
        local with = fixture.new(finally)
        local server = with:server { fixture.answer(status, repeats(row[2])) }
        server.token = TOKEN
        local _, err = with:client(server, { retries = 0 }).data_assets:get(ID)
        assert.is_table(err.data)
        assert.matches("you sent %*%*%*", err.message)
        assert.is_false(fixture.holds(err, row[3]))
        assert.is_nil(tostring(err):find(row[3], 1, true))
      end)
    end

    it("from a page with status 200 that repeats it " .. row[1], function()
      local with = fixture.new(finally)
      local page = "<html>" .. row[2] .. "</html>"
      local server = with:server { fixture.answer("200 OK", page), fixture.answer("200 OK", page) }
      server.token = TOKEN
      local client = with:client(server, { retries = 0 })
      local _, err = client.data_assets:get(ID)
      assert.equal("decode", err.kind)
      assert.is_false(fixture.holds(err, row[2]))
      local _, errs = client:map({ ID }, function(id) return client.data_assets:get(id) end)
      assert.equal("decode", errs[1].kind)
      assert.is_false(fixture.holds(errs[1], row[2]))
    end)
  end

  it("from an error inside a task", function()
    local with = fixture.new(finally)
    local server = with:server { fixture.answer("400 Bad Request", repeats(TOKEN)) }
    server.token = TOKEN
    local client = with:client(server, { retries = 0 })
    local _, errs = client:map({ ID }, function(id) return client.data_assets:get(id) end)
    assert.equal("invalid", errs[1].kind)
    assert.is_false(fixture.holds(errs[1], TOKEN))
  end)

  it("from a redirect's target", function()
    local with = fixture.new(finally)
    local server = with:server { fixture.answer("302 Found", "",
      { "Location: http://joe:pw@login.invalid/" .. TOKEN:gsub("%?", "x") .. "?next=" .. TOKEN
        .. "#top" }) }
    server.token = TOKEN:gsub("%?", "x")
    local _, err = with:client(server).data_assets:get(ID)
    assert.equal("redirect", err.kind)
    assert.equal("the server points to http://login.invalid/" .. ("*"):rep(#TOKEN)
      .. "; redirects are not followed", err.message)
    assert.is_false(fixture.holds(err, server.token))
  end)

  it("and a create's keys, from an error that repeats them", function()
    local with = fixture.new(finally)
    local key, secret = "AKIAABCDEFGHIJKLMNOP", "wJalr/XUtn+FEMI/K7MDENG="
    local said = ('{"message":"%s %s","echo":"%s"}'):format(key, secret:gsub("/", "\\/"), secret)
    local server = with:server {
      fixture.answer("400 Bad Request", said), fixture.answer("200 OK", "<p>" .. said .. "</p>") }
    local client = with:client(server)
    local params = { name = "n", mount = "m", tags = {},
      source = { aws = { bucket = "b", access_key_id = key, secret_access_key = secret } } }
    for _, kind in ipairs { "invalid", "decode" } do
      local _, err = client:request("create", nil, params)
      assert.equal(kind, err.kind)
      assert.matches("%*%*%*", err.message)
      assert.is_false(fixture.holds(err, key))
      assert.is_false(fixture.holds(err, secret))
      assert.is_false(fixture.holds(err, (secret:gsub("/", "\\/"))))
    end
    assert.equal(secret, params.source.aws.secret_access_key)
  end)

  -- Limits that docs/security.md names.
  it("and the keys of some hundred creates; those of a create itself always", function()
    local with = fixture.new(finally)
    local function key(i) return ("AKIA%016d"):format(i) end
    local said = ('{"message":"%s %s"}'):format(key(100), key(600))
    local server = with:server { fixture.answer("400 Bad Request", said),
      fixture.answer("400 Bad Request", said) }
    local client = with:client(server, { retries = 0 })
    local function create(i)
      local aws = { bucket = "b", access_key_id = key(i), secret_access_key = ("%040d"):format(i) }
      return select(2, client:request("create", nil, { name = "n", mount = "m", tags = {},
        source = { aws = aws } }))
    end
    client.engine:set_dry_run(true)
    for i = 1, 600 do assert.equal("dry_run", create(i).kind) end
    client.engine:set_dry_run(false)
    local masked = ("*"):rep(20)
    local _, err = client.data_assets:get(ID)
    assert.equal(masked .. " " .. key(600), err.message)
    assert.equal(masked .. " " .. masked, create(600).message)
  end)

  it("but not from the fields of an asset, which are data", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { token = TOKEN, ready_after = 0 })
    local asset = fixture.make(client, { name = TOKEN, tags = { BASE64 } })
    assert.same({ TOKEN, BASE64 }, { asset.name, asset.tags[1] })
  end)

  it("and a proxy's password, from an error that repeats it", function()
    local with = fixture.new(finally)
    local server = with:server { fixture.answer("400 Bad Request",
      '{"message":"not pa55word","errors":["pa55word","cGE1NXdvcmQ="]}') }
    local result = child(process.colua, ([[
      local codeocean = require "codeocean"
      local _, err = codeocean.client().data_assets:get %q
      print(err.message, codeocean.json.encode(err.data))]]):format(ID), { env = {
      CODEOCEAN_DOMAIN = server.url, CODEOCEAN_TOKEN = server.token,
      https_proxy = "http://joe:pa55word@127.0.0.1:1" } })
    local masked, base64 = ("*"):rep(8), ("*"):rep(12)
    assert.equal(('not %s\t{"errors":["%s","%s"],"message":"not %s"}\n'):format(masked, masked,
      base64, masked), result.out, result.err)
  end)

  it("and a create's keys, from what a wrong argument says", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox())
    local ok, problem = pcall(client.data_assets.create, client.data_assets, { name = "n",
      mount = "m", tags = {}, source = { aws = { secret_access_key = "wJalrXUtn",
        bucket = 7 } } })
    assert.is_false(ok)
    assert.matches("source%.aws%.bucket", problem)
    assert.is_nil(problem:find("wJalrXUtn", 1, true))
  end)

  it("from a trace", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { token = TOKEN }
    local result = child(process.colua, [[
      local client = require "codeocean".client { trace = true }
      client.data_assets:search { limit = 1 }
      client.data_assets:create { name = "n", mount = "m", tags = {}, source = { aws = {
        bucket = "b", access_key_id = "AKIASECRET", secret_access_key = "wJalrXUtn" } } }
    ]], { env = { CODEOCEAN_DOMAIN = peer.url, CODEOCEAN_TOKEN = TOKEN } })
    assert.equal(0, result.status)
    assert.matches("trace: POST /api/v1/data_assets 200", result.err)
    for _, secret in ipairs { TOKEN, BASE64, "AKIASECRET", "wJalrXUtn" } do
      assert.is_nil((result.out .. result.err):find(secret, 1, true))
    end
  end)

  it("from hosts that .netrc or a proxy would choose", function()
    local with = fixture.new(finally)
    local peer, other = with:sandbox { token = TOKEN, seed = 20 }, with:sandbox()
    local home = with:folder()
    process.write(home .. "/.netrc", "machine 127.0.0.1 login other password else\n")
    -- The storage is on the same host. It gets no header of ours, which would hide another.
    local result = child(process.colua, [[
      local assets = require "codeocean".client().data_assets
      local id = assets:search { limit = 1, origin = "internal" }.results[1].id
      print(#assert(assets:read_file(id, "data_description.json")) > 0)
    ]], { env = { CODEOCEAN_DOMAIN = peer.url, CODEOCEAN_TOKEN = TOKEN, HOME = home,
      http_proxy = other.url, all_proxy = other.url } })
    assert.equal("true\n", result.out, result.err)
    assert.equal(0, #other:requests())
    local first, last = peer:requests()[1], table.remove(peer:requests())
    assert.equal("Basic " .. BASE64, first.headers.authorization)
    assert.matches("^/files/", last.path)
    assert.is_nil(last.headers.authorization)
  end)
end)

describe("a dry run", function()
  local writes = {
    { "create", function(assets) return assets:create { name = "n", mount = "m", tags = {},
      source = { aws = { bucket = "b" } } } end },
    { "update", function(assets, id) return assets:update(id, { tags = {} }) end },
    { "update", function(assets, id) return assets:update(id,
      { name = "n", description = "", tags = {}, mount = "m" }) end },
    { "delete", function(assets, id) return assets:delete(id) end },
    { "archive", function(assets, id) return assets:archive(id) end },
    { "archive", function(assets, id) return assets:unarchive(id) end },
  }
  local function check(client, peer, id)
    assert.equal(6, #writes)
    for _, row in ipairs(writes) do
      local done, err = row[2](client.data_assets, id)
      assert.is_nil(done)
      assert.equal("dry_run", err.kind)
      assert.equal(row[1], err.operation)
      assert.equal("not_sent", err.outcome)
      assert.equal(0, err.attempts)
    end
    local function write(row) return row[2](client.data_assets, id) end
    local results, errs = client:map(writes, write)
    assert.equal(6, results.n)
    for i = 1, 6 do assert.equal("dry_run", errs[i].kind) end
    assert.same({}, fixture.writes(peer))
  end

  it("sends no write, and reads", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 2 }
    local client = with:client(peer, { dry_run = true })
    local id = client.data_assets:all()[1].id
    assert(client.data_assets:get(id))
    check(client, peer, id)
  end)

  it("by the environment holds whatever the script sets", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 2 }
    for _, program in ipairs(process.hosts()) do
      local result = child(program, [[
        local client = require "codeocean".client { dry_run = false }
        client.dry_run = false
        local id = client.data_assets:all()[1].id
        local _, err = client.data_assets:delete(id)
        print(err.kind, select(2, client.data_assets:archive(id)).kind)
      ]], { env = { CODEOCEAN_DOMAIN = peer.url, CODEOCEAN_TOKEN = peer.token,
        CODEOCEAN_DRY_RUN = "1" } })
      assert.equal("dry_run\tdry_run\n", result.out, result.err)
    end
    assert.is_true(#peer:requests() >= 1)
    assert.same({}, fixture.writes(peer))
  end)

  it("of colua --dry-run holds as well", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 2 }
    local result = process.run(process.colua, { "--dry-run", "-e", [[
      local client = require "codeocean".client { dry_run = false }
      print(select(2, client.data_assets:delete(client.data_assets:all()[1].id)).kind)
    ]] }, { env = { CODEOCEAN_DOMAIN = peer.url, CODEOCEAN_TOKEN = peer.token } })
    assert.equal("dry_run\n", result.out, result.err)
    assert.same({}, fixture.writes(peer))
  end)
end)
