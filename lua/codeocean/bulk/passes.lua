--- The passes of a run over its inputs: plan, apply, or both for each input at once.
--
-- Called by codeocean.bulk. An input's index is its place in the list of ids. The journal's ledger
-- has its state (states[index]), so a pass keeps only the inputs in flight.
-- What must hold: every input that was begun gets an outcome in the journal, and an event. Inputs
-- that were not begun stay as they are; a report calls them `pending`.

local apply = require "codeocean.bulk.apply"
local commits = require "codeocean.bulk.journal.commit"
local core = require "codeocean.core"
local patches = require "codeocean.bulk.plan.patch"
local permissions = require "codeocean.assets.permissions"
local plan = require "codeocean.bulk.plan"

local M = {}

-- The fields of an item in reports and events. Only an item just planned has created, last_used.
local function public(item)
  return { id = item.id, name = item.name, status = item.status, error = item.error,
    uses = item.uses, patch = item.patch, size = item.size, created = item.created,
    last_used = item.last_used,
    fields = item.patch and patches.fields(item.patch) or nil }
end

M.public = public

-- Calls fn(index) -> item for each index that next_index() returns, run.spec.jobs at a time.
local function run_each(run, phase, next_index, total, fn)
  local rules, done, errs = run.rules, 0, 0
  local reading = phase == "planned"
  local options = { jobs = run.spec.jobs, poll = function() return rules:poll(reading) end }
  for _, item, err in run.client:each_done(next_index, fn, options) do
    if not item then error(err, 0) end
    local failure = item.status ~= "skipped" and item.error or nil
    rules:count(failure)
    done = done + 1
    if failure then errs = errs + 1 end
    if run.notify then
      run.notify { type = phase, done = done, total = total, item = public(item),
        errors = not reading and errs or nil }
    end
  end
end

local function one_by_one(indexes)
  local i = 0
  return function()
    i = i + 1
    return indexes[i]
  end
end

-- Writes the outcome of an item. An item that was not begun gets no outcome: a resume works on it.
-- An intent that was not sent is revoked: otherwise a report would call its input `unknown`.
local function finish_item(run, index, item, status, err)
  item.status, item.error = status, err
  local intended = run.ledger.states[index] == "open"
  if status == "pending" and not intended then return item end
  if status == "pending" then err = nil end
  local named = item.patch == nil and item.name or nil -- a plan or intent has the name
  local ok, problem = run.journal:add_outcome(index, { id = item.id, name = named, status = status,
    error = err })
  if not ok then run.rules:fail(problem) end
  return item
end

-- Planning ---------------------------------------------------------------------------------------

-- Reads the asset; with its permissions if the change or the given patch concerns them. Returns it
-- and the time at which it was read; or nil, err.
local function read(run, id, given)
  local asset, err = run.client.data_assets:get(id)
  local at = core.now()
  local keys = given and given.patch and given.patch.permissions
  local needed = keys or run.spec.permissions or run.spec.rule and run.spec.rule.permissions
  if asset and needed then asset, err = permissions.attach(run.client, asset, keys) end
  return asset, asset and at or err
end

-- Reads the asset of an input. Returns its item, and the asset if it could be read.
local function plan_one(run, index)
  local id, given = run.ledger.ids:get(index), nil
  if run.ledger.states[index] == "given" then given = run.journal:record(index) end
  local asset, at = read(run, id, given)
  if not asset then return plan.failed(id, at) end
  local item = plan.item(run, asset, given)
  item.read_at = at
  return item, asset
end

local function write_plan(run, index, item)
  local ok, problem = run.journal:plan(index, { id = item.id, name = item.name, size = item.size,
    patch = item.patch, note = item.note, uses = item.uses })
  if not ok then run.rules:fail(problem) end
end

--- plan(run, indexes): plans each of them; the state of an input to be written becomes "planned".
function M.plan(run, indexes)
  run_each(run, "planned", one_by_one(indexes), #indexes, function(index)
    local item = plan_one(run, index)
    if item.status ~= "planned" then
      return finish_item(run, index, item, item.status, item.error)
    end
    write_plan(run, index, item)
    return item
  end)
end

-- Writing ----------------------------------------------------------------------------------------

local function with_commit(run, work)
  run.commit = commits.new(run.client.scheduler, run.journal)
  local _ <close> = run.commit
  work()
end

local function planned_item(run, index)
  local item = run.journal:record(index)
  item.open = item.status == "open" or item.status == "unknown"
  if item.note ~= "drift" then item.error = nil end
  return item
end

local function apply_one(run, index)
  local item = planned_item(run, index)
  return finish_item(run, index, item, apply.read_and_write(run, index, item))
end

--- apply(run, indexes): writes to each of these planned inputs, after a fresh get.
function M.apply(run, indexes)
  with_commit(run, function()
    run_each(run, "applied", one_by_one(indexes), #indexes, function(index)
      return apply_one(run, index)
    end)
  end)
end

--- foretell(run, indexes): in a dry run, gives each planned input the status that apply() would
-- give it after a fresh get; `pending` where apply() would write.
function M.foretell(run, indexes)
  run_each(run, "planned", one_by_one(indexes), #indexes, function(index)
    local item = planned_item(run, index)
    local status, err = apply.read_and_write(run, index, item)
    run.journal:add_outcome(index, { id = item.id, status = status, error = err })
    item.status, item.error = status, err
    return item
  end)
end

-- Plans one input and writes to it, unless the run was stopped meanwhile.
local function plan_and_apply(run, index)
  local item, asset = plan_one(run, index)
  if item.status == "planned" and run.rules:poll() then item.status = "pending" end
  if item.status ~= "planned" then return finish_item(run, index, item, item.status, item.error) end
  item.exact = true
  return finish_item(run, index, item, apply.write(run, index, item, asset))
end

--- plan_and_apply(run, open, planned): one pass over all inputs for which open(index) is true, two
-- requests for each. planned(index) -> whether the journal has its patch.
function M.plan_and_apply(run, open, planned)
  local index = 0
  local function next_index()
    repeat index = index + 1 until index > run.ledger.count or open(index)
    return index <= run.ledger.count and index or nil
  end
  with_commit(run, function()
    run_each(run, "applied", next_index, run.ledger.count, function(i)
      if planned(i) then return apply_one(run, i) end
      return plan_and_apply(run, i)
    end)
  end)
end

-- Verifying --------------------------------------------------------------------------------------

-- The status of a written input that could not be read or repaired: the write may still hold.
local UNSURE = { failed = "unknown", pending = "unknown" }

-- Repairs a written input. Returns the item and whether it was written again.
local function repair_one(run, index)
  local item = run.journal:record(index)
  item.error, item.repairs = nil, true
  local status, err = apply.read_and_write(run, index, item)
  local lost = status == "ok"
  if status == "unchanged" or status == "skipped" then status, err = "ok", nil end
  return finish_item(run, index, item, UNSURE[status] or status, err), lost
end

--- repair(run, indexes) -> the indexes whose writes were lost and were repeated.
function M.repair(run, indexes)
  local lost = {}
  with_commit(run, function()
    run_each(run, "verified", one_by_one(indexes), #indexes, function(index)
      local item, again = repair_one(run, index)
      if again then lost[#lost + 1] = index end
      return item
    end)
  end)
  return lost
end

return M
