--- A sum of sizes in bytes, exact beyond 2^63-1 (a few thousand assets of some PiB each exceed it).
--
-- Used by stats, report and totals. A value that is not a whole number of 0 or more is not added.

local format = require "codeocean.output.format"

local M = {}

local BASE = 1000000000000000000 -- 10^18: a sum is high * BASE + low, low below BASE
local EIB = 1 << 60

local Sum = { __name = "codeocean.estate.byte_sum" }
Sum.__index = Sum

--- new() -> a sum of 0.
function M.new() return setmetatable({ high = 0, low = 0 }, Sum) end

--- add(bytes): adds an integer of 0 or more; anything else changes nothing.
function Sum:add(bytes)
  local count = type(bytes) == "number" and math.tointeger(bytes)
  if not count or count < 0 then return end
  self.high = self.high + count // BASE
  self.low = self.low + count % BASE
  if self.low >= BASE then self.high, self.low = self.high + 1, self.low - BASE end
end

--- add_sum(other): adds another sum.
function Sum:add_sum(other)
  self.high = self.high + other.high
  self:add(other.low)
end

--- The sum as a float, for comparing and drawing.
function Sum:approximately() return self.high * 1e18 + self.low end

--- The sum as data: an integer, or beyond 2^63-1 its decimal text.
function Sum:value()
  local text = self.high > 0 and ("%d%018d"):format(self.high, self.low) or ("%d"):format(self.low)
  return math.tointeger(tonumber(text)) or text
end

--- The sum for people: "6.4 PiB".
function Sum:size()
  local value = self:value()
  if math.type(value) == "integer" then return format.size(value) end
  return ("%.1f EiB"):format(self:approximately() / EIB)
end

Sum.__lt = function(a, b)
  if a.high ~= b.high then return a.high < b.high end
  return a.low < b.low
end

return M
