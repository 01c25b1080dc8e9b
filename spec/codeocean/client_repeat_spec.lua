-- Which requests are repeated, when, and how long a call may take.

local core = require "codeocean.core"
local fixture = require "fixture"

local ID = fixture.ID

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
    -- name, fault, class; kind and outcome if the request may not be repeated
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

  -- Seconds until a stalled attempt is given up. The repeat itself takes more than one second in a
  -- sanitized build on a busy machine.
  local STALLED = 3

  -- `warm`: over a connection that has served before, where libcurl may send again by itself.
  local function run(row, operation, warm, wait)
    local with <close> = fixture.new()
    local peer = with:sandbox { seed = 3 }
    local client = with:client(peer, { retries = 2, wait = wait,
      timeout = row[2].kind == "stall" and STALLED or 20 })
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
  local function measure()
    local bodies = {}
    outcomes = {}
    for operation in pairs(operations) do
      for _, row in ipairs(faults) do
        for _, warm in ipairs { true, false } do
          local key = operation .. row[1] .. tostring(warm)
          bodies[#bodies + 1] = function(wait)
            outcomes[key] = run(row, operation, warm, wait)
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
          if not outcomes then measure() end
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

  -- The clocks are years apart, whichever of them is wrong.
  for _, year in ipairs { 2015, 2037 } do
    it("may be a date by a clock that says " .. year, function()
      local with = fixture.new(finally)
      local server = with:server { fixture.answer("429 Too Many Requests", "{}", {
        ("Date: Thu, 01 Jan %d 12:00:00 GMT"):format(year),
        ("Retry-After: Thu, 01 Jan %d 12:00:01 GMT"):format(year) }),
        fixture.answer("404 Not Found", "{}") }
      local began = core.now()
      local _, err = with:client(server, { deadline = 20 }).data_assets:get(ID)
      assert.equal("missing", err.kind)
      assert.equal(2, err.attempts)
      assert.is_true(core.now() - began >= 1)
    end)
  end

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

  it("beyond the deadline ends the call at once", function()
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
    assert.is_true(core.now() - began < 5)
    assert.equal(1, #peer:requests())
  end)
end)
