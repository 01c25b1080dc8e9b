--- Copies for functions of the user's: what such a function sorts, extends or edits in place, then
-- or later, is not what a run plans from or writes.
--
-- Called wherever a run hands an asset to a function, or takes values from one. (What confirm and
-- on_event get is read from the journal for them alone.)

local errors = require "codeocean.error"
local expressions = require "codeocean.expression"
local json = require "codeocean.json"

local M = {}

--- copy(value) -> a value of JSON of which no table is one of `value`'s. Lists stay lists, numbers
-- beyond 64 bits stay numbers.
function M.copy(value)
  if type(value) ~= "table" or errors.is(value) then return value end
  local class = getmetatable(value)
  if type(class) == "string" then return (json.decode(json.encode(value))) end
  local own = setmetatable({}, class)
  for key, inner in next, value do own[key] = M.copy(inner) end
  return own
end

--- for_function(fn, asset) -> what `fn` may be called with: a copy of the asset; or the asset
-- itself where `fn` is an expression, which can edit nothing.
function M.for_function(fn, asset)
  if expressions.text_of(fn) then return asset end
  return M.copy(asset)
end

return M
