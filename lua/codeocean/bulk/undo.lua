--- Taking a bulk run back, from its journal.

local errors = require "codeocean.error"
local journal = require "codeocean.bulk.journal"
local plan = require "codeocean.bulk.plan"
local same = require "codeocean.equal"

local M = {}

-- What stands for "there was none": JSON has no field to write back then.
local EMPTY = { description = "", mount = "", tags = {}, custom_metadata = {} }

local function refusal(form, ...)
  return nil, errors.new { kind = "refused", outcome = "not_sent", message = form:format(...) }
end

-- The inputs that the run wrote, or may have written: by id.
local function written(state)
  local intents, ids = {}, {}
  for index, id in ipairs(state.ids) do
    local intent, outcome = state.intents[index], state.outcomes[index]
    if intent and (not outcome or outcome.status == "ok" or outcome.status == "conflict") then
      intents[id] = intent
      ids[#ids + 1] = id
    end
  end
  return ids, intents
end

-- Back to `before` where a field still is as the run wrote it. One that somebody changed since is
-- drift and is left alone; the others are still taken back.
local function back(asset, intent)
  local wanted, note = {}, nil
  for field, after in pairs(intent.after or {}) do
    local before = (intent.before or {})[field]
    if before == nil then before = EMPTY[field] end
    local present = plan.present(asset, field)
    if same(present, after) then
      wanted[field] = before
    elseif not same(present, before) then
      note = "drift"
    end
  end
  return wanted, note
end

local opposite = { archive = "unarchive", unarchive = "archive" }

--- spec(path) -> what bulk.run is to do so that the run of that journal is undone; or nil, err:
-- kind `refused` for a deletion, whose full objects the journal has but which nothing brings back.
function M.spec(path)
  local state, err = journal.read(path)
  if not state then return nil, err end
  if journal.is_busy(path) then
    return refusal("journal %s: another process is writing it", path)
  end
  local header = state.header
  if header.action == "delete" then
    return refusal("a deletion cannot be undone; the deleted objects are in %s", path)
  end
  local ids, intents = written(state)
  local name = "undo-" .. (header.name or "run")
  local spec = { name = name, ids = ids, action = opposite[header.action] }
  if not spec.action then
    function spec.change(asset) return back(asset, intents[asset.id]) end
  end
  return spec, nil, header
end

return M
