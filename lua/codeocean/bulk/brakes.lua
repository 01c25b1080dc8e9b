--- Brakes: refuse a run that would write too much, or what is not allowed. Checked before the first
-- write, and in a dry run, which foretells the refusals of the real run.

local errors = require "codeocean.error"
local text = require "codeocean.text"

local M = {}

local refused = errors.refused

local WRITTEN = { ok = true, conflict = true }
local PERHAPS = { drift = true, missing = true } -- written if there was an intent

-- The number of inputs written so far, also before the run was interrupted.
local function written(run)
  local states, n = run.ledger.states, 0
  for index = 1, run.ledger.count do
    local is_written = WRITTEN[states[index]] and run.ledger.changes[index]
      or PERHAPS[states[index]] and run.journal:record(index).intent
    if is_written then n = n + 1 end
  end
  return n
end

local function too_many(run, changes)
  local most = run.spec.max_changes
  if type(most) == "string" then
    most = math.floor(run.ledger.count * tonumber((most:gsub("%%", ""))) / 100)
  end
  if not most or changes <= most then return nil end
  return refused("%d of %d assets would change, at most %d may (max_changes, --max-changes)",
    changes, run.ledger.count, most)
end

-- States in which the asset was surely not deleted. In any other state it may be gone, and so not
-- be in the archive.
local NOT_DELETED = { planned = true, agreed = true, failed = true }

local function not_archived(run, indexes)
  local first, n = nil, 0
  for _, index in ipairs(indexes) do
    local id = run.ledger.ids:get(index)
    local there = NOT_DELETED[run.ledger.states[index]]
    if there and not run.archive:has(id) then first, n = first or id, n + 1 end
  end
  if n == 0 then return nil end
  return refused("%s%s not archived: archive first, or say allow_unarchived (--allow-unarchived)",
    first, n == 1 and " is" or (" and %d more are"):format(n - 1))
end

local function in_use(run, indexes)
  local first, n = nil, 0
  for _, index in ipairs(indexes) do
    local uses = run.journal:record(index).uses or {}
    if #uses > 0 then first, n = first or { run.ledger.ids:get(index), uses[1] }, n + 1 end
  end
  if n == 0 then return nil end
  return refused("%s is used by the %s %s%s: colua uses lists what uses an asset, even_if_used "
    .. "(--even-if-used) deletes it all the same", first[1], text.escape(first[2].type),
    text.escape(first[2].name or first[2].id or "?"),
    n == 1 and "" or (", and %d more are in use"):format(n - 1))
end

local function deletion(run, indexes, changes)
  local most = run.spec.max_delete
  if changes > most then
    return refused("%d assets to delete, at most %d are (max_delete, --max-delete)", changes, most)
  end
  local err = not run.spec.allow_unarchived and not_archived(run, indexes) or nil
  if err or run.spec.even_if_used or not run.uses then return err end
  return in_use(run, indexes)
end

--- problem(run, indexes) -> the error of kind `refused` if the run may not write to these inputs;
-- or nil.
function M.problem(run, indexes)
  local changes = #indexes > 0 and #indexes + written(run) or 0
  local err = run.journal.refusal or too_many(run, changes)
  if not err and run.action == "delete" then err = deletion(run, indexes, changes) end
  return err
end

return M
