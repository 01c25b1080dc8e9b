--- Taking a run back, from its journal: the patches of what it wrote, reversed.
--
-- Used by `colua undo` and by the session. What must hold: only what the run itself changed is
-- taken back, and only where it still stands; the rest is drift. A deletion cannot be undone, and a
-- run only once: somebody may have made the change again since.

local errors = require "codeocean.error"
local journal = require "codeocean.bulk.journal"
local patches = require "codeocean.bulk.plan.patch"
local text = require "codeocean.text"

local M = {}

local refused = errors.refused

local ARCHIVED = { archive = true, unarchive = false }

-- The status of an input whose last request the server has not done; "agreed" and "planned": it was
-- intended, and revoked before it was sent.
local NOT_DONE = { failed = true, missing = true, agreed = true, planned = true }

-- What the server may have done of an input, as a patch; nil if it did nothing.
local function done(ledger, record)
  local action = ledger.header.action
  if action == "create" then
    return record.status == "ok" and record.id and { archived = { before = true, after = false } }
  elseif record.intent == nil or NOT_DONE[record.status] then
    return nil
  elseif ARCHIVED[action] ~= nil and not record.patch then    -- as journals of format 1 have it
    return { archived = { before = not ARCHIVED[action], after = ARCHIVED[action] } }
  end
  return record.patch
end

-- An iterator over {id, name, patch, lost}.
local function rows(ledger)
  local index = 0
  return function()
    while index < ledger.count do
      index = index + 1
      local record = ledger:record(index)
      local patch = done(ledger, record)
      if patch then
        local back, lost = patches.reverse(patch)
        return { id = record.id, name = record.name, patch = back, lost = lost }
      end
    end
  end
end

--- spec(path [, force]) -> what bulk.run is to do so that the run of that journal is undone, and
-- the journal's header; or nil, err: kind `refused` for a deletion, whose full objects the journal
-- has but which nothing brings back, for a journal that is being written and, without `force`, for
-- a run that was undone already. Of a run that created assets they are archived.
function M.spec(path, force)
  local ledger, err = journal.read(path)
  if not ledger then return nil, err end
  local header = ledger.header
  if journal.is_busy(path) then
    return nil, refused("journal %s: another process is writing it", text.escape(path))
  elseif header.action == "delete" then
    return nil, refused("a deletion cannot be undone; the deleted objects are in %s",
      text.escape(path))
  elseif ledger.undone and not force then
    return nil, refused("journal %s: the run was undone already, by %s; --force undoes it again",
      text.escape(path), text.escape(ledger.undone))
  end
  return { name = "undo-" .. (header.name or "run"),
    patches = { rows = rows(ledger), partial = true, undoes = path } }, header
end

return M
