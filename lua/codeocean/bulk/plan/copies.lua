--- Copies of assets and values for a user's functions: a function may sort, extend or edit its
-- tables, at once or later, and this does not change what a run plans from or writes.
--
-- Called wherever a run gives an asset to a function, or takes values from one. (confirm and
-- on_event get records that are read from the journal for them alone.)

local core = require "codeocean.core"
local errors = require "codeocean.error"
local expressions = require "codeocean.expression"

local M = {}

--- copy(value) -> a deep copy of a value of JSON: it shares no table with `value`. Lists stay
-- lists, numbers beyond 64 bits stay numbers. An error object is no value of JSON, and stays.
function M.copy(value)
  if type(value) ~= "table" or errors.is(value) then return value end
  return core.json_copy(value)
end

--- for_function(fn, asset) -> the argument for `fn`: a copy of the asset; or the asset itself if
-- `fn` is an expression, which cannot edit it.
function M.for_function(fn, asset)
  if expressions.text_of(fn) then return asset end
  return M.copy(asset)
end

return M
