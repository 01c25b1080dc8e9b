--- A queue of values: first in, first out, in constant time for each.
--
-- Used by codeocean.tasks.map for the workers that wait and the results that nobody has read yet.
-- (table.remove(list, 1) moves all other values: with 500 jobs that took a tenth of a bulk run.)

local object = require "codeocean.object"

local M = {}

local Queue, metatable = object.class "codeocean.tasks.queue"

--- new() -> an empty queue; `count` is the number of its values.
function M.new() return setmetatable({ values = {}, first = 1, count = 0 }, metatable) end

--- push(value): appends a value that is not nil.
function Queue:push(value)
  self.values[self.first + self.count] = value
  self.count = self.count + 1
end

--- pop() -> the oldest value, which is removed; nil if there is none.
function Queue:pop()
  local first = self.first
  local value = self.values[first]
  if value == nil then return nil end
  self.values[first] = nil
  self.count = self.count - 1
  self.first = self.count > 0 and first + 1 or 1
  return value
end

return M
