-- Pollers: who is still to be woken after a nudge.

local pollers = require "codeocean.tasks.pollers"

describe("codeocean.tasks.pollers", function()
  local list

  before_each(function() list = pollers.new() end)

  -- A coroutine that waits in the hook until it is resumed.
  local function waiting()
    local thread = coroutine.create(function() list:poll(coroutine.yield, "the client") end)
    assert.same({ true, "the client" }, { coroutine.resume(thread) })
    return thread
  end

  it("nudges nobody while nobody waits", function()
    assert.is_false(list:nudge())
    assert.is_false(list:all_woken())
  end)

  it("ends a nudge once, when all have returned that waited at that time", function()
    local first, second = waiting(), waiting()
    assert.is_true(list:nudge())
    local late = waiting()
    coroutine.resume(second)
    assert.is_false(list:all_woken())
    coroutine.resume(first)
    assert.is_true(list:all_woken())
    assert.is_false(list:all_woken())
    assert.equal("suspended", coroutine.status(late))
  end)

  it("starts again with a nudge that comes meanwhile", function()
    local first = waiting()
    list:nudge()
    local second = waiting()
    list:nudge()
    coroutine.resume(first)
    assert.is_false(list:all_woken())
    coroutine.resume(second)
    assert.is_true(list:all_woken())
  end)

  it("counts no coroutine that is gone", function()
    local ended = waiting()
    waiting()
    debug.sethook(ended, function() error "the host ends it" end, "", 1)
    coroutine.resume(ended)
    collectgarbage()
    assert.is_nil(list:oldest())
    assert.is_false(list:nudge())
  end)

  it("passes on what the hook raises, and then has nobody who waits", function()
    local problem = {}
    local _, raised = pcall(list.poll, list, function() error(problem) end)
    assert.equal(problem, raised)
    assert.is_nil(list:oldest())
  end)

  it("keeps nothing of those that returned", function()
    local first = waiting()
    for _ = 1, 1000 do coroutine.resume(waiting()) end
    assert.equal(1, list:oldest())
    assert.is_nil(next(list.began, 1))
    coroutine.resume(first)
    assert.is_nil(next(list.began))
  end)
end)
