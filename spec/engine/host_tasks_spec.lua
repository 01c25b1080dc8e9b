-- Tasks in the loop of a host: what one of them yields to the loop holds up nobody else, whichever
-- coroutine runs it, and whatever becomes of that coroutine.

local codeocean = require "codeocean"
local cqueues = require "cqueues"
local is_readable = require "is_readable"
local loop = require "codeocean.loop"
local sandbox = require "codeocean.sandbox"

local LIMIT = 5

describe("a task that yields to the host's loop", function()
  local server, client
  before_each(function()
    server = assert(sandbox.start {})
    client = assert(codeocean.client { domain = server.url, token = server.token,
      wait = function() coroutine.yield("hook") end })
  end)
  after_each(function()
    client:close()
    server:stop()
  end)

  -- Resumes a coroutine as long as it waits for the descriptor. Returns what it yielded or
  -- returned then.
  local function go(thread)
    repeat
      local _, value = assert(coroutine.resume(thread))
      if value ~= "hook" then return value end
    until not is_readable(client, LIMIT)
    return "is not woken"
  end

  local function new(fn) return coroutine.create(fn) end

  it("does not hold up the map of another caller", function()
    local function map(fn)
      local thread = new(function() return client:map({ 1 }, fn).n end)
      assert(coroutine.resume(thread))
      return thread
    end
    local first = map(function()
      client:sleep(0)
      coroutine.yield("host")
    end)
    local second = map(function() return client:sleep(0) end)
    assert.are.equal("host", go(first))
    assert.are.equal(1, go(second))
    assert.are.equal(1, go(first))
  end)

  it("is not run by another caller, whom it would hold up", function()
    local first = new(function()
      return client:map({ 1 }, function()
        client:sleep(0.01)
        coroutine.yield("host")
      end).n
    end)
    assert(coroutine.resume(first))
    local second = new(function() return client:map({ 1 }, function()
      return client:sleep(0.02)
    end).n end)
    assert.are.equal(1, go(second))
    assert.are.equal("host", go(first))
    assert.are.equal(1, go(first))
  end)

  it("is not run by another caller while nobody reads its results", function()
    local first = new(function()
      for i in client:each_done({ 1, 2 }, function(i)
        if i == 2 and client:sleep(0.01) then coroutine.yield("host") end
        return true
      end) do coroutine.yield(i) end
    end)
    assert.are.equal(1, go(first))
    assert.are.equal(1, go(new(function()
      return client:map({ 1 }, function() return client:sleep(0.02) end).n
    end)))
    assert.are.equal("host", go(first))
    assert.are.equal(2, go(first))
  end)

  it("is run by whoever waits for it, when another who read its results does not", function()
    local next_done = client:each_done({ 1, 2 }, function(i)
      return client:sleep(0.01 * i) and i
    end)
    local function read() return (next_done()) end
    local first, second = new(read), new(read)
    assert(coroutine.resume(second))
    assert.are.equal(1, go(first))
    assert.are.equal(2, go(second))
  end)

  -- Two coroutines read one iterator; the first is in the host's loop for the task.
  local function two_readers()
    local next_done = client:each_done({ 1 }, function()
      client:sleep(0)
      coroutine.yield("host")
      return "a result"
    end)
    local function read() return select(2, next_done()) end
    local first, second = new(read), new(read)
    assert.are.equal("host", go(first))
    assert(coroutine.resume(second))
    assert.is_false(is_readable(client, 0))
    return first, second
  end

  if coroutine.close then
    it("goes on when the coroutine that runs it is closed", function()
      local first, second = two_readers()
      coroutine.close(first)
      assert.is_true(is_readable(client, LIMIT))
      assert.are.equal("a result", go(second))
    end)
  end

  it("goes on when the coroutine that runs it is dropped", function()
    local function only_second()
      local _, second = two_readers()
      return second
    end
    local second = only_second()
    collectgarbage()
    collectgarbage()
    assert.is_true(is_readable(client, LIMIT))
    assert.are.equal("a result", go(second))
  end)

  it("may share an iterator of each_done with others", function()
    local results = client:map({ 1 }, function()
      local next_done = client:each_done({ 1, 2, 3 }, function(i) return client:sleep(0) and i end)
      return client:map({ 1, 2 }, function()
        local sum = 0
        for _, value in next_done do sum = sum + value end
        return sum
      end)
    end)
    assert.are.equal(6, results[1][1] + results[1][2])
  end)

  it("leaves the host's loop alone while nobody reads its results", function()
    client:each_done({ 1 }, function() return true end)
    assert.are_not.equal(0, client:timeout())
  end)
end)

describe("a task of one client that calls another client", function()
  local server, clients, own
  before_each(function()
    server = assert(sandbox.start {})
    clients = {}
    own = nil
  end)
  after_each(function()
    for _, client in ipairs(clients) do client:close() end
    server:stop()
  end)

  local function open(wait)
    local client = assert(codeocean.client { domain = server.url, token = server.token,
      wait = wait })
    clients[#clients + 1] = client
    return client
  end

  -- A loop of our own with one watch at a time.
  local function watch(descriptor, _, wake)
    own = { pollfd = descriptor, events = "r", wake = wake }
    return function() own = nil end
  end

  it("suspends the coroutine that the loop knows", function()
    local hook, threads = loop.hook { watch = watch }, {}
    local function wait(client)
      threads[#threads + 1] = coroutine.running()
      hook(client)
    end
    local outer, inner, innermost = open(wait), open(wait), open(wait)
    local results
    local thread = coroutine.create(function()
      results = outer:map({ 1, 2 }, function()
        return inner:map({ 1, 2 }, function() return innermost:sleep(0.001) end).n
      end)
    end)
    loop.resume(thread)
    while own and cqueues.poll(own, LIMIT) == own do own.wake() end
    assert.are.same({ 2, 2, n = 2 }, results)
    for _, running in ipairs(threads) do assert.are.equal(thread, running) end
  end)

  it("does not keep the loop busy while a task of that one waits for the first", function()
    local hooks = 0
    local function wait(client)
      hooks = hooks + 1
      cqueues.poll(client)
    end
    local one, other, controller = open(wait), open(wait), cqueues.new()
    controller:wrap(function() one:map({ 1 }, function() return other:sleep(0.3) end) end)
    controller:wrap(function() other:map({ 1 }, function() return one:sleep(0.3) end) end)
    assert(controller:loop(LIMIT))
    assert.is_true(controller:empty())
    assert.is_true(hooks < 100, hooks .. " calls of the hook")
  end)

  it("gets what the hook raises", function()
    local outer = open(function(it) it:step() end)
    local broken = open(function() error("the loop is gone", 0) end)
    local _, errs = outer:map({ 1 }, function() return broken:sleep(1) end)
    assert.are.equal("script", errs[1].kind)
    assert.matches("the loop is gone", errs[1].message)
  end)
end)
