-- A client in the event loops of cqueues and luv, joined by its `wait` hook.

local codeocean = require "codeocean"
local cqueues = require "cqueues"
local optional = require "optional"
local process = require "process"
local promptness = require "promptness"
local sandbox = require "codeocean.sandbox"
local uv = optional.module "luv"

local PERIOD, LIMIT = 0.010, 5

-- Each host: wait, the hook; run(fns) runs them as coroutines and returns whether all ended;
-- sleep(seconds) inside one. What a task of a map can wait for depends on the host: cqueues gets
-- what a coroutine yields, also through other coroutines; luv knows only the calling coroutine.
local hosts = {}

function hosts.cqueues()
  local loop = cqueues.new()
  return {
    wait = function(client) cqueues.poll(client) end,
    sleep = cqueues.sleep,
    sleep_in_task = cqueues.sleep,
    run = function(fns)
      for _, fn in ipairs(fns) do loop:wrap(fn) end
      assert(loop:loop(LIMIT))
      return loop:empty()
    end,
  }
end

function hosts.luv()
  local waiting, poll, left = {}, nil, 0
  local timer, watchdog = uv.new_timer(), uv.new_timer()
  local function resume(thread)
    assert(coroutine.resume(thread))
    if coroutine.status(thread) == "dead" then left = left - 1 end
    if left == 0 then uv.stop() end
  end
  local function wake()
    local woken = waiting
    waiting = {}
    poll:stop()
    timer:stop()
    for _, thread in ipairs(woken) do resume(thread) end
  end
  local function pause(seconds)
    local thread, once = coroutine.running(), uv.new_timer()
    once:start(math.ceil(seconds * 1000), 0, function()
      once:close()
      resume(thread)
    end)
    coroutine.yield()
  end
  local function wait(client)
    local seconds = client:timeout()
    poll = poll or uv.new_poll(client:pollfd())
    poll:start(client:events(), wake)
    if seconds then timer:start(math.ceil(seconds * 1000), 0, wake) end
    waiting[#waiting + 1] = coroutine.running()
    coroutine.yield()
  end
  local function run(fns)
    left = #fns
    for _, fn in ipairs(fns) do resume(coroutine.create(fn)) end
    watchdog:start(LIMIT * 1000, 0, uv.stop)
    if left > 0 then uv.run() end
    if poll then poll:close() end
    timer:close()
    watchdog:close()
    uv.run("nowait")
    return left == 0
  end
  local function sleep_in_task(seconds, client) assert(client:sleep(seconds)) end
  return { wait = wait, sleep = pause, sleep_in_task = sleep_in_task, run = run }
end

local now = cqueues.monotime

for _, name in ipairs(optional.names { "cqueues", "luv" }) do
  local new_host = hosts[name]
  describe("in a " .. name .. " loop", function()
    local server, client, host, id, waits

    before_each(function()
      server = assert(sandbox.start { seed = 5 })
      host, waits = new_host(), 0
      client = assert(codeocean.client { domain = server.url, token = server.token, retries = 0,
        wait = function(c)
          waits = waits + 1
          host.wait(c)
        end })
      local quiet <close> = assert(codeocean.client { domain = server.url, token = server.token })
      id = assert(quiet.data_assets:search { limit = 1 }).results[1].id
      server:clear()
    end)

    after_each(function()
      client:close()
      server:stop()
    end)

    local function get() return client.data_assets:get(id) end

    -- Waits until `count` requests have come in.
    local function arrived(count)
      while server:stats().requests < count do host.sleep(PERIOD) end
    end

    -- Runs `waiters` against a server that stays silent, ends them by `how` once `count` requests
    -- are there, and gives their errors and the longest that one took to return.
    local function ended_by(how, count, waiters)
      local errs, began, took = {}, nil, 0
      server:fault { kind = "stall", operation = "get", count = -1 }
      local fns = {}
      for i, waiter in ipairs(waiters) do
        fns[i] = function()
          local _, err = waiter()
          errs[i], took = err, math.max(took, now() - began)
        end
      end
      fns[#fns + 1] = function()
        arrived(count)
        began = now()
        how()
      end
      assert.is_true(host.run(fns), "all ended")
      return errs, took
    end

    it("many calls are under way at once", function()
      local right = 0
      local fns = {}
      for i = 1, 12 do
        fns[i] = function()
          local asset = assert(get())
          right = right + (asset.id == id and 1 or 0)
        end
      end
      server:fault { kind = "delay", seconds = 0.5, count = -1 }
      assert.is_true(host.run(fns))
      assert.are.equal(12, right)
      assert.is_true(server:stats().max_in_flight >= 8)
    end)

    it("cancel() returns every call at once, and the client goes on", function()
      local errs, took = ended_by(function() client:cancel() end, 3, { get, get, get })
      for i = 1, 3 do assert.are.equal("cancelled", errs[i].kind) end
      promptness.within(0.05, took, function(seconds) server:wait(seconds) end)
      server:clear()
      host = new_host()
      assert.is_true(host.run { function() assert.are.equal(id, assert(get()).id) end })
    end)

    it("close() returns every call at once", function()
      local errs, took = ended_by(function() client:close() end, 3, { get, get, get })
      for i = 1, 3 do assert.are.equal("cancelled", errs[i].kind) end
      promptness.within(0.05, took, function(seconds) server:wait(seconds) end)
      local _, err = get()
      assert.are.equal("closed", err.kind)
    end)

    it("close() right after a call leaves the loop running", function()
      local ticks = 0
      assert.is_true(host.run {
        function()
          assert(get())
          client:close()
        end,
        function()
          for _ = 1, 5 do
            host.sleep(PERIOD)
            ticks = ticks + 1
          end
        end })
      assert.are.equal(5, ticks)
    end)

    it("cancel() ends a map, each item with its error", function()
      local errs, took = ended_by(function() client:cancel() end, 2, {
        function() return client:map({ id, id }, get) end })
      assert.are.equal("cancelled", errs[1][1].kind)
      assert.are.equal("cancelled", errs[1][2].kind)
      promptness.within(0.05, took, function(seconds) server:wait(seconds) end)
    end)

    it("maps side by side end, though their tasks wait for the loop too", function()
      local ended = 0
      local function map_with(seconds)
        return function()
          local results = client:map({ id, id, id }, function()
            host.sleep_in_task(seconds, client)
            return assert(get()).id
          end)
          assert.are.same({ id, id, id, n = 3 }, results)
          ended = ended + 1
        end
      end
      assert.is_true(host.run { map_with(0.02), map_with(0.01) })
      assert.are.equal(2, ended)
    end)

    it("a waiting coroutine that is dropped costs the others nothing", function()
      local other = new_host()
      local used = host
      server:fault { kind = "delay", seconds = 0.05, operation = "get" }
      server:fault { kind = "delay", seconds = 0.4, operation = "get" }
      -- Its loop never runs; its answer comes while the other one waits.
      host = { wait = coroutine.yield }
      local dropped = coroutine.create(get)
      coroutine.resume(dropped)
      host = other
      assert.is_true(other.run { get })
      host = used
      assert.are.equal("suspended", coroutine.status(dropped))
      assert.is_true(waits < 60, waits .. " waits")
    end)

    -- The lateness of the worst of 30 ticks while four calls wait for a server that stays silent.
    local function worst_tick()
      local worst = 0
      client:cancel()
      server:clear()
      host = new_host()
      ended_by(function()
        local last = now()
        for _ = 1, 30 do
          host.sleep(PERIOD)
          local tick = now()
          last, worst = tick, math.max(worst, tick - last - PERIOD)
        end
        client:cancel()
      end, 4, { get, get, get, get })
      return worst
    end

    -- The best of five: what we would do to a ticker happens every time, other programs do not.
    it("a ticker keeps its time while the server is silent", function()
      local worst = math.huge
      for _ = 1, 5 do
        worst = math.min(worst, worst_tick())
        if worst < 0.02 then break end
      end
      assert.is_true(worst < 0.02, ("%.1f ms late"):format(worst * 1000))
    end)
  end)
end

describe("a descriptor that is watched with nobody waiting", function()
  optional.it("luv", "is silent when the server closes idle connections", function()
    local server = assert(sandbox.start { seed = 5 })
    local client <close> = assert(codeocean.client { domain = server.url, token = server.token })
    local descriptor = client:pollfd()
    assert(client.data_assets:search { limit = 1 })
    server:stop()
    local watch, timer, woken = uv.new_poll(descriptor), uv.new_timer(), 0
    watch:start("r", function() woken = woken + 1 end)
    timer:start(100, 0, uv.stop)
    uv.run()
    watch:close()
    timer:close()
    uv.run "nowait"
    assert.are.equal(0, woken)
  end)
end)

describe("a wait hook", function()
  local server, client
  before_each(function() server = assert(sandbox.start { seed = 5 }) end)
  after_each(function()
    client:close()
    server:stop()
  end)

  local function open(wait)
    client = assert(codeocean.client { domain = server.url, token = server.token, wait = wait })
    return client.data_assets
  end

  it("that yields is left out outside a coroutine", function()
    local called = 0
    local assets = open(function()
      called = called + 1
      coroutine.yield()
    end)
    assert.is_truthy(assets:search { limit = 1 })
    assert.is_true(called > 0)
    assert.is_nil(client.pollers:oldest())
  end)

  it("that raises leaves nothing raised in the client", function()
    local fails = true
    local assets = open(function(it)
      if fails then error "the loop is gone" end
      it:step(0.01)
    end)
    local ok, problem = pcall(assets.search, assets, { limit = 1 })
    assert.is_false(ok)
    assert.matches("the loop is gone", problem)
    assert.is_nil(client.pollers:oldest())
    fails = false
    assert.is_truthy(assets:search { limit = 1 })
    assert.are.equal(0, client:stats().in_flight)
  end)
end)

describe("the example", function()
  local server
  setup(function() server = assert(sandbox.start { seed = 40, latency = 0.05 }) end)
  teardown(function() server:stop() end)

  local function run(program, example)
    local result = process.run(program, { "examples/" .. example .. ".lua" }, { env = {
      LUA_PATH = "lua/?.lua;lua/?/init.lua;;",
      LUA_CPATH = (os.getenv "BUILD" or "build") .. "/?.so;;",
      CODEOCEAN_DOMAIN = server.url, CODEOCEAN_TOKEN = server.token } })
    assert.are.equal("", result.err)
    assert.are.equal(0, result.status)
    local read, more, late = result.out:match("^(%d+) assets read by 8 coroutines, (%d+) more by "
      .. "a map\nthe worst tick came ([%d.]+) ms late\n$")
    assert(read, result.out)
    return tonumber(read), tonumber(more), tonumber(late)
  end

  for _, program in ipairs(process.hosts()) do
    for _, example in ipairs(optional.names { "cqueues", "luv" }) do
      it(example .. " under " .. program:match("[^/]+$"), function()
        local late = math.huge
        for _ = 1, 5 do
          local read, more, worst = run(program, example)
          assert.are.equal(38, read)
          assert.are.equal(38, more)
          late = math.min(late, worst)
          if late < 20 then break end
        end
        assert.is_true(late < 20, late .. " ms late")
      end)
    end
  end
end)
