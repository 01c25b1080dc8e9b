-- Samples of a process's use of memory and descriptors over time; the last third is compared with
-- the first.

local core = require "codeocean.core"

local M = {}

local PAGE = 4096

local Gauge = {}
Gauge.__index = Gauge

--- Resident bytes of this process.
function M.resident()
  local file = assert(io.open "/proc/self/statm")
  local _, pages = file:read("n", "n")
  file:close()
  return pages * PAGE
end

--- Open descriptors of this process.
function M.descriptors()
  return #assert(core.list_folder "/proc/self/fd")
end

function M.new() return setmetatable({ rss = {}, fds = {}, done = {} }, Gauge) end

--- Adds a sample of each number; `done` is what was done since the last time. A report keeps its
-- journal open until it is collected, so garbage is collected first.
function Gauge:sample(done)
  collectgarbage()
  self.rss[#self.rss + 1] = M.resident()
  self.fds[#self.fds + 1] = M.descriptors()
  self.done[#self.done + 1] = done
end

local function median(list, from, to)
  local part = table.move(list, from, to, 1, {})
  table.sort(part)
  return part[#part // 2 + 1]
end

-- The medians of the first and of the last third.
local function thirds(list)
  local third = #list // 3
  return median(list, 1, third), median(list, #list - third + 1, #list)
end

--- What grew: a line of figures, and a list of complaints. Descriptors are only reported: a client
-- that gets more done has more connections.
function Gauge:compare()
  assert(#self.rss >= 9, "too short to compare anything")
  local rss, rss_end = thirds(self.rss)
  local fds, fds_end = thirds(self.fds)
  local done, done_end = thirds(self.done)
  local wrong = {}
  if rss_end > rss * 1.1 then wrong[#wrong + 1] = "the resident memory grows" end
  return ("%.0f -> %.0f a second, %.1f -> %.1f MiB, %d -> %d fds"):format(done, done_end,
    rss / 2^20, rss_end / 2^20, fds, fds_end), wrong
end

return M
