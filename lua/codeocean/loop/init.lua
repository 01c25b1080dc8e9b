--- Event loops of other programs: what a client's option `wait` may be.
--
--   local client = codeocean.client { wait = require "codeocean.loop.luv" }
--
-- This folder has one file for each supported loop: cqueues (also for lua-http), luv, copas,
-- prosody (its net.server) and haproxy. hook() makes the option for any other loop.

require "codeocean.lua.version"

local system = require "codeocean.lua.system"

local M = {}

-- Resumes every thread, also after one of them raised; then raises the first error.
local function resume_all(threads, resume)
  local failure
  for _, thread in ipairs(threads) do
    if coroutine.status(thread) == "suspended" then
      local ok, problem = pcall(resume, thread)
      if not ok and not failure then failure = { problem } end
    end
  end
  if failure then error(failure[1], 0) end
end

-- Watches a client's descriptor, and returns the list of the threads that wait for it. They are
-- woken together: each tests whether its call is done, and waits again if it is not.
local function watch(host, waiting, client)
  local threads = {}
  local stop = host.watch(client:pollfd(), client:timeout(), function()
    if waiting[client] ~= threads then return end
    waiting[client] = nil
    threads.stop()
    resume_all(threads, host.resume)
  end)
  threads.stop, waiting[client] = stop, threads
  return threads
end

--- hook{watch =, suspend =, resume =} -> function(client), for the option `wait` of a client:
--
--   watch(descriptor, seconds, wake) -> stop   calls wake() when the descriptor is readable or
--                                              <seconds> have passed (nil: no limit); stop() ends
--                                              the watch
--   suspend(thread)                            suspends the running thread, so that the loop runs.
--                                              By default coroutine.yield()
--   resume(thread)                             resumes the thread. By default M.resume
--
-- Where Lua cannot yield (no coroutine, or inside string.gsub) a call blocks until it is done.
function M.hook(host)
  local waiting = setmetatable({}, { __mode = "k" })
  local own = { watch = host.watch, suspend = host.suspend or function() coroutine.yield() end,
    resume = host.resume or M.resume }
  return function(client)
    if not coroutine.isyieldable() then return client:step() end
    -- One watch serves those that come later too: what they begin makes the descriptor readable.
    local threads = waiting[client] or watch(own, waiting, client)
    local thread = coroutine.running()
    threads[#threads + 1] = thread
    own.suspend(thread)
  end
end

--- resume(thread): coroutine.resume, whose error is raised with its traceback.
function M.resume(thread)
  local ok, problem = coroutine.resume(thread)
  if not ok then error(system.traceback(thread, tostring(problem)), 0) end
end

--- pause(sleep) -> function(client), for a loop that cannot watch a descriptor: sleep(seconds) lets
-- others run. The client is stepped every hundredth of a second.
function M.pause(sleep)
  return function(client)
    if not coroutine.isyieldable() then return client:step() end
    sleep(math.min(client:timeout() or M.PAUSE, M.PAUSE))
  end
end

M.PAUSE = 0.01

return M
