-- Reading a file by its signed address: no credentials are sent there, and the address is shown
-- nowhere.

local core = require "codeocean.core"
local files = require "codeocean.assets.read_file"
local fixture = require "fixture"
local json = require "codeocean.json"
local process = require "process"
local tls = require "tls"

local PATH = "data_description.json"

describe("assets:read_file", function()
  local function open()
    local with = fixture.new(finally)
    local peer = with:sandbox { dialect = "current", ready_after = 0 }
    local client = with:client(peer)
    return client.data_assets, peer, fixture.make(client, { name = "mine" }).id
  end

  -- The assets of a deployment that gives this address for every file.
  local function of_address(address, with)
    with = with or fixture.new(finally)
    local server = with:server { fixture.answer("200 OK", json.encode { download_url = address }) }
    return with:client(server, { retries = 0 }).data_assets
  end

  it("returns the bytes as they are", function()
    local assets, _, id = open()
    assert.equal("mine", json.decode(assert(assets:read_file(id, PATH))).name)
    local whole = assert(assets:read_file(id, "data/events.csv"))
    assert.equal("time_s", assets:read_file(id, "data/events.csv", { range = { 0, 5 } }))
    assert.equal(whole:sub(8), assets:read_file(id, "data/events.csv", { range = { 7 } }))
    assert.equal(whole:sub(-9), assets:read_file(id, "data/events.csv", { range = { -9 } }))
    assert.equal(whole, assets:read_file(id, "data/events.csv", { max = #whole }))
  end)

  it("sends the storage nothing of the credentials", function()
    local assets, peer, id = open()
    assert(assets:read_file(id, PATH))
    local request = table.remove(peer:requests())
    assert.matches("^/files/", request.path)
    assert.is_nil(request.headers.authorization or request.headers.Authorization)
    assert.is_nil(request.headers["content-type"])
    -- A handle that has read a file serves the deployment again.
    assert(assets:get(id))
    assert.is_truthy(table.remove(peer:requests()).headers.authorization)
  end)

  it("shows the storage no certificate of the client", function()
    local with = fixture.new(finally)
    local folder = with:folder()
    local ca = tls.authority(folder)
    local own, server = ca:issue "DNS:client.example", ca:issue "IP:127.0.0.1"
    local function nginx(verify, answer)
      local started = tls.nginx(folder, { one = { identity = server, answer = answer,
        settings = ("ssl_verify_client %s; ssl_client_certificate %s;"):format(verify, ca.file) } })
      with:at_end(function() started:stop() end)
      return "https://127.0.0.1:" .. started.port.one
    end
    local storage = nginx("optional", "return 200 $ssl_client_verify;")
    local deployment = nginx("on", ([[return 200 '{"download_url":"%s/key"}';]]):format(storage))
    local client = with:client({ url = deployment, token = "cop_x" }, { ca_file = ca.file,
      client_cert = own.certificate, client_key = own.key, retries = 0 })
    assert.equal("NONE", assert(client.data_assets:read_file(fixture.ID, PATH)))
  end)

  it("reads a file beyond the timeout while its bytes arrive, and no silent one", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { dialect = "current", ready_after = 0 }
    local client = with:client(peer, { timeout = 1, retries = 0 })
    local id, assets = fixture.make(client, { name = "mine" }).id, client.data_assets
    local whole = assert(assets:read_file(id, "data/events.csv"))
    assert.is_true(#whole > 3000)
    peer:fault { kind = "slow", skip = 1, bytes = #whole // 6 + 1, interval = 0.3 }
    local began = core.now()
    assert.equal(whole, assets:read_file(id, "data/events.csv"))
    assert.is_true(core.now() - began > 1.2)
    peer:fault { kind = "stall", skip = 1, after_headers = true }
    local bytes, err = assets:read_file(id, "data/events.csv")
    assert.same({ nil, "timeout" }, { bytes, err.kind })
  end)

  it("refuses a file above the limit", function()
    local assets, _, id = open()
    local bytes, err = assets:read_file(id, "data/events.csv", { max = 100 })
    assert.is_nil(bytes)
    assert.equal("rejected", err.kind)
    assert.matches("larger than 100 bytes", tostring(err))
  end)

  it("names the file or asset that does not exist", function()
    local assets, _, id = open()
    assert.equal("missing", select(2, assets:read_file(id, "nothing")).kind)
    assert.equal("missing", select(2, assets:read_file(fixture.ID, PATH)).kind)
    local _, err = assets:read_file(id, PATH, { range = { 1 << 40 } })
    assert.same({ "rejected", 416 }, { err.kind, err.status })
  end)

  it("follows only https, or a sandbox's address on loopback", function()
    for _, address in ipairs { "http://storage.example/x?s=SIGN", "ftp://127.0.0.1/x?s=SIGN",
      "https://storage.example?s=SIGN", "https://user@storage.example/x?s=SIGN",
      "https://storage.example\\@127.0.0.1/x?s=SIGN", "file:///etc/passwd?s=SIGN",
      "https:///x?s=SIGN", "https://a b/x?s=SIGN", "https://h/x\n?s=SIGN", "https://h:0/?s=SIGN",
      "https://h/x?s=SIGN#y" } do
      local assets = of_address(address)
      local bytes, err = assets:read_file(fixture.ID, PATH)
      assert.is_nil(bytes, address)
      assert.same({ "decode", "not_sent" }, { err.kind, err.outcome }, address)
      assert.is_falsy(fixture.holds(err, "SIGN"), address)
    end
  end)

  it("follows http to loopback for a deployment on loopback only", function()
    local with = fixture.new(finally)
    local address = "http://127.0.0.1:9/files/key?s=SIGN"
    for url, followed in pairs { ["http://127.0.0.1:9"] = true, ["acme.example"] = false,
      ["http://acme.example"] = false } do
      local client = with:client({ url = url, token = "cop_x" }, { insecure_http = true })
      local transfer, problem = client.engine:read_file(address, 10)
      assert.equal(followed, transfer ~= nil, url)
      assert.is_true(followed or not problem:find("SIGN", 1, true), problem)
    end
  end)

  -- The same, with a storage on loopback that answers so.
  local function of_storage(...)
    local with = fixture.new(finally)
    local storage = with:server { ... }
    return of_address(storage.url .. "/bucket/key?X-Amz-Signature=SIGN", with), storage
  end

  it("shows nothing of the address when the storage refuses it", function()
    local xml = "<Error><Code>Denied</Code><StringToSign>SIGN</StringToSign></Error>"
    for _, row in ipairs { { fixture.answer("403 Forbidden", xml), "rejected" },
      { fixture.answer("404 Not Found", xml), "missing" },
      { fixture.answer("307 Moved", "", { "Location: https://other.example/key?s=SIGN" }),
        "redirect" }, { fixture.answer("500 No", xml), "server" } } do
      local assets = of_storage(row[1])
      local bytes, err = assets:read_file(fixture.ID, PATH)
      assert.is_nil(bytes)
      assert.equal(row[2], err.kind)
      assert.is_falsy(fixture.holds(err, "SIGN"), tostring(err))
    end
  end)

  -- As an object store answers, with a session's token, under whatever status.
  it("shows nothing that the storage repeats", function()
    local xml = "<Error><Code>ExpiredToken</Code><Token-0>SIGN</Token-0></Error>"
    for _, status in ipairs { "302 Found", "400 Bad Request", "409 Conflict", "418 Odd", "429 Slow",
      "503 Slow Down" } do
      local bytes, err = of_storage(fixture.answer(status, xml)):read_file(fixture.ID, PATH)
      assert.is_nil(bytes)
      assert.is_falsy(fixture.holds(err, "SIGN"), status .. tostring(err))
    end
  end)

  it("names the storage when its certificate is not accepted", function()
    local with = fixture.new(finally)
    local storage = with:server { fixture.answer("200 OK", "no TLS") }
    local address = storage.url:gsub("^http:", "https:") .. "/key?X-Amz-Signature=SIGN"
    local bytes, err = of_address(address, with):read_file(fixture.ID, PATH)
    assert.is_nil(bytes)
    assert.same({ "tls", "not_sent", fixture.ID }, { err.kind, err.outcome, err.id })
    assert.is_truthy(tostring(err):find("a ca_file must name those of both", 1, true))
    assert.is_falsy(fixture.holds(err, "SIGN"))
  end)

  it("refuses a whole file in answer to a range", function()
    local assets, storage = of_storage(fixture.answer("200 OK", "0123456789"))
    local bytes, err = assets:read_file(fixture.ID, PATH, { range = { 2, 4 } })
    assert.is_nil(bytes)
    assert.equal("decode", err.kind)
    local request = storage:request()
    assert.is_truthy(request:find("\r\nRange: bytes=2-4\r\n", 1, true))
    assert.is_nil(request:lower():find("authorization", 1, true))
    assert.is_nil(request:lower():find("accept-encoding", 1, true))
  end)

  it("writes no signed address into the trace", function()
    local assets, peer, id = open()
    local env = { CODEOCEAN_DOMAIN = peer.url, CODEOCEAN_TOKEN = peer.token, HOME = "/nonexistent" }
    local result = process.run(process.colua, { "--trace", "cat", id, PATH }, { env = env })
    assert.equal(0, result.status)
    assert.equal(assert(assets:read_file(id, PATH)), result.out)
    assert.is_truthy(result.err:find("trace: GET (a file) 200 ", 1, true), result.err)
    assert.is_nil(result.err:find("signature", 1, true))
  end)

  it("refuses a wrong argument before any request", function()
    local assets, peer, id = open()
    local before = #peer:requests()
    for _, call in ipairs {
      { function() return assets:read_file("x", PATH) end, "'id'" },
      { function() return assets:read_file(id, "") end, "'path'" },
      { function() return assets:read_file(id) end, "'path'" },
      { function() return assets:read_file(id, PATH, { rang = { 1 } }) end, "mean 'range'" },
      { function() return assets:read_file(id, PATH, { max = 0 }) end, "'max'" },
      { function() return assets:read_file(id, PATH, { range = { 3, 1 } }) end, "'range'" },
      { function() return assets:read_file(id, PATH, { range = { -3, 1 } }) end, "'range'" },
      { function() return assets:read_file(id, PATH, { range = {} }) end, "'range'" },
    } do
      local good, message = pcall(call[1])
      assert.is_false(good)
      assert.is_truthy(tostring(message):find(call[2], 1, true), tostring(message))
    end
    assert.equal(before, #peer:requests())
  end)

  it("reads many at once", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { dialect = "current", seed = 40 }
    local client = with:client(peer, { dialect = "current" })
    local list = assert(client.data_assets:all { origin = "internal", limit = 20 })
    assert.is_true(#list > 5)
    local found, errs = client:map(list, function(asset)
      return json.decode(assert(client.data_assets:read_file(asset.id, PATH))).name
    end, { jobs = 32 })
    assert.same({}, errs)
    for i, asset in ipairs(list) do assert.equal(asset.name, found[i]) end
  end)

  it("reads the ranges that people write", function()
    assert.same({ 0, 9 }, files.range_of "0-9")
    assert.same({ 7 }, files.range_of "7-")
    assert.same({ -5 }, files.range_of "-5")
    for _, word in ipairs { "", "-", "9-0", "x", "1", "1-2-3", "-0x1", "-0",
      "99999999999999999999-1" } do
      assert.is_nil(files.range_of(word), word)
    end
  end)
end)
