--- Undoing a run, from its journal: the patches that it wrote, reversed.
--
-- Used by `colua undo`, by the session, and by codeocean.bulk, which runs it. What must hold: an
-- undo takes back only changes of the run itself, and only values that are still as the run wrote
-- them; the rest is drift. A change is taken back only once, unless the undo that took it back was
-- undone: somebody may have made the same change again since. The journal is locked before its
-- lines are read, until the undo ends. A deletion cannot be undone.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local id_list = require "codeocean.bulk.journal.id_list"
local join = require "codeocean.bulk.plan.join"
local journal = require "codeocean.bulk.journal"
local ledgers = require "codeocean.bulk.journal.ledger"
local patches = require "codeocean.bulk.plan.patch"
local text = require "codeocean.text"

local M = {}

local refused = errors.refused

-- The states of an input whose last request the server did not carry out; "agreed" and "planned":
-- its intent was revoked before anything was sent.
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

local leftover

-- The part of an undo's input that is still taken back: the patch that the undo wrote, without what
-- an undo of that undo restored; true for the whole.
local function part_taken(ledger, index, left_of)
  if #ledger.undos == 0 and ledger.states[index] ~= "drift" then return true end
  local record = ledger:record(index)
  if not record.intent then return TAKEN_BACK[record.status] end
  local part = left_of(index, record.id, record.patch)
  return TAKEN_BACK[record.status] and part == record.patch or part
end

-- The ids of the inputs that an earlier undo took back whole; and by id the patches of those that
-- it took back in part. Both are empty if the journal at `path`, that of the undo, was removed.
-- seen: the journals that led here, which are not read again.
local function taken_by(path, seen)
  local ids, parts, ledger = id_list.new(), {}, not seen[path] and journal.read(path) or nil
  local left_of = ledger and leftover(ledger, seen)
  for index = 1, ledger and ledger.count or 0 do
    local state = ledger.states[index]
    local part = (TAKEN_BACK[state] or state == "drift") and part_taken(ledger, index, left_of)
    if part == true then
      ids:add(ledger.ids:get(index))
    elseif part then
      parts[ledger.ids:get(index)] = part
    end
  end
  if ledger then ledger:close() end
  return ids, parts
end

-- A function that gives the part of an input's patch that no undo took back since the run wrote it;
-- nil if nothing is left. Of an undo that was itself undone, only what its own undo left counts as
-- taken back.
function leftover(ledger, seen)
  local undos = {}
  seen[ledger.path or ""] = true
  for i, undo in ipairs(ledger.undos) do
    local ids, parts = taken_by(undo.path, seen)
    undos[i] = { at = undo.at, ids = ids, parts = parts }
  end
  seen[ledger.path or ""] = nil
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

-- An iterator over {id, name, patch, unsure}, one for each input that was written or may have been.
local function each_done(ledger)
  local index, left_of = 0, leftover(ledger, {})
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

-- The same for a line of the session, with one row for each asset: the line may have written to an
-- asset several times. The journal of a line has no list of ids.
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

local function refusal(path, ledger, force)
  if ledger.undone and not force then
    return refused("journal %s: the run was undone already, by %s; --force takes back what that "
      .. "undo did not", text.escape(path), text.escape(ledger.undone))
  end
end

--- spec(path [, force]) -> the spec with which bulk.run undoes the run of that journal, and the
-- journal's header; or nil, err. Kind `refused`: the run deleted assets. bulk.run refuses the spec
-- if another process is writing the journal; or, without `force`, if the run was undone already.
-- With `force` the undo leaves out what an earlier undo took back. Assets that the run created are
-- archived.
function M.spec(path, force)
  local header, err = ledgers.read_header_at(path)
  if not header then return nil, err end
  if header.action == "delete" then
    return nil, refused("a deletion cannot be undone; the deleted objects are in %s",
      text.escape(path))
  end
  return { name = "undo-" .. (header.name or "run"), even_if_undone = force, patches = {
    undoes = core.absolute(path) or path, path = path, partial = true,
    dates = header.dates } }, header
end

-- Locks the journal of the run that is undone, and reads it; in a dry run without a lasting lock.
-- The journal is stored in run.undone before it is locked, so that the end of the run unlocks it.
local function lock(run, path)
  run.undone = journal.new()
  if run.dry then return run.undone:rehearse(path) end
  return run.undone:resume(path)
end

-- Gives the run the rows of a new undo.
local function begin(run, given)
  local path, ledger = given.undoes, run.undone.ledger
  local problem = refusal(path, ledger, run.spec.even_if_undone)
  if problem then return nil, problem end
  run.spec.patches = { rows = rows(ledger), undoes = path, partial = given.partial }
  return true
end

--- open(run) -> true; or nil, err. If `run` undoes another run, run.undone is the journal of that
-- run, locked. It stays nil if `run` resumes an undo and that journal was removed since.
function M.open(run)
  local given, resumes = run.spec.patches, run.spec.resume
  local path = given and given.undoes
  if not path or resumes and not core.absolute(path) then return true end
  local ok, err = lock(run, given.path or path) -- as the user named it: a link is refused
  if not ok then return nil, err end
  if resumes then return true end
  return begin(run, given)
end

--- mark(run) -> true once a durable mark in the journal of the undone run names `run` as its undo;
-- or nil, err. Called between the first intent and its request, so that the mark is there before
-- anything is taken back; and at the end by M.finish. An undo that took nothing back sets no mark.
function M.mark(run)
  local path = run.journal.path
  if not (run.undone and path) or run.marked then return true end
  local err
  run.marked, err = run.undone:mark { undone = core.absolute(path) or path }
  return run.marked, err
end

-- Whether the journal of the run that `run` undoes names `run` already.
local function is_marked(run)
  local path = run.journal.path
  return not (run.undone and path) or run.undone.ledger.undone == (core.absolute(path) or path)
end

--- finish(run, counts) -> true; or nil, err. Sets the mark, if no write of `run` did, for an input
-- that was as it should be already: it is `unchanged`; or `ok`, if an undo that was interrupted
-- before the mark had written its intent.
function M.finish(run, counts)
  local found = counts.unchanged > 0 or counts.ok > 0 and not is_marked(run)
  if not found then return true end
  return M.mark(run)
end

return M
