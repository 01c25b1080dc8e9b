--- Writing to one asset: merges the patch into the asset as it is now, writes the intent, sends the
-- requests.
--
-- Used by the passes of a run, which write the outcome. What must hold: all that is sent was merged
-- into the asset as it was read last; the intent is durable before the request leaves; an asset
-- that drifted, is protected, or no longer meets `where` or the condition of a deletion, is not
-- touched.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local patches = require "codeocean.bulk.plan.patch"
local permissions = require "codeocean.assets.permissions"
local plan = require "codeocean.bulk.plan"
local protection = require "codeocean.bulk.plan.protection"
local undo = require "codeocean.bulk.undo"
local updates = require "codeocean.assets.update"

local M = {}

-- Sending ----------------------------------------------------------------------------------------

-- The body of an update; `archived` and `permissions` have other requests.
local function body_of(run, asset, wanted)
  local body = updates.body(run.client, asset, wanted)
  body.archived, body.permissions = nil, nil
  return body
end

-- The error for an answer without the metadata that the asset had: the server loses it, so nothing
-- more is sent.
local function lost_metadata(asset, body, answer)
  local expected = asset.custom_metadata and (body.custom_metadata or asset.custom_metadata)
  local none = not expected or type(expected) == "table" and next(expected) == nil
  if none or answer.custom_metadata ~= nil then return nil end
  return errors.new { kind = "conflict", operation = "update", id = asset.id, outcome = "unknown",
    stops = true, message = "the custom metadata is gone from the server's answer" }
end

local function update_fields(run, asset, wanted)
  local body = body_of(run, asset, wanted)
  local answer, err = updates.send(run.client, asset.id, body, asset)
  if not answer then return err end
  return lost_metadata(asset, body, answer)
end

local function set_permissions(run, asset, wanted)
  local whole = permissions.body(wanted.permissions, asset.permissions)
  return select(2, run.client.data_assets:set_permissions(asset.id, whole))
end

local function set_archived(run, asset, wanted)
  return select(2, run.client.data_assets:archive(asset.id, wanted.archived))
end

-- The requests of an update. Each is sent only after the one before it was carried out.
local REQUESTS = {
  { update_fields, plan.needs_update },
  { set_permissions, function(wanted) return wanted.permissions ~= nil end },
  { set_archived, function(wanted) return wanted.archived ~= nil end },
}

-- The error, or nil; and whether an earlier request of the same input was carried out.
local function send(run, asset, wanted)
  if run.action == "delete" then return select(2, run.client.data_assets:delete(asset.id)) end
  local begun = false
  for i = 1, #REQUESTS do
    local request, is_needed = REQUESTS[i][1], REQUESTS[i][2]
    local err = is_needed(wanted) and request(run, asset, wanted) or nil
    if err then return err, begun end
    begun = begun or is_needed(wanted)
  end
end

-- Seconds that a read is good for: others may write while the archive is listed or a slow disk
-- flushes. Deletions are exempt: they send back no value that was read.
local GOOD_FOR = 2

local function is_stale(run, item)
  return run.action ~= "delete" and core.now() - item.read_at > GOOD_FOR
end

local function stale(id)
  return errors.new { kind = "timeout", operation = "update", id = id, outcome = "not_sent",
    stale = true, message = "the asset could not be written soon after it was read" }
end

local function not_sent(err)
  return errors.new { kind = "pending", message = tostring(err), outcome = "not_sent" }
end

-- Sends once the intent is durable; returns the status and the error. A dry run sends nothing.
local function write(run, index, item, asset, wanted)
  local protected = protection.problem(run.protect, asset)
  if protected then return "skipped", protected end
  local odd = wanted and not item.exact and plan.problem(run.client, asset, item.patch)
  if odd then return plan.status_of(odd), odd end
  if run.dry then return "pending" end
  local ok, problem = run.commit:intend(index, { id = item.id, name = item.name,
    patch = item.patch, asset = run.action == "delete" and asset or nil })
  if ok then ok, problem = undo.mark(run) end
  if not ok then run.rules:fail(problem) end
  if not ok or run.rules:interrupted() then
    run.journal:add_outcome(index, { id = item.id, status = "pending" })
    return "pending", problem and not_sent(problem)
  end
  local err, begun
  if is_stale(run, item) then
    err = stale(item.id)
  else
    err, begun = run.client:send_for_run(run.given, send, run, asset, wanted)
  end
  item.begun = item.begun or begun
  if err then return item.begun and "unknown" or plan.status_of(err), err end
  return item.note or "ok", item.note and item.error or nil
end

-- Conditions -------------------------------------------------------------------------------------

local function condition_error(id, why)
  return "drift", errors.new { kind = "drift", id = id, outcome = "not_sent",
    message = why .. ": left alone" }
end

-- A copy of the asset with `archived`, for `where`. The asset itself does not change, for the
-- journal of a deletion holds it as it was read.
local function with_archived(run, asset)
  local own = {}
  for field, value in pairs(asset) do own[field] = value end
  if run.archive then own.archived = run.archive:has(asset.id) end
  return own
end

-- Whether the asset, as it is now, passes `where`; if not: false, status, error. `where` is not
-- called for a patch that was made of this very read, nor for a repair: the run's own write may be
-- why the asset no longer passes.
local function is_selected(run, item, asset)
  if not run.spec.where or item.exact or item.repairs then return true end
  local passes, err = plan.passes(run.spec.where, with_archived(run, asset))
  if passes then return true end
  if err then return false, plan.status_of(err), err end
  return false, condition_error(item.id, "no longer selected")
end

-- Whether an asset may be deleted as far as its use matters; false, status, error if it is used.
local function is_unused(run, item)
  if not run.uses or run.spec.even_if_used then return true end
  local uses, err = run.uses:of(item.id)
  if not uses then return false, plan.status_of(err), err end
  if #uses == 0 then return true end
  return false, condition_error(item.id, "in use since")
end

-- Deletes the asset if it is archived now, still selected and not used. Returns status, error.
local function delete(run, index, item, asset)
  local allowed, failure = run.spec.allow_unarchived, nil
  if not allowed then allowed, failure = run.archive:is_archived_now(item.id, asset.name) end
  if failure then return plan.status_of(failure), failure end
  if not allowed then return condition_error(item.id, "no longer archived") end
  if run.still_selected and not run.still_selected:has(item.id) then
    return condition_error(item.id, "no longer selected")
  end
  local selected, status, err = is_selected(run, item, asset)
  if selected then selected, status, err = is_unused(run, item) end
  if not selected then return status, err end
  return write(run, index, item, asset)
end

-- Writing ----------------------------------------------------------------------------------------

local function merge_and_write(run, index, item, asset)
  if run.action == "delete" then return delete(run, index, item, asset) end
  if run.archive then asset.archived = run.archive:has(item.id) end
  local wanted, drifted = patches.merge(item.patch, asset)
  if drifted and not (wanted and run.partial) then
    return "drift", plan.drift(item.id, drifted)
  end
  if not wanted then return item.note or item.open and "ok" or "unchanged", item.error end
  local selected, status, err = is_selected(run, item, asset)
  if not selected then return status, err end
  if not (item.repairs or item.exact or item.open) then
    item.patch = patches.effective(item.patch, asset, wanted)
  end
  if drifted then item.note, item.error = "drift", plan.drift(item.id, drifted) end
  return write(run, index, item, asset, wanted)
end

-- For a repair, adds `share_assets` as the run wrote it if the deployment does not show the flag.
local function shown(item, asset)
  local flag = item.repairs and item.patch.permissions.share_assets
  local present = asset and asset.permissions
  if flag and present and present.share_assets == nil then present.share_assets = flag.after end
end

local function read(run, item)
  local asset, err = run.client.data_assets:get(item.id)
  item.read_at = core.now()
  if asset and item.patch and item.patch.permissions then
    asset, err = permissions.attach(run.client, asset, item.patch.permissions)
    shown(item, asset)
  end
  return asset, err
end

local function read_and_write(run, index, item)
  local asset, err = read(run, item)
  if asset then return merge_and_write(run, index, item, asset) end
  local deleted = run.action == "delete" and item.open and err.kind == "missing"
  if deleted then return "ok" end
  return plan.status_of(err), err
end

-- An earlier request may have written the patch: the status is `unknown`, not `failed`.
local UNSURE = { failed = "unknown", pending = "unknown" }

-- Repeats a write that could not be sent soon after its read: reads and merges again, for at most
-- run.client.deadline seconds.
local function until_fresh(run, index, item, status, err)
  local deadline = core.now() + run.client.deadline
  while err and err.stale and core.now() < deadline do
    item.open, item.exact = item.open or item.begun or err.outcome == "unknown", nil
    status, err = read_and_write(run, index, item)
  end
  return item.open and not run.dry and UNSURE[status] or status, err
end

--- write(run, index, item, asset) -> status, error. asset: as it was read at item.read_at, in the
-- clock of core.now. item.open: the journal has an intent whose request may have been carried out,
-- so a field that is as it should be may have been written by this run.
-- item.repairs: the patch was written before and lost; the run changes the whole of it.
-- item.exact: the patch was made of this very asset; the run changes the whole of it.
-- item.begun is set when the first of several requests was carried out. If a later one fails, the
-- input is `unknown`, for part of its patch is written.
function M.write(run, index, item, asset)
  return until_fresh(run, index, item, merge_and_write(run, index, item, asset))
end

--- read_and_write(run, index, item) -> status, error: the same with a get just before.
function M.read_and_write(run, index, item)
  return until_fresh(run, index, item, read_and_write(run, index, item))
end

return M
