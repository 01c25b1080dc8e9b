--- Protection: the assets that no run writes to, by tag or name, from the user's settings
-- (codeocean.settings).
--
-- Called for each asset when it is planned and before it is written, with the asset as it was just
-- read; and by the session before a write at the prompt.

local errors = require "codeocean.error"
local text = require "codeocean.text"

local M = {}

local function holds(list, value)
  for _, one in ipairs(list or {}) do
    if one == value then return true end
  end
  return false
end

local function reason(protect, asset)
  if holds(protect.name, asset.name) then return "its name" end
  for _, tag in ipairs(type(asset.tags) == "table" and asset.tags or {}) do
    if holds(protect.tag, tag) then return ("its tag '%s'"):format(text.escape(tag)) end
  end
end

--- problem(protect, asset) -> the error of kind `protected` for an asset that no run may write to;
-- nil for any other. protect: {tag = list, name = list}, or nil.
function M.problem(protect, asset)
  local why = protect and reason(protect, asset)
  if not why then return nil end
  return errors.new { kind = "protected", id = asset.id, outcome = "not_sent",
    message = ("%s is protected in config.json: left alone"):format(why) }
end

return M
