-- Hosts that resume the coroutines that wait in the hook in every order, also only some of them.
-- They do so only when the descriptor is readable: whoever waits must always be woken.

local codeocean = require "codeocean"
local cqueues = require "cqueues"
local is_readable = require "is_readable"
local sandbox = require "codeocean.sandbox"

local HISTORIES, LIMIT = 120, 5

describe("of coroutines that wait for the descriptor", function()
  local server, client
  before_each(function()
    server = assert(sandbox.start { seed = 5 })
    client = assert(codeocean.client { domain = server.url, token = server.token,
      wait = function() coroutine.yield() end })
  end)
  after_each(function()
    client:close()
    server:stop()
  end)

  -- A coroutine that sleeps by the client, calls fn, and waits in the hook now.
  local function waiting(seconds, fn)
    local thread = coroutine.create(function()
      local ok, err = client:sleep(seconds)
      if fn then fn() end
      return ok or err.kind
    end)
    assert(coroutine.resume(thread))
    return thread
  end

  local function ended(thread)
    local _, result = assert(coroutine.resume(thread))
    assert.are.equal("dead", coroutine.status(thread))
    return result
  end

  it("each is woken though another one collects its answer and others step", function()
    local first, second, third = waiting(10), waiting(10), waiting(10)
    client:cancel()
    assert.are.equal("cancelled", ended(second))
    assert.are.equal("cancelled", ended(third))
    assert.is_true(is_readable(client, LIMIT))
    assert.are.equal("cancelled", ended(first))
    assert.is_false(is_readable(client, 0))
  end)

  it("one is woken though another that began before it has ended", function()
    local first, second = waiting(0.01), waiting(10)
    assert.is_true(is_readable(client, LIMIT))
    assert.is_true(ended(first))
    client:cancel()
    assert.is_true(client:sleep(0.01)) -- steps, since the hook cannot yield here
    assert.is_true(is_readable(client, LIMIT))
    assert.are.equal("cancelled", ended(second))
  end)

  it("each is woken when one of them closes the client", function()
    local first, second = waiting(10), waiting(0.01, function() client:close() end)
    local third = waiting(10)
    assert.is_true(is_readable(client, LIMIT))
    assert.is_true(ended(second))
    assert.are.equal("cancelled", ended(third))
    assert.is_true(is_readable(client, LIMIT))
    assert.are.equal("cancelled", ended(first))
    assert.is_false(is_readable(client, 0))
  end)

  it("one that was dropped does not wake the host", function()
    waiting(10)
    local second = waiting(10)
    collectgarbage()
    client:cancel()
    assert.are.equal("cancelled", ended(second))
    assert.is_false(is_readable(client, 0))
  end)
end)

describe("a host that resumes its coroutines in any order", function()
  local server, ids, client, waiting
  local random = math.random

  setup(function()
    server = assert(sandbox.start { seed = 5, latency = 0.001 })
    local quiet <close> = assert(codeocean.client { domain = server.url, token = server.token })
    ids = {}
    for i, asset in ipairs(assert(quiet.data_assets:search { limit = 5 }).results) do
      ids[i] = asset.id
    end
  end)

  teardown(function() server:stop() end)

  local function wait(it)
    if not coroutine.isyieldable() then return it:step() end
    waiting[#waiting + 1] = coroutine.running()
    coroutine.yield()
  end

  local actions = {}

  local function act(depth)
    for _ = 1, random(3) do actions[random(#actions)](depth) end
    return true
  end

  local function get() return client.data_assets:get(ids[random(#ids)]) end

  actions = {
    get, get, get,
    function() client:sleep(random() * 0.004) end,
    function(depth)
      local function fn() return act(1) end
      if depth == 0 then client:map({ 1, 2, 3 }, fn, { jobs = random(3) }) end
    end,
    function() if random(4) == 1 then client:cancel() end end,
    function()
      local calls = client:with { deadline = LIMIT }
      calls.data_assets:get(ids[1])
      calls:cancel()
    end,
    -- A program that holds its host up.
    function()
      local till = cqueues.monotime() + 0.002
      repeat until cqueues.monotime() > till
    end,
    function() if random(20) == 1 then client:close() end end,
    function() string.gsub("x", "x", function() get() end) end,
  }

  local function resume(thread) assert(coroutine.resume(thread)) end

  -- Those that wait now, in random order; each but the first with the probability `share`.
  local function take(share)
    local taken, left = {}, {}
    while #waiting > 0 do
      local thread = table.remove(waiting, random(#waiting))
      local list = (#taken == 0 or random() < share) and taken or left
      list[#list + 1] = thread
    end
    waiting = left
    return taken
  end

  -- Returns how many coroutines were never woken.
  local function history(seed, share)
    math.randomseed(seed)
    waiting = {}
    client = assert(codeocean.client { domain = server.url, token = server.token,
      jobs = random(6), wait = wait })
    for _ = 1, random(2, 8) do resume(coroutine.create(function() act(0) end)) end
    while #waiting > 0 and is_readable(client, LIMIT) do
      for _, thread in ipairs(take(share)) do resume(thread) end
    end
    client:close()
    return #waiting
  end

  for name, share in pairs { all = 1, some = 0.5 } do
    it("wakes " .. name .. " of those that wait at a time, and none is forgotten", function()
      for seed = 1, HISTORIES do
        assert.are.equal(0, history(seed, share), "history " .. seed)
      end
    end)
  end
end)
