-- The hook for other event loops, tried in an event loop that this file implements.

local fixture = require "fixture"
local loop = require "codeocean.loop"

-- A loop of our own: the watches that are set, each called by run_once().
local function own_loop()
  local watches, self = {}, { set = 0, stopped = 0 }
  function self.watch(descriptor, seconds, wake)
    assert(math.type(descriptor) == "integer" and (seconds == nil or seconds >= 0))
    local key = {}
    watches[key], self.set = wake, self.set + 1
    return function()
      if watches[key] then self.stopped = self.stopped + 1 end
      watches[key] = nil
    end
  end
  function self.run_once()
    local key, wake = next(watches)
    assert(key and not next(watches, key), "one watch for one client")
    wake()
  end
  function self.is_idle() return next(watches) == nil end
  return self
end

describe("a hook for another loop", function()
  it("suspends callers, and resumes all of them when the client can go on", function()
    local with, own = fixture.new(finally), own_loop()
    local peer = with:sandbox { seed = 4 }
    local client = with:client(peer, { wait = loop.hook { watch = own.watch } })
    peer:fault { kind = "delay", seconds = 0.05, operation = "search", count = -1 }
    local found = 0
    for _ = 1, 3 do
      loop.resume(coroutine.create(function()
        local page = assert(client.data_assets:search { limit = 2 })
        found = found + #page.results
      end))
    end
    while not own.is_idle() do own.run_once() end
    assert.are.equal(6, found)
    assert.are.equal(own.set, own.stopped)
    assert.are.equal(3, peer:stats().max_in_flight)
  end)

  it("resumes the others when one of them raises, and then raises that", function()
    local with, own = fixture.new(finally), own_loop()
    local client = with:client(with:sandbox { seed = 1 }, {
      wait = loop.hook { watch = own.watch } })
    local ended = {}
    for i = 1, 3 do
      loop.resume(coroutine.create(function()
        local _, err = client.data_assets:get(fixture.ID)
        ended[i] = err.kind
        if i == 2 then error("raised by two", 0) end
      end))
    end
    local ok, problem = true, nil
    while ok and not own.is_idle() do ok, problem = pcall(own.run_once) end
    while not own.is_idle() do own.run_once() end
    assert.is_false(ok)
    assert.is_truthy(tostring(problem):find("raised by two", 1, true))
    assert.are.same({ "missing", "missing", "missing" }, ended)
  end)

  it("sets one watch for callers that wait together", function()
    local with, own = fixture.new(finally), own_loop()
    local client = with:client(with:sandbox(), { wait = loop.hook { watch = own.watch } })
    for _ = 1, 3 do loop.resume(coroutine.create(function() client:sleep(10) end)) end
    assert.are.equal(1, own.set)
    client:cancel()
    own.run_once()
    assert.are.equal(1, own.stopped)
  end)

  it("wakes those that wait though no further watch can be set", function()
    local with, own, full = fixture.new(finally), own_loop(), false
    local client = with:client(with:sandbox(), { wait = loop.hook { watch = function(...)
      if full then error("no descriptor is left", 0) end
      return own.watch(...)
    end } })
    local threads = {}
    for i = 1, 2 do
      threads[i] = coroutine.create(function() client:sleep(10) end)
      loop.resume(threads[i])
      full = true
    end
    client:cancel()
    own.run_once()
    for i = 1, 2 do assert.are.equal("dead", coroutine.status(threads[i])) end
    assert.error_matches(function() coroutine.wrap(function() client:sleep(10) end)() end,
      "no descriptor is left")
  end)

  it("steps where Lua cannot yield", function()
    local with, own = fixture.new(finally), own_loop()
    local client = with:client(with:sandbox { seed = 1 }, {
      wait = loop.hook { watch = own.watch } })
    local kinds = {}
    local function get()
      kinds[#kinds + 1] = select(2, client.data_assets:get(fixture.ID)).kind
    end
    if not coroutine.isyieldable() then get() end
    loop.resume(coroutine.create(function() string.gsub("x", "x", get) end))
    assert.is_true(#kinds > 0)
    assert.are.equal("missing", kinds[#kinds])
    assert.are.equal(0, own.set)
  end)

  it("resumes waiting callers when the client is closed", function()
    local with, own = fixture.new(finally), own_loop()
    local peer = with:sandbox()
    peer:fault { kind = "stall" }
    local client = with:client(peer, { wait = loop.hook { watch = own.watch } })
    local err
    loop.resume(coroutine.create(function()
      err = select(2, client.data_assets:get(fixture.ID))
    end))
    while #peer:requests() == 0 do own.run_once() end
    client:close()
    own.run_once()
    assert.are.equal("cancelled", err.kind)
    assert.is_true(own.is_idle())
  end)

  it("steps the client in a loop that can only sleep", function()
    local with = fixture.new(finally)
    local slept = {}
    local client = with:client(with:sandbox { seed = 1 }, { wait = loop.pause(function(seconds)
      slept[#slept + 1] = seconds
      coroutine.yield()
    end) })
    local err
    local thread = coroutine.create(function()
      err = select(2, client.data_assets:get(fixture.ID))
    end)
    while coroutine.status(thread) ~= "dead" do loop.resume(thread) end
    assert.are.equal("missing", err.kind)
    assert.is_true(#slept > 0)
    for _, seconds in ipairs(slept) do assert.is_true(seconds >= 0 and seconds <= loop.PAUSE) end
  end)
end)
