--- Protection: the assets that no run touches, by a tag or by their name, as the user's settings
-- (codeocean.settings) say.
--
-- Asked of each asset as it was read just before it is planned and before it is written, and by the
-- session before a write at the prompt.

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

--- problem(protect, asset) -> the error, of kind `protected`, of an asset that no run touches; nil
-- for any other. protect: {tag = list, name = list}, or nil.
function M.problem(protect, asset)
  local why = protect and reason(protect, asset)
  if not why then return nil end
  return errors.new { kind = "protected", id = asset.id, outcome = "not_sent",
    message = ("%s is protected in config.json: left alone"):format(why) }
end

return M
