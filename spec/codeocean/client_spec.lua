local codeocean = require "codeocean"
local core = require "codeocean.core"
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

-- colua, and lua5.4 unless the modules were built with a sanitizer, which only our own program has.
local function programs()
  local stock = process.run(process.lua, { "-e", 'require "codeocean.core"' })
  if stock.err:find("ASan runtime", 1, true) then return { process.colua } end
  return { process.colua, process.lua }
end

-- Secrets ----------------------------------------------------------------------------------------

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
      { "Location: http://login.invalid/" .. TOKEN:gsub("%?", "x") .. "/" .. TOKEN }) }
    server.token = TOKEN:gsub("%?", "x")
    local _, err = with:client(server).data_assets:get(ID)
    assert.equal("redirect", err.kind)
    assert.matches("login%.invalid", err.message)
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
    local peer, other = with:sandbox { token = TOKEN }, with:sandbox()
    local home = with:folder()
    process.write(home .. "/.netrc", "machine 127.0.0.1 login other password else\n")
    local result = child(process.colua, [[
      print(#require "codeocean".client().data_assets:search { limit = 1 }.results)
    ]], { env = { CODEOCEAN_DOMAIN = peer.url, CODEOCEAN_TOKEN = TOKEN, HOME = home,
      http_proxy = other.url, all_proxy = other.url } })
    assert.equal("0\n", result.out)
    assert.equal(0, #other:requests())
    assert.equal("Basic " .. BASE64, peer:requests()[1].headers.authorization)
  end)
end)

-- Dry run ----------------------------------------------------------------------------------------

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

  it("holds by the environment whatever the script says", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 2 }
    for _, program in ipairs(programs()) do
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

-- Repeats ----------------------------------------------------------------------------------------

describe("repeats", function()
  local operations = {
    get = function(assets, id) return assets:get(id) end,
    search = function(assets) return assets:search { limit = 3 } end,
    update = function(assets, id) return assets:update(id,
      { name = "n", description = "d", tags = { "t" }, mount = "m" }) end,
    delete = function(assets, id) return assets:delete(id) end,
    archive = function(assets, id) return assets:archive(id) end,
    unarchive = function(assets, id) return assets:unarchive(id) end,
    -- The request alone: what create does when its answer is lost is another story.
    create = function(assets) return assets.client:request("create", nil, { name = "n",
      mount = "m", tags = { "t" }, source = { aws = { bucket = "b" } } }) end,
  }
  local TRANSIENT, UNPROCESSED, FINAL = 1, 2, 3
  local faults = {
    -- name, fault, class, kind and outcome for who may not repeat
    { "408", { kind = "status", status = 408 }, TRANSIENT, "timeout", "unknown" },
    { "429", { kind = "status", status = 429 }, UNPROCESSED, "throttled", "rejected" },
    { "429 with Retry-After", { kind = "status", status = 429, retry_after = "0" }, UNPROCESSED,
      "throttled", "rejected" },
    { "500", { kind = "status", status = 500 }, TRANSIENT, "server", "unknown" },
    { "502", { kind = "status", status = 502 }, TRANSIENT, "server", "unknown" },
    { "503", { kind = "status", status = 503 }, TRANSIENT, "server", "unknown" },
    { "503 with Retry-After", { kind = "status", status = 503, retry_after = "0" }, UNPROCESSED,
      "server", "rejected" },
    { "503 with a Retry-After of no sense", { kind = "status", status = 503,
      retry_after = "soon" }, TRANSIENT, "server", "unknown" },
    { "504", { kind = "status", status = 504 }, TRANSIENT, "server", "unknown" },
    { "500 although done", { kind = "status", status = 500, apply = true }, TRANSIENT, "server",
      "unknown" },
    { "reset before", { kind = "reset_before" }, TRANSIENT, "network", "unknown" },
    { "reset after", { kind = "reset_after" }, TRANSIENT, "network", "unknown" },
    { "no answer", { kind = "stall" }, TRANSIENT, "timeout", "unknown" },
    { "half an answer", { kind = "stall", after_headers = true }, TRANSIENT, "timeout",
      "unknown" },
    { "400", { kind = "status", status = 400 }, FINAL, "invalid", "rejected" },
    { "401", { kind = "status", status = 401 }, FINAL, "auth", "rejected" },
    { "403", { kind = "status", status = 403 }, FINAL, "auth", "rejected" },
    { "404", { kind = "status", status = 404 }, FINAL, "missing", "rejected" },
    { "409", { kind = "status", status = 409 }, FINAL, "rejected", "rejected" },
    { "501", { kind = "status", status = 501 }, FINAL, "server", "unknown" },
    { "302", { kind = "redirect" }, FINAL, "redirect", "rejected" },
    { "a login page", { kind = "html" }, FINAL, "decode", "unknown" },
    { "garbage", { kind = "garbage" }, FINAL, "decode", "unknown" },
    -- of an empty answer nothing can be cut off
    { "a truncated answer", { kind = "truncated" }, TRANSIENT, "network", "unknown",
      { delete = true, archive = true, unarchive = true } },
  }

  -- `warm`: over a connection that has served before, where libcurl may send again by itself.
  local function run(with, row, operation, warm, wait)
    local peer = with:sandbox { seed = 3 }
    local client = with:client(peer, { retries = 2, wait = wait,
      timeout = row[2].kind == "stall" and 1 or 20 })
    local id = "27b4d7ec-a2f8-4c8d-9be5-361d33e50bf0"
    if warm then client.data_assets:get(ID) end
    local before = #fixture.seen(peer, operation)
    local fault = { operation = operation == "unarchive" and "archive" or operation }
    for name, value in pairs(row[2]) do fault[name] = value end
    peer:fault(fault)
    local value, err = operations[operation](client.data_assets, id)
    local sent = fixture.seen(peer, fault.operation)
    return { value = value, err = err, sent = #sent - before }
  end

  local outcomes
  local function measure(with)
    local bodies = {}
    outcomes = {}
    for operation in pairs(operations) do
      for _, row in ipairs(faults) do
        for _, warm in ipairs { true, false } do
          local key = operation .. row[1] .. tostring(warm)
          bodies[#bodies + 1] = function(wait)
            outcomes[key] = run(with, row, operation, warm, wait)
          end
        end
      end
    end
    fixture.together(bodies)
  end

  local function check(row, operation, warm)
    local got = outcomes[operation .. row[1] .. tostring(warm)]
    local again = row[3] ~= FINAL and (operation ~= "create" or row[3] == UNPROCESSED)
    assert.equal(again and 2 or 1, got.sent)
    if again then
      assert.is_nil(got.err)
      assert.is_truthy(got.value)
    else
      assert.is_nil(got.value)
      assert.equal(row[4], got.err.kind)
      assert.equal(row[5], got.err.outcome)
      assert.equal(1, got.err.attempts)
    end
  end

  for _, operation in ipairs { "get", "search", "update", "delete", "archive", "unarchive",
    "create" } do
    for _, row in ipairs(faults) do
      if not (row[6] and row[6][operation]) then
        it(("of %s after %s"):format(operation, row[1]), function()
          if not outcomes then measure(fixture.new(finally)) end
          check(row, operation, false)
          check(row, operation, true)
        end)
      end
    end
  end

  it("stop after `retries`", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer, { retries = 1 })
    peer:fault { kind = "status", status = 500, count = -1 }
    local _, err = client.data_assets:get(ID)
    assert.equal("server", err.kind)
    assert.equal(2, err.attempts)
    assert.equal(2, #peer:requests())
    assert.equal(1, client:stats().retries)
    assert.matches("2 attempts", tostring(err))
  end)

  it("do not happen with retries = 0", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "status", status = 503, retry_after = "0", count = -1 }
    local _, err = with:client(peer, { retries = 0 }).data_assets:get(ID)
    assert.equal(1, err.attempts)
    assert.equal(1, #peer:requests())
  end)

  for name, act in pairs(operations) do
    it(("of %s where nobody listens"):format(name), function()
      local with = fixture.new(finally)
      local client = with:client(with:nobody(), { retries = 1 })
      local value, err = act(client.data_assets, ID)
      assert.is_nil(value)
      assert.equal("network", err.kind)
      assert.equal("not_sent", err.outcome)
      assert.equal(2, err.attempts)
      assert.is_nil(err.status)
    end)
  end

  it("of a delete: a 404 after an answer that was lost means done", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 5 }
    local client = with:client(peer)
    local id = client.data_assets:all()[1].id
    peer:fault { kind = "status", status = 500, apply = true, operation = "delete" }
    assert.is_true(client.data_assets:delete(id))
    local requests = fixture.seen(peer, "delete")
    assert.equal(2, #requests)
    assert.equal(404, requests[2].status)
    local _, err = client.data_assets:delete(id)
    assert.equal("missing", err.kind)
  end)

  it("of a delete: a 404 after a refusal is a 404", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "status", status = 429, operation = "delete" }
    local _, err = with:client(peer).data_assets:delete(ID)
    assert.equal("missing", err.kind)
    assert.equal(2, err.attempts)
  end)

  it("leave an update unknown when its first answer was lost", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "reset_before", operation = "update" }
    peer:fault { kind = "status", status = 400, operation = "update" }
    local _, err = operations.update(with:client(peer).data_assets, ID)
    assert.equal("invalid", err.kind)
    assert.equal("unknown", err.outcome)
  end)

  it("never send a create twice, on a connection that was kept and broke", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer)
    assert(client.data_assets:search { limit = 1 })
    peer:fault { kind = "reset_after", operation = "create", count = -1 }
    local _, err = operations.create(client.data_assets)
    assert.equal("unknown", err.outcome)
    assert.is_true(err.writes)
    assert.equal(1, #fixture.seen(peer, "create"))
    assert.matches("it may have been done", tostring(err))
    assert.equal(1, #client.data_assets:all())
  end)
end)

describe("Retry-After", function()
  it("is a floor", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "status", status = 429, retry_after = "1" }
    assert.equal("missing", select(2, with:client(peer).data_assets:get(ID)).kind)
    local requests = peer:requests()
    assert.equal(2, #requests)
    assert.is_true(requests[2].at - requests[1].at >= 1)
  end)

  it("may be a date", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "status", status = 503,
      retry_after = os.date("!%a, %d %b %Y %H:%M:%S GMT", os.time() + 2) }
    with:client(peer).data_assets:get(ID)
    local requests = peer:requests()
    assert.equal(2, #requests)
    assert.is_true(requests[2].at - requests[1].at >= 0.9)
  end)

  it("holds back all others of the client too", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { latency = 0.01 }
    local client = with:client(peer, { jobs = 4 })
    peer:fault { kind = "status", status = 429, retry_after = "1" }
    local ids = {}
    for i = 1, 8 do ids[i] = ID end
    client:map(ids, function(id) return client.data_assets:get(id) end)
    local requests = peer:requests()
    assert.equal(9, #requests)
    local early = 0
    for _, request in ipairs(requests) do
      if request.at < requests[1].at + 1 then early = early + 1 end
    end
    assert.is_true(early <= 4, early .. " before the pause was over")
  end)

  it("beyond the deadline is told at once", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "status", status = 429, retry_after = "3600", count = -1 }
    local client = with:client(peer, { deadline = 5 })
    local began = core.now()
    local _, err = client.data_assets:get(ID)
    assert.equal("throttled", err.kind)
    assert.equal(3600, err.retry_after)
    assert.equal(1, err.attempts)
    local _, next_err = client.data_assets:get(ID)
    assert.equal("throttled", next_err.kind)
    assert.equal("not_sent", next_err.outcome)
    assert.is_true(next_err.retry_after > 3590)
    assert.is_true(core.now() - began < 1)
    assert.equal(1, #peer:requests())
  end)
end)

-- Time -------------------------------------------------------------------------------------------

describe("time-outs", function()
  local function took(act)
    local began = core.now()
    local value, err = act()
    return core.now() - began, value, err
  end

  it("end an attempt that gets no answer", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "stall", count = -1 }
    local client = with:client(peer, { timeout = 0.2, retries = 0 })
    local seconds, _, err = took(function() return client.data_assets:get(ID) end)
    assert.equal("timeout", err.kind)
    assert.is_true(seconds >= 0.2 and seconds < 1)
  end)

  it("end an answer that does not come to its end", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 3 }
    peer:fault { kind = "slow", bytes = 1, interval = 0.05, count = -1 }
    local client = with:client(peer, { timeout = 0.2, retries = 0 })
    local seconds, _, err = took(function() return client.data_assets:search { limit = 3 } end)
    assert.equal("timeout", err.kind)
    assert.is_true(seconds >= 0.2 and seconds < 1)
  end)

  it("end the operation at its deadline, whatever attempts are left", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "stall", count = -1 }
    local client = with:client(peer, { timeout = 60, deadline = 0.4, retries = 100 })
    local seconds, _, err = took(function() return client.data_assets:get(ID) end)
    assert.equal("timeout", err.kind)
    assert.is_true(seconds >= 0.3 and seconds < 1.5, seconds)
  end)

  it("end the wait for a place in the window", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "stall", count = -1 }
    local client = with:client(peer, { jobs = 1, deadline = 0.3, retries = 0 })
    local seconds, _, errs = took(function()
      return client:map({ 1, 2, 3 }, function() return client.data_assets:get(ID) end)
    end)
    assert.is_true(seconds < 2)
    assert.equal(3, #errs)
    for _, err in ipairs(errs) do assert.equal("timeout", err.kind) end
  end)
end)

describe("rate", function()
  it("spaces the starts of requests", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer, { rate = 50 })
    client:map({ 1, 2, 3, 4, 5, 6 }, function() return client.data_assets:get(ID) end)
    local requests = peer:requests()
    assert.equal(6, #requests)
    assert.is_true(requests[6].at - requests[1].at >= 5 / 50 * 0.9)
  end)
end)

-- Answers ----------------------------------------------------------------------------------------

describe("answers", function()
  it("of more bytes than answer_max are refused, also unpacked", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 3 }
    local client = with:client(peer, { answer_max = 300, retries = 2 })
    local _, err = client.data_assets:search { limit = 3 }
    assert.equal("decode", err.kind)
    assert.matches("longer than 300 bytes", err.message)
    assert.equal(1, #peer:requests())
    peer:fault { kind = "gzip_bomb", bytes = 64 * 1024 * 1024 }
    _, err = client.data_assets:get(ID)
    assert.equal("decode", err.kind)
    assert.matches("longer than 300 bytes", err.message)
    assert.is_true(#(err.message) < 500)
  end)

  it("of a write beyond answer_max leave it unknown", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox(), { answer_max = 20 })
    local _, err = client:request("create", nil, { name = "n", mount = "m", tags = {},
      source = { aws = { bucket = "b" } } })
    assert.equal("decode", err.kind)
    assert.equal("unknown", err.outcome)
  end)

  it("that are zipped are unpacked", function()
    local with = fixture.new(finally)
    local zipped = process.shell("gzip -c", { stdin = '{"id":"x","name":"zipped"}' }).out
    assert.is_true(#zipped > 20)
    local server = with:server {
      fixture.answer("200 OK", zipped, { "Content-Encoding: gzip" }),
      fixture.answer("200 OK", zipped:sub(1, -12), { "Content-Encoding: gzip" }),
      fixture.answer("200 OK", "no gzip at all", { "Content-Encoding: gzip" }) }
    local client = with:client(server, { retries = 0 })
    assert.equal("zipped", assert(client.data_assets:get(ID)).name)
    for _ = 1, 2 do
      local _, err = client.data_assets:get(ID)
      assert.is_truthy(err.kind == "decode" or err.kind == "network", err.kind)
    end
  end)

  it("with more bytes than they said do not spoil the next", function()
    local with = fixture.new(finally)
    local one, two = '{"id":"x","name":"one"}', '{"id":"x","name":"two"}'
    local more = fixture.answer("200 OK", one)[1]
      .. "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    local server = with:server { fixture.raw("keep", more), fixture.answer("200 OK", two) }
    local client = with:client(server, { retries = 0 })
    assert.equal("one", assert(client.data_assets:get(ID)).name)
    assert.equal("two", assert(client.data_assets:get(ID)).name)
  end)

  it("in chunks, in pieces and without a length are read to their end", function()
    local with = fixture.new(finally)
    local body = '{"id":"x","name":"pieces"}'
    local chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      .. ("%x\r\n%s\r\n"):format(10, body:sub(1, 10))
      .. ("%x\r\n%s\r\n0\r\n\r\n"):format(#body - 10, body:sub(11))
    local server = with:server { fixture.raw("keep", chunked),
      fixture.raw("close", "HTTP/1.1 200 OK\r\n\r\n" .. body),
      fixture.raw("close", "HTTP/1.0 200 OK\r\n\r\n" .. body) }
    local client = with:client(server, { retries = 0 })
    for _ = 1, 3 do assert.equal("pieces", assert(client.data_assets:get(ID)).name) end
  end)

  local broken = {
    { "nothing at all", fixture.raw("close", ""), "network" },
    { "half a header", fixture.raw("close", "HTTP/1.1 200 OK\r\nContent-Le"), nil },
    { "no HTTP", fixture.raw("close", "SSH-2.0-OpenSSH_9.2\r\n"), nil },
    { "half a body", fixture.raw("close", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
      "network" },
    { "half a chunk", fixture.raw("close",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"), "network" },
    { "a bad chunk", fixture.raw("close",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{"), nil },
    { "an empty body", fixture.answer("200 OK", ""), "decode" },
    { "204", fixture.raw("keep", "HTTP/1.1 204 No Content\r\n\r\n"), "decode" },
    { "a list", fixture.answer("200 OK", "[]"), "decode" },
    { "null", fixture.answer("200 OK", "null"), "decode" },
    { "an object without id", fixture.answer("200 OK", "{}"), "decode" },
    { "an id that is a number", fixture.answer("200 OK", '{"id":7}'), "decode" },
    { "more than one value", fixture.answer("200 OK", '{"id":"x"}{"id":"y"}'), "decode" },
    { "a NUL behind it", fixture.answer("200 OK", '{"id":"x"}\0'), "decode" },
    { "65 levels", fixture.answer("200 OK", '{"id":"x","d":' .. ("["):rep(65) .. ("]"):rep(65)
      .. "}"), "decode" },
    { "an integer beyond 64 bits", fixture.answer("200 OK",
      '{"id":"x","size":9223372036854775808}'), "decode" },
    { "status 600", fixture.answer("600 What", "{}"), nil },
  }
  for _, row in ipairs(broken) do
    it("of " .. row[1] .. " are errors", function()
      local with = fixture.new(finally)
      local client = with:client(with:server { row[2] }, { retries = 0, timeout = 2 })
      local asset, err = client.data_assets:get(ID)
      assert.is_nil(asset)
      assert.is_true(codeocean.is_error(err))
      if row[3] then assert.equal(row[3], err.kind) end
      assert.is_truthy(err.kind == "decode" or err.kind == "network", err.kind)
      assert.is_nil(tostring(err):find("%c"))
    end)
  end

  for _, status in ipairs { "301 Moved", "302 Found", "303 Other", "307 Moved", "308 Moved" } do
    it("of " .. status .. " name the target, and nothing goes there", function()
      local with = fixture.new(finally)
      local other = with:sandbox { seed = 1 }
      local server = with:server { fixture.answer(status, "",
        { "Location: " .. other.url .. "/api/v1/data_assets?secret=1#top" }) }
      local client = with:client(server)
      local _, err = client.data_assets:get(ID)
      assert.equal("redirect", err.kind)
      assert.is_truthy(err.message:find(other.url .. "/api/v1/data_assets", 1, true))
      assert.is_nil(err.message:find("secret", 1, true))
      assert.equal(0, #other:requests())
      assert.equal(1, client:stats().requests)
    end)
  end

  it("of a redirect to nowhere are errors too", function()
    local with = fixture.new(finally)
    local server = with:server { fixture.answer("302 Found", ""),
      fixture.answer("302 Found", "", { "Location: /login?next=x" }) }
    local client = with:client(server)
    assert.equal("redirect", select(2, client.data_assets:get(ID)).kind)
    local _, err = client.data_assets:delete(ID)
    assert.equal("redirect", err.kind)
    assert.is_truthy(err.message:find(server.url .. "/login", 1, true))
  end)

  it("by TLS that is none are errors, and nothing was sent", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer, { domain = "127.0.0.1:" .. peer.port, retries = 0 })
    local _, err = client.data_assets:create { name = "n", mount = "m", tags = {},
      source = { aws = { bucket = "b" } } }
    assert.equal("tls", err.kind)
    assert.equal("not_sent", err.outcome)
    assert.equal(0, #peer:requests())
  end)
end)

-- Waiting, from outside --------------------------------------------------------------------------

describe("the event-loop interface", function()
  it("has a descriptor, events and a time", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox())
    assert.equal("integer", math.type(client:pollfd()))
    assert.equal(client:pollfd(), client:pollfd())
    assert.equal("r", client:events())
    assert.is_nil(client:timeout())
  end)

  it("says 0 while something can be done at once", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local times = {}
    local client = with:client(peer, { wait = function(it)
      times[#times + 1] = it:timeout() or math.huge
      it:step(0.05)
      if #times > 200 then error("nothing moves any more", 0) end
    end })
    assert.equal("missing", select(2, client.data_assets:get(ID)).kind)
    assert.equal(0, times[1])
    assert.is_nil(client:timeout())
  end)

  it("says when a paused repeat is due", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "status", status = 429, retry_after = "1" }
    local longest, turns = 0, 0
    local client = with:client(peer, { wait = function(it)
      turns = turns + 1
      local seconds = it:timeout() or math.huge
      if seconds <= 3 then longest = math.max(longest, seconds) end
      it:step(seconds < math.huge and seconds or 0.05)
      if turns > 400 then error("nothing moves any more", 0) end
    end })
    client.data_assets:get(ID)
    assert.is_true(longest > 0.5, longest)
  end)

  it("calls the hook with the client, for every wait", function()
    local with = fixture.new(finally)
    local calls, seen = 0, nil
    local client = with:client(with:sandbox { latency = 0.05 }, { wait = function(it)
      calls, seen = calls + 1, it
      it:step(0.01)
    end })
    client.data_assets:get(ID)
    assert.equal(client, seen)
    assert.is_true(calls >= 2)
    calls = 0
    client:map({ 1, 2 }, function() return client.data_assets:get(ID) end)
    assert.is_true(calls >= 2)
    calls = 0
    assert.is_true(client:sleep(0.05))
    assert.is_true(calls >= 2)
  end)

  it("lets many coroutines of a loop share a client", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { latency = 0.05 }
    local client = with:client(peer, { wait = function() coroutine.yield() end })
    local threads, done = {}, 0
    for i = 1, 5 do
      threads[i] = coroutine.create(function()
        local _, err = client.data_assets:get(ID)
        assert.equal("missing", err.kind)
        client:map({ 1, 2 }, function() return client.data_assets:get(ID) end)
        done = done + 1
      end)
    end
    for _ = 1, 10000 do
      for _, thread in ipairs(threads) do
        if coroutine.status(thread) ~= "dead" then assert(coroutine.resume(thread)) end
      end
      if done == 5 then break end
      client:step(math.min(client:timeout() or 0.05, 0.05))
    end
    assert.equal(5, done)
    assert.equal(15, #peer:requests())
    assert.is_true(peer:stats().max_in_flight >= 5)
  end)

  it("passes an error of the hook on", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox(), { wait = function() error("from the loop", 0) end })
    local ok, problem = pcall(client.data_assets.get, client.data_assets, ID)
    assert.is_false(ok)
    assert.equal("from the loop", problem)
  end)

  it("sleeps without a request", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer)
    local began = core.now()
    assert.is_true(client:sleep(0.1))
    assert.is_true(core.now() - began >= 0.1)
    assert.equal(0, #peer:requests())
    assert.equal(0, client:stats().requests)
  end)

  it("returns from step in time when nothing is under way", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox())
    local began = core.now()
    client:step(0)
    client:step(0.05)
    assert.is_true(core.now() - began < 1)
  end)
end)

-- Ends -------------------------------------------------------------------------------------------

describe("cancel", function()
  it("ends the calls that wait, and the client goes on", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "stall" }
    local cancelling = true
    local client = with:client(peer, { wait = function(it)
      it:step(0.01)
      if cancelling and #peer:requests() > 0 then it:cancel() end
    end })
    local _, err = client.data_assets:get(ID)
    assert.equal("cancelled", err.kind)
    assert.equal("unknown", err.outcome)
    cancelling = false
    assert.equal("missing", select(2, client.data_assets:get(ID)).kind)
    assert.equal(0, client:stats().in_flight)
  end)

  it("ends tasks and sleeps, and says what was never sent", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "stall", count = -1 }
    local client = with:client(peer, { jobs = 2 })
    local _, errs = client:map({ 1, 2, 3, 4, 5 }, function(i)
      if i == 5 then
        client:sleep(0.05)
        client:cancel()
        return true
      end
      if i == 4 then return client:sleep(60) end
      return client.data_assets:get(ID)
    end, { jobs = 5 })
    for i = 1, 4 do assert.equal("cancelled", errs[i].kind) end
    assert.equal("unknown", errs[1].outcome)
    assert.equal("not_sent", errs[3].outcome)
    assert.is_nil(errs[5])
    peer:clear()
    assert.equal("missing", select(2, client.data_assets:get(ID)).kind)
  end)
end)

describe("close", function()
  it("makes later calls fail with `closed`", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 1 }
    local client = with:client(peer)
    client:close()
    client:close()
    assert.matches("%(closed%)$", tostring(client))
    local assets = client.data_assets
    local calls = {
      function() return assets:get(ID) end,
      function() return assets:search { limit = 1 } end,
      function() return assets:update(ID, { tags = {} }) end,
      function() return assets:delete(ID) end,
      function() return assets:archive(ID) end,
      function() return assets:all() end,
      function() return client:sleep(60) end,
      function() return assets:create { name = "n", mount = "m", tags = {},
        source = { aws = { bucket = "b" } } } end,
      function() return assets:wait_until_ready(ID, { timeout = 1, interval = 0.1 }) end,
    }
    for i, call in ipairs(calls) do
      local value, err = call()
      assert.is_nil(value)
      assert.equal("closed", err.kind, i)
      assert.equal("not_sent", err.outcome)
    end
    local _, errs = client:map({ 1, 2 }, function() return assets:get(ID) end)
    assert.equal("closed", errs[2].kind)
    client:step(0)
    client:cancel()
    assert.equal(0, #peer:requests())
  end)

  it("ends calls that wait with `cancelled`, from the hook", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "stall", count = -1 }
    local client = with:client(peer, { wait = function(it)
      it:step(0.01)
      if #peer:requests() > 0 then it:close() end
    end })
    local _, err = client.data_assets:get(ID)
    assert.equal("cancelled", err.kind)
    assert.equal("closed", select(2, client.data_assets:get(ID)).kind)
  end)

  it("inside a task ends the others and the map returns", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "stall", count = -1 }
    local client = with:client(peer, { wait = fixture.patient() })
    local results, errs = client:map({ 1, 2, 3, 4, 5, 6 }, function(i)
      if i == 3 then
        client:sleep(0.05)
        client:close()
        return "closed it"
      end
      return client.data_assets:get(ID)
    end, { jobs = 4 })
    assert.equal("closed it", results[3])
    assert.equal(6, results.n)
    for _, i in ipairs { 1, 2, 4 } do assert.equal("cancelled", errs[i].kind) end
    for _, i in ipairs { 5, 6 } do assert.equal("closed", errs[i].kind) end
  end)

  it("is done at the end of a scope", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local kept
    do
      local client <close> = with:client(peer)
      kept = client
      client.data_assets:get(ID)
    end
    assert.equal("closed", select(2, kept.data_assets:get(ID)).kind)
  end)
end)

describe("two clients", function()
  it("do not know of each other", function()
    local with = fixture.new(finally)
    local one, two = with:sandbox { seed = 5, token = "cop_one" }, with:sandbox { seed = 7,
      token = "cop_two" }
    local a, b = with:client(one), with:client(two)
    local results = a:map({ 1, 2, 3, 4 }, function(i)
      local mine = #assert(a.data_assets:all())
      local theirs = #assert(b.data_assets:all())
      local nested = b:map({ i }, function(j)
        a.data_assets:get(ID)
        return j + #b.data_assets:all()
      end)
      return { mine, theirs, nested[1] }
    end)
    assert.equal(4, results.n)
    for i = 1, 4 do assert.same({ 5, 7, 7 + i }, results[i]) end
    a:close()
    assert.equal(7, #assert(b.data_assets:all()))
    for _, request in ipairs(one:requests()) do
      assert.equal("Basic Y29wX29uZTo=", request.headers.authorization)
    end
  end)
end)

-- Garbage ----------------------------------------------------------------------------------------

describe("garbage", function()
  local PRELUDE = [[
    local sandbox = require("codeocean.sandbox").start { seed = 20 }
    local function client(options)
      options = options or {}
      options.domain, options.token = sandbox.url, sandbox.token
      return assert(require "codeocean".client(options))
    end
    local ID = "11111111-2222-4333-8444-555555555555"
  ]]
  local rows = {
    { "clients and transfers in any order", [[
      for round = 1, 30 do
        local c, kept = client(), {}
        for i = 1, 5 do kept[i] = c.engine:submit("get", ID) end
        if round % 3 == 0 then c.engine:step(0.01) end
        if round % 2 == 0 then c = nil else kept = nil end
        collectgarbage()
        c, kept = nil, nil
        collectgarbage()
      end
    ]] },
    { "a transfer that outlives its client", [[
      local c = client()
      local t = c.engine:submit("get", ID)
      c = nil
      collectgarbage() collectgarbage()
      assert(t:done())
      local value, facts = t:result()
      assert(value == nil and facts.kind == "cancelled", facts.kind)
    ]] },
    { "the state's end with requests in flight", [[
      sandbox:fault { kind = "stall", count = -1 }
      clients = {}
      for i = 1, 5 do
        clients[i] = client()
        for j = 1, 20 do clients[i].engine:submit("get", ID) end
        clients[i]:step(0.02)
      end
    ]] },
    { "the state's end inside a task", [[
      sandbox:fault { kind = "stall", count = -1 }
      local c = client()
      c:map({ 1, 2, 3 }, function(i)
        if i == 3 then c:sleep(0.02) os.exit(0, true) end
        return c.data_assets:get(ID)
      end)
    ]] },
    { "the state's end after an error in a task's source", [[
      local c = client()
      pcall(c.map, c, function() error "source" end, print)
      local iterator = c:each_done({ 1, 2, 3 }, function() return c.data_assets:get(ID) end)
      iterator()
    ]] },
    { "generational collection", [[
      collectgarbage("generational", 1, 1)
      local c = client()
      for _ = 1, 5 do
        local r, e = c:map(c.data_assets:each { limit = 3 }, function(a)
          local junk = {} for i = 1, 50 do junk[i] = { i } end
          return c.data_assets:get(a.id)
        end)
        assert(r.n == 20 and #r == 20 and next(e) == nil)
      end
    ]] },
    { "collection at every step", [[
      collectgarbage("setpause", 0) collectgarbage("setstepmul", 1000)
      local c = client()
      local r, e = c:map(c.data_assets:each { limit = 3 }, function(a)
        collectgarbage()
        local x = c.data_assets:get(a.id)
        collectgarbage()
        return x
      end)
      assert(r.n == 20 and #r == 20 and next(e) == nil)
      local _, errs = c:map({ 1, 2, 3 }, function()
        collectgarbage()
        return c.data_assets:get(ID)
      end)
      assert(errs[3].kind == "missing")
    ]] },
    { "loops that are left early", [[
      local c = client()
      for _ = 1, 20 do
        for i in c:each_done({ 1, 2, 3, 4, 5, 6 }, function() return c.data_assets:get(ID) end) do
          if i then break end
        end
        collectgarbage()
      end
      assert(c:stats().in_flight == 0)
      for a in c.data_assets:each { limit = 2 } do break end
    ]] },
    { "a client dropped without close, many times", [[
      for _ = 1, 300 do client() end
      collectgarbage() collectgarbage()
      local c = client()
      assert(c:pollfd() < 200, c:pollfd())
    ]] },
  }
  for _, program in ipairs(programs()) do
    for _, row in ipairs(rows) do
      it(("is survived by %s: %s"):format(program:match("[^/]*$"), row[1]), function()
        local result = child(program, PRELUDE .. row[2])
        assert.equal("", result.err)
        assert.equal(0, result.status)
      end)
    end
  end
end)

describe("stats", function()
  it("count what happened", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 3 }
    local client = with:client(peer)
    peer:fault { kind = "status", status = 500 }
    assert(client.data_assets:search { limit = 3 })
    local stats = client:stats()
    assert.equal(2, stats.requests)
    assert.equal(1, stats.retries)
    assert.equal(1, stats.connections)
    assert.equal(0, stats.in_flight)
    assert.is_true(stats.bytes_sent > 100 and stats.bytes_received > 300)
    assert.is_true(stats.latency_p50 > 0 and stats.latency_p50 <= stats.latency_p95)
    assert.is_true(stats.latency_p95 <= stats.latency_p99)
    assert.is_true(stats.window >= 1 and stats.window <= 16)
  end)
end)
