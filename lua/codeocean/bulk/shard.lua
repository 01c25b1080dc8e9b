--- Shards: a stable part of a list of ids, so that one job can be spread over machines.

local ascii = require "codeocean.ascii"
local core = require "codeocean.core"

local M = {}

-- A hash of the id's digits: the same for every spelling of an id.
local function hash(id)
  return core.fnv((ascii.lower(id):gsub("%X", "")))
end

--- Whether a value is {i, n} with 1 <= i <= n.
function M.valid(shard)
  return type(shard) == "table" and math.type(shard[1]) == "integer"
    and math.type(shard[2]) == "integer" and shard[1] >= 1 and shard[1] <= shard[2]
end

--- Whether an id belongs to the shard {i, n}; without a shard always true.
function M.holds(shard, id)
  if not shard then return true end
  return ((hash(id) >> 33) % shard[2]) + 1 == shard[1]
end

return M
