-- A client in an event loop of its host, and how it is closed there.

local core = require "codeocean.core"
local fixture = require "fixture"

local ID = fixture.ID

describe("the event-loop interface", function()
  it("has a descriptor, events and a time", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox())
    assert.equal("integer", math.type(client:pollfd()))
    assert.equal(client:pollfd(), client:pollfd())
    assert.equal("r", client:events())
    assert.is_nil(client:timeout())
  end)

  it("gives a timeout of 0 while something can be done at once", function()
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

  it("gives a timeout until a paused repeat is due", function()
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
    local peer = with:sandbox { latency = 0.2 }
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
    for _ = 1, 500 do   -- each step waits: what is told to the loop does not keep it spinning
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
    assert.is_true(core.now() - began < 20)
  end)
end)

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

  it("ends tasks and sleeps, and marks what was never sent", function()
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
    for _, i in ipairs { 5, 6 } do assert.equal("pending", errs[i].kind) end
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
  it("are independent of each other", function()
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
