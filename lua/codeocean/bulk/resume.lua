--- What a resumed journal tells of each input: done, or open and to be asked of the server.

local errors = require "codeocean.error"
local plan = require "codeocean.bulk.plan"

local M = {}

-- Worth another try when a run is resumed.
local AGAIN = { failed = true, unknown = true }

local function item_of(index, id, intent, status)
  return { index = index, id = id, status = status, name = intent and intent.name,
    fields = intent and plan.fields(intent) }
end

local function done_item(index, id, state)
  local outcome, intent = state.outcomes[index], state.intents[index]
  local item = item_of(index, id, intent, outcome.status)
  if outcome.error then
    item.error = errors.new { kind = outcome.status, message = outcome.error, id = id }
  end
  return item
end

-- An intent without an outcome: the server knows whether it was carried out. Neither before nor
-- after means that somebody else was there since.
local function ask(run, index, id, intent)
  local asset, err = run.client.data_assets:get(id)
  local action = run.spec.action or "update"
  if action == "delete" and err and err.kind == "missing" then
    return item_of(index, id, intent, "ok")
  elseif not asset or action ~= "update" then
    return nil
  elseif plan.stands(asset, intent.after or {}) then
    return item_of(index, id, intent, "ok")
  elseif not plan.stands(asset, intent.before or {}) then
    return item_of(index, id, intent, "drift")
  end
end

local function settle_open(run, items, open, ids)
  local state = run.journal.state
  local options = { jobs = run.spec.jobs, poll = run.poll }
  local function work(index) return { ask(run, index, ids[index], state.intents[index]) } end
  for place, found in run.client:each_done(open, work, options) do
    local item = found and found[1]
    items[open[place]] = item
    if item then run.journal:settle(open[place], item) end
  end
end

--- items by place: those that are settled; the others are to be planned (again).
function M.items(run)
  local state, items, open = run.journal.state, {}, {}
  for index, id in ipairs(state.ids) do
    local outcome = state.outcomes[index]
    if outcome and not AGAIN[outcome.status] then
      items[index] = done_item(index, id, state)
    elseif state.intents[index] then
      open[#open + 1] = index
    end
  end
  settle_open(run, items, open, state.ids)
  return items
end

return M
