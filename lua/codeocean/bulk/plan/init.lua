--- Planning: makes the item of one input from its asset, as it was just read.
--
-- Used by the passes of a run (codeocean.bulk.passes). An item is {id, name, size, status, patch,
-- note, error}: status "planned" if something is to be written, else the status of the input.
-- `note`: the status of the input after a write that succeeds ("drift": part of an undo is left
-- alone).

local changes = require "codeocean.bulk.plan.change"
local copies = require "codeocean.bulk.plan.copies"
local errors = require "codeocean.error"
local left_out = require "codeocean.assets.left_out"
local patches = require "codeocean.bulk.plan.patch"
local protection = require "codeocean.bulk.plan.protection"
local text = require "codeocean.text"
local updates = require "codeocean.assets.update"

local M = {}

local ARCHIVED = { archive = true, unarchive = false }

--- The error of an asset that somebody changed since.
function M.drift(id, names)
  return errors.new { kind = "drift", id = id, outcome = "not_sent",
    message = table.concat(names, ", ") .. " changed since by somebody else: left alone" }
end

-- Kinds of errors that leave an input not begun: a resume works on it.
local NOT_BEGUN = { pending = true, cancelled = true }

--- status_of(err) -> the status of an input that failed with this error. A throttled request that
-- was not sent waited for a pause that the server demands of everybody: its input is `pending`.
function M.status_of(err)
  if err.kind == "missing" or err.kind == "conflict" or err.kind == "drift" then return err.kind end
  if err.outcome == "unknown" and err.writes then return "unknown" end
  local held = err.kind == "throttled" and err.outcome == "not_sent"
  return (NOT_BEGUN[err.kind] or held) and "pending" or "failed"
end

--- failed(id, err) -> the item of an input that failed.
function M.failed(id, err) return { id = id, error = err, status = M.status_of(err) } end

local function change(how, item, asset)
  local err
  item.patch, item.status, err = changes.patch(how, asset)
  if err then item.status, item.error = "failed", err end
end

local function no_value_before(id, names)
  return errors.new { kind = "drift", id = id, outcome = "not_sent", message =
    table.concat(names, ", ") .. " had no value before, which no update writes: left alone" }
end

-- The error if the schema refuses the metadata of a patch: the schema may have changed since the
-- patch was made.
local function check_metadata(run, id, patch)
  local data = {}
  for key, values in pairs(patch.custom_metadata or {}) do data[key] = values.after end
  if next(data) == nil then return nil end
  local _, err = run.client.schema:checked(data)
  if err then err.id = id end
  return err
end

-- Plans a row of a plan file or an undo: the item gets the part of the patch that is still to be
-- written. row.lost names the fields that had no value before, which an undo cannot restore.
local function given(run, item, asset, row)
  local patch = row.patch
  local wanted, drifted = patches.merge(patch, asset)
  if row.lost then item.error = no_value_before(asset.id, row.lost) end
  if drifted then item.error = M.drift(asset.id, drifted) end
  drifted = drifted or row.lost
  if drifted and (not wanted or not run.partial) then
    item.status = "drift"
  elseif wanted then
    item.patch, item.note = patches.effective(patch, asset, wanted), drifted and "drift" or nil
    local unfit = wanted.custom_metadata and check_metadata(run, item.id, item.patch)
    if unfit then item.status, item.error = M.status_of(unfit), unfit end
  else
    item.status = "unchanged"
  end
end

local function archive(run, item, asset)
  local now, wanted = run.archive:has(asset.id), ARCHIVED[run.action]
  if now == wanted then
    item.status = "unchanged"
  else
    item.patch = { archived = { before = now, after = wanted } }
  end
end

--- passes(where, asset) -> whether `where` lets the asset pass; nil, err when it raised.
function M.passes(where, asset)
  local ok, result = pcall(where, copies.for_function(where, asset))
  if ok then return result and true or false end
  return nil, errors.is(result) and result or errors.new { kind = "script", id = asset.id,
    outcome = "not_sent", message = text.valid(tostring(result)) }
end

-- Skips an asset that `where` does not let pass.
local function judge(where, item, asset)
  local passes, err = M.passes(where, asset)
  if not passes then item.status, item.error = err and "failed" or "skipped", err end
end

local NO_UPDATE = { archived = true, permissions = true } -- each has a request of its own

--- needs_update(wanted) -> whether one of the fields needs an update. wanted: values or a patch, by
-- field.
function M.needs_update(wanted)
  for field in pairs(wanted) do
    if not NO_UPDATE[field] then return true end
  end
  return false
end

-- Adds to the item what uses the asset; if that cannot be read, the error, and its status.
local function add_uses(run, item)
  local uses, err = run.uses:of(item.id)
  item.uses = uses and #uses > 0 and uses or nil
  if err then item.status, item.error = M.status_of(err), err end
end

--- problem(client, asset, patch) -> the error, before anything is sent, if an update of the asset
-- as it was read would lose fields that the patch does not name; or nil.
function M.problem(client, asset, patch)
  if not M.needs_update(patch) then return nil end
  return updates.unusable(asset, patch) or left_out.problem(client, asset, {
    tags = patch.tags and not patch.tags.whole, custom_metadata = patch.custom_metadata,
    description = patch.description })
end

-- Fails the item if its asset cannot be written without a loss.
local function check_usable(run, item, asset)
  local odd = M.problem(run.client, asset, item.patch)
  if odd then item.status, item.error = M.status_of(odd), odd end
end

local function protect(run, item, asset)
  local protected = protection.problem(run.protect, asset)
  if protected then item.status, item.error, item.patch = "skipped", protected, nil end
end

--- item(run, asset, row) -> the item of an asset as it is now. row: the change that was given for
-- the asset, {patch, lost} or {values}; or nil.
function M.item(run, asset, row)
  local item = { id = asset.id, name = asset.name, size = math.tointeger(asset.size),
    created = asset.created, last_used = asset.last_used }
  if run.archive then asset.archived = run.archive:has(asset.id) end
  if run.spec.where then judge(run.spec.where, item, asset) end
  if item.status then
    return item
  elseif row and row.values then
    change(changes.by_values(row.values, run.client.schema), item, asset)
  elseif row then
    given(run, item, asset, row)
  elseif run.change then
    change(run.change, item, asset)
  elseif run.action ~= "delete" then
    archive(run, item, asset)
  end
  if not item.status then protect(run, item, asset) end
  if not item.status and run.uses then add_uses(run, item) end
  if not item.status and item.patch then check_usable(run, item, asset) end
  item.status = item.status or "planned"
  return item
end

return M
