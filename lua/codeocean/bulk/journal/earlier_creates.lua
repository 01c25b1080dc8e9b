--- Earlier runs of `colua create` that were interrupted: finds them, so that their assets are not
-- created again by accident. Called by `colua create` before it sends anything.
--
-- Reads the journals in the state folder, and those that --journal named, whose paths are
-- remembered there. It writes to none of them.

local core = require "codeocean.core"
local creates = require "codeocean.bulk.journal.creates"
local equal = require "codeocean.equal"
local journals = require "codeocean.bulk.journal"
local provenance = require "codeocean.bulk.provenance"
local regular_file = require "codeocean.input.regular_file"
local runs = require "codeocean.bulk.runs"

local M = {}

-- The states of a request that may have created an asset.
local MADE = { ok = true, open = true, unknown = true }

-- Journals elsewhere -----------------------------------------------------------------------------

local NAME = "/elsewhere"

--- remember(path): notes in the state folder that a run of creates has its journal at this path,
-- outside that folder. Does nothing if the note cannot be written.
function M.remember(path)
  local folder, log <close> = journals.make_folder(), core.journal_file()
  if folder and (log:open(folder .. NAME) or log:create(folder .. NAME)) then
    log:append(core.absolute(path) .. "\n")
  end
end

local function elsewhere()
  local folder, paths = journals.folder(), {}
  local file <close> = folder and regular_file.open(folder .. NAME)
  for path in file and file:lines() or function() end do paths[#paths + 1] = path end
  return paths
end

--- paths() -> the paths of all known journals, those in the state folder first.
function M.paths()
  local paths, others = runs.paths(), elsewhere()
  return table.move(others, 1, #others, #paths + 1, paths)
end

-- Reading ----------------------------------------------------------------------------------------

-- Whether a journal is of creates. Reads its header only: journals may be many and large.
local function is_of_creates(path)
  local file <close> = regular_file.open(path)
  return file and (file:read "L" or ""):find('"action":"create"', 1, true) ~= nil
end

-- The ledger of a run of creates on this deployment that was interrupted; nil for any other
-- journal.
local function interrupted_run(client, path)
  local ledger = is_of_creates(path) and journals.read(path)
  if not ledger then return nil end
  local interrupted = ledger.confirmed and ledger.ended ~= "done" and not ledger.undone
    and provenance.check_deployment(ledger.header, client, path) == true
  if interrupted then return ledger end
  ledger:close()
end

local function is_of_requests(ledger, requests)
  if ledger.count ~= #requests then return false end
  for i, params in ipairs(requests) do
    if not equal(creates.masked(params), ledger:record(i).request) then return false end
  end
  return true
end

--- unfinished(client, requests, paths) -> the first of these journals that has exactly these
-- requests and was interrupted, or nil. A user who repeats the command wants to resume that run.
function M.unfinished(client, requests, paths)
  for _, path in ipairs(paths) do
    local ledger = interrupted_run(client, path)
    local alike = ledger and is_of_requests(ledger, requests)
    if ledger then ledger:close() end
    if alike then return path end
  end
end

-- The keys of the requests that may have created an asset.
local function keys_of_created(ledger)
  local keys = {}
  for i = 1, ledger.count do
    local record = MADE[ledger.states[i]] and ledger:record(i)
    if record and record.request then keys[creates.key_of(record.request)] = true end
  end
  return keys
end

--- overlap(client, requests, paths) -> the first of these journals of a run that was interrupted
-- and may have created some of the requests (same name, same source), how many, and the name of the
-- first; or nil.
function M.overlap(client, requests, paths)
  local keys_of_requests = {}
  for i, params in ipairs(requests) do keys_of_requests[i] = creates.key_of(params) end
  for _, path in ipairs(paths) do
    local ledger = interrupted_run(client, path)
    local keys = ledger and keys_of_created(ledger) or {}
    if ledger then ledger:close() end
    local count, first = 0, nil
    for i, key in ipairs(keys_of_requests) do
      if keys[key] then count, first = count + 1, first or requests[i].name end
    end
    if count > 0 then return path, count, first end
  end
end

return M
