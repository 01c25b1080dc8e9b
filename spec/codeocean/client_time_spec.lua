-- Time-outs, the rate limit, counters.

local core = require "codeocean.core"
local fixture = require "fixture"

local ID = fixture.ID
local FAR = 20 -- seconds: far from the times below, also on a slow machine, and from the default's

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
    assert.is_true(seconds >= 0.2 and seconds < FAR, seconds)
  end)

  it("end an answer that does not come to its end", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 3 }
    peer:fault { kind = "slow", bytes = 1, interval = 0.05, count = -1 }
    local client = with:client(peer, { timeout = 0.2, retries = 0 })
    local seconds, _, err = took(function() return client.data_assets:search { limit = 3 } end)
    assert.equal("timeout", err.kind)
    assert.is_true(seconds >= 0.2 and seconds < FAR, seconds)
  end)

  it("end the operation at its deadline, whatever attempts are left", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "stall", count = -1 }
    local client = with:client(peer, { timeout = 60, deadline = 0.4, retries = 100 })
    local seconds, _, err = took(function() return client.data_assets:get(ID) end)
    assert.equal("timeout", err.kind)
    assert.is_true(seconds >= 0.3 and seconds < FAR, seconds)
  end)

  it("end the wait for a place in the window", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "stall", count = -1 }
    local client = with:client(peer, { jobs = 1, deadline = 0.3, retries = 0 })
    local seconds, _, errs = took(function()
      return client:map({ 1, 2, 3 }, function() return client.data_assets:get(ID) end)
    end)
    assert.is_true(seconds < FAR, seconds)
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
