-- client:with: a deadline and a cancel for some calls only.

local core = require "codeocean.core"
local fixture = require "fixture"

describe("client:with", function()
  local with, peer, client, id

  before_each(function()
    with = fixture.new(finally)
    peer = with:sandbox { seed = 3 }
    client = with:client(peer, { deadline = 60, retries = 8 })
    id = client.data_assets:search({ limit = 1 }).results[1].id
  end)

  it("gives each call that deadline, a search too, and keeps the client's own", function()
    local hasty = client:with { deadline = 0.3 }
    for operation, call in pairs {
      get = function() return hasty.data_assets:get(id) end,
      search = function() return hasty.data_assets:search { limit = 1 } end,
    } do
      peer:fault { kind = "stall", operation = operation, count = -1 }
      local began = core.now()
      local value, err = call()
      assert.is_nil(value)
      assert.are.same({ "timeout", operation }, { err.kind, err.operation })
      assert.is_true(core.now() - began < 20)
      peer:clear()
    end
    assert.are.equal(60, client.deadline)
    peer:fault { kind = "delay", operation = "get", seconds = 0.6, count = 1 }
    assert.are.equal(id, assert(client.data_assets:get(id)).id)
  end)

  it("cancels its own calls and no others", function()
    local some = client:with {}
    peer:fault { kind = "delay", operation = "get", seconds = 0.2, count = -1 }
    local results, errs = client:map({ "its", "ours", "end" }, function(what)
      if what == "its" then return some.data_assets:get(id) end
      if what == "ours" then return client.data_assets:get(id) end
      while client:stats().in_flight < 2 do assert(client:sleep(0.01)) end
      some:cancel()
      return true
    end)
    assert.are.equal("cancelled", errs[1].kind)
    assert.are.equal(id, results[2].id)
    assert.are.equal(id, assert(some.data_assets:get(id)).id)
  end)

  it("cancels its own sleeps", function()
    local some = client:with {}
    local _, errs = client:map({ 1, 2 }, function(i)
      if i == 1 then return some:sleep(60) end
      some:cancel()
      return true
    end)
    assert.are.equal("cancelled", errs[1].kind)
  end)

  it("of another such group: both can cancel its calls", function()
    local outer = client:with {}
    local inner = outer:with { deadline = 5 }
    for _, group in ipairs { outer, inner } do
      local _, errs = client:map({ 1, 2 }, function(i)
        if i == 1 then return inner:sleep(60) end
        group:cancel()
        return true
      end)
      assert.are.equal("cancelled", errs[1].kind)
    end
  end)

  it("gives the schema that deadline too, and cancels its reading", function()
    peer:fault { kind = "stall", operation = "custom_metadata", count = -1 }
    local _, err = client:with({ deadline = 0.2 }):custom_metadata()
    assert.are.equal("timeout", err.kind)
    local some = client:with {}
    local _, errs = client:map({ 1, 2 }, function(i)
      if i == 1 then return some:custom_metadata() end
      some:cancel()
      return true
    end)
    assert.are.equal("cancelled", errs[1].kind)
  end)

  it("does not wait for a search of others, which its deadline and cancel() do not end", function()
    local fresh = with:client(peer, { dialect = "auto", deadline = 60 })
    peer:fault { kind = "stall", operation = "search", count = -1 }
    local some = fresh:with {}
    local _, errs = fresh:map({ "other", "hasty", "its" }, function(what)
      if what == "other" then return fresh.data_assets:search {} end
      if what == "its" then return some.data_assets:search {} end
      local value, err = fresh:with({ deadline = 0.2 }).data_assets:search {}
      some:cancel()
      fresh:sleep(0)
      fresh:cancel()
      return value, err
    end)
    assert.are.equal("timeout", errs[2].kind)
    for _, i in ipairs { 1, 3 } do assert.are.equal("cancelled", errs[i].kind) end
    assert.are.equal(3, #fixture.seen(peer, "search") - 1)
  end)

  it("leaves it to the client to cancel all, those too that wait for a search of others", function()
    local fresh = with:client(peer, { dialect = "auto" })
    peer:fault { kind = "stall", operation = "search", count = -1 }
    local _, errs = fresh:map({ 1, 2, 3 }, function(i)
      if i < 3 then return fresh.data_assets:search {} end
      fresh:cancel()
      return true
    end)
    for i = 1, 2 do assert.are.equal("cancelled", errs[i].kind) end
  end)

  -- Lua shows the keys of a table with weak keys once more after they were finalized.
  it("cancels though some of its calls were collected", function()
    local some = client:with {}
    local cancelled = 0
    for _ = 1, 50 do
      assert(some:sleep(0))
      setmetatable({}, { __gc = function()
        some:cancel()
        cancelled = cancelled + 1
      end })
      collectgarbage()
    end
    assert.are.equal(50, cancelled)
  end)

  it("is the client for all else: hooks, counters, dialect, its end", function()
    local some, seen = client:with { deadline = 5 }, {}
    some:on("answer", function(call) seen[#seen + 1] = call.operation end)
    assert(some.data_assets:get(id))
    assert(client.data_assets:get(id))
    assert.are.same({ "get", "get" }, seen)
    assert.are.equal(client:stats().requests, some:stats().requests)
    assert.are.equal(client:stats().dialect, some:stats().dialect)
    assert.are.equal(tostring(client), tostring(some))
    some:close()
    local _, err = client.data_assets:get(id)
    assert.are.equal("closed", err.kind)
  end)

  it("refuses an option that it does not know", function()
    assert.error_matches(function() client:with { deadlin = 1 } end, "deadline")
    assert.error_matches(function() client:with { deadline = -1 } end, "deadline")
  end)

  it("shares the dialect that it finds out with the client", function()
    local fresh = with:client(with:sandbox { seed = 3, dialect = "2022" })
    assert(fresh:with({}).data_assets:search { limit = 1 })
    assert.are.equal("2022", fresh:stats().dialect)
  end)
end)
