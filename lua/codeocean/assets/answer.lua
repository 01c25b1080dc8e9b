--- Checks that an answer belongs to its request.
--
-- A faulty cache or gateway may answer with another asset, or with a page of its own and status
-- 200. The client calls this for every answer, before a hook or a caller gets it. An answer about
-- another asset than the requested one is an error of kind `decode`: the operation does not count
-- as done.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local options = require "codeocean.options"

local M = {}

-- The check of an answer that is the requested asset: the asset; or nil and what is wrong.
local function asset(value, id)
  if value.id == id then return value end
  if value.id == nil then return nil, "the answer has no id" end
  if type(value.id) == "string" and core.spelled_id(value.id) == core.spelled_id(id) then
    return value
  end
  return nil, "the answer is of another asset: " .. options.describe(value.id)
end

-- The check of an answer without content: true if it is empty, {} or the requested asset; or nil
-- and what is wrong.
local function empty_or_asset(value, id)
  if value == true or next(value) == nil then return true end
  local good, problem = asset(value, id)
  return good and true, problem
end

local CHECKS = {
  get = asset, update = asset, delete = empty_or_asset, archive = empty_or_asset,
  -- No document describes these answers.
  set_permissions = function() return true end,
  transfer = function() return true end,
}

--- check(operation, id, value, writes) -> the value of an answer to that operation; or nil, err.
-- writes: whether the operation writes.
function M.check(operation, id, value, writes)
  local check = CHECKS[operation]
  if not check or check == asset and value.id == id then return value end
  local good, problem = check(value, id)
  if not problem then return good end
  return nil, errors.new { kind = "decode", operation = operation, id = id, message = problem,
    data = value, writes = writes or false, outcome = "unknown" }
end

return M
