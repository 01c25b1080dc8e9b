--- Taking a run back, from its journal: the patches of what it wrote, reversed.
--
-- Used by `colua undo`, by the session, and by codeocean.bulk, which runs it. What must hold: only
-- what the run itself changed is taken back, and only where it still stands; the rest is drift.
-- A change is taken back only once: somebody may have made it again since. The process of the undo
-- locks the journal before it reads the first line, until the undo is over. A deletion cannot be
-- undone.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local id_list = require "codeocean.bulk.journal.id_list"
local join = require "codeocean.bulk.plan.join"
local journal = require "codeocean.bulk.journal"
local patches = require "codeocean.bulk.plan.patch"
local text = require "codeocean.text"

local M = {}

local refused = errors.refused

-- The status of an input whose last request the server has not done; "agreed" and "planned": it was
-- intended, and revoked before it was sent.
local NOT_DONE = { failed = true, missing = true, agreed = true, planned = true }

-- The patch that the server may have written for an input; nil if it wrote nothing.
local function patch_done(ledger, record)
  local action = ledger.header.action
  if action == "create" then
    return record.status == "ok" and record.id and { archived = { before = true, after = false } }
  end
  local known = record.intent and record.id and not NOT_DONE[record.status]
  return known and record.patch or nil
end

local TAKEN_BACK = { ok = true, unchanged = true }

-- What an earlier undo has taken back: the ids of whole inputs, and by id the patches that it wrote
-- where another field had drifted; nothing if its journal is gone.
local function taken_by(path)
  local ids, parts, ledger = id_list.new(), {}, journal.read(path)
  for index = 1, ledger and ledger.count or 0 do
    local state = ledger.states[index]
    if TAKEN_BACK[state] then ids:add(ledger.ids:get(index)) end
    local record = state == "drift" and ledger:record(index)
    if record and record.intent then parts[record.id] = record.patch end
  end
  return ids, parts
end

-- A function: what is left of the patch of input `index`, without what earlier undos took back and
-- nobody wrote since; nil if nothing is.
local function leftover(ledger)
  local undos = {}
  for i, undo in ipairs(ledger.undos) do
    local ids, parts = taken_by(undo.path)
    undos[i] = { at = undo.at, ids = ids, parts = parts }
  end
  return function(index, id, patch)
    for _, undo in ipairs(undos) do
      local is_older = ledger.changes[index] < undo.at
      if is_older and undo.ids:has(id) then return nil end
      local part = is_older and undo.parts[id]
      if part then patch = patches.without(patch, part) end
    end
    return next(patch) and patch or nil
  end
end

-- An iterator over {id, name, patch, unsure}: what was done, or may be, input by input.
local function each_done(ledger)
  local index, left_of = 0, leftover(ledger)
  return function()
    while index < ledger.count do
      index = index + 1
      local record = ledger:record(index)
      local patch = patch_done(ledger, record)
      patch = patch and left_of(index, record.id, patch)
      if patch then
        return { id = record.id, name = record.name, patch = patch,
          unsure = record.status ~= "ok" }
      end
    end
  end
end

-- The same for a line of the session, grouped by asset: the line may have written to an asset
-- several times. Its inputs have no ids beforehand.
local function each_asset(ledger)
  local list, by_id, i = {}, {}, 0
  for own in each_done(ledger) do
    local known = by_id[own.id]
    if known then known.patch = join(known.patch, own.patch, own.unsure) end
    if not known then list[#list + 1], by_id[own.id] = own, own end
  end
  return function()
    i = i + 1
    return list[i]
  end
end

-- An iterator over {id, name, patch, lost}.
local function rows(ledger)
  local next_done = ledger.ids.count == 0 and each_asset(ledger) or each_done(ledger)
  return function()
    local own = next_done()
    if not own then return nil end
    local back, lost = patches.reverse(own.patch)
    return { id = own.id, name = own.name, patch = back, lost = lost }
  end
end

-- The journal, whose lines nobody else changes from now on; to look at it, no lock is needed.
local function open(path, dry)
  local opened, err = (dry and journal.read or journal.resume)(path)
  if not opened then
    local _, unreadable = journal.read(path)
    return nil, unreadable or err
  elseif dry and journal.is_busy(path) then
    return nil, refused("journal %s: another process is writing it", text.escape(path))
  end
  return opened
end

local function refusal(path, ledger, force)
  if ledger.header.action == "delete" then
    return refused("a deletion cannot be undone; the deleted objects are in %s", text.escape(path))
  elseif ledger.undone and not force then
    return refused("journal %s: the run was undone already, by %s; --force takes back what that "
      .. "undo did not", text.escape(path), text.escape(ledger.undone))
  end
end

--- spec(path [, force [, dry]]) -> what bulk.run is to do so that the run of that journal is
-- undone, and the journal's header; or nil, err: kind `refused` for a deletion, whose full objects
-- the journal has but which nothing brings back, for a journal that is being written and, without
-- `force`, for a run that was undone already. With it, what an earlier undo took back is left out.
-- Of a run that created assets they are archived. Unless `dry`, the journal is locked until the run
-- of the spec is over.
function M.spec(path, force, dry)
  local opened, err = open(path, dry)
  if not opened then return nil, err end
  local ledger = opened.ledger or opened
  local problem = refusal(path, ledger, force)
  if problem then
    opened:close()
    return nil, problem
  end
  local header = ledger.header
  return { name = "undo-" .. (header.name or "run"), patches = { rows = rows(ledger),
    partial = true, undoes = core.absolute(path), journal = not dry and opened or nil,
    dates = header.dates } }, header
end

--- lock(given) -> the locked journal of the run that a run with these patches, or none, takes back;
-- nil if it takes none back, or one whose journal was removed since; or nil, err.
function M.lock(given)
  local path = given and given.undoes
  if not path or not core.absolute(path) then return nil end
  if given.journal then return given.journal end
  return journal.resume(path)
end

--- mark(run) -> true once the journal of the run that `run` takes back says that it was undone,
-- durable; or nil, err. Called between the first intent and its request, so that there is always
-- one of both to say that an undo was begun, and at the end where something is so
-- already: an undo that took nothing back leaves the other run as it is.
function M.mark(run)
  local path = run.journal.path
  if not (run.undone and path) or run.marked then return true end
  local err
  run.marked, err = run.undone:mark { undone = core.absolute(path) or path }
  return run.marked, err
end

return M
