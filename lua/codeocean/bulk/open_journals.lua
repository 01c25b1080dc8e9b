--- Opens the journals of a run: its own journal, which is new or that of a run that was
-- interrupted; and the journal of the run that it undoes.
--
-- Called by codeocean.bulk before anything is sent. What must hold: a journal is stored in the run
-- before it has a file, so that the end of the run closes the file, also after an error.

local provenance = require "codeocean.bulk.provenance"
local resume = require "codeocean.bulk.resume"
local undo = require "codeocean.bulk.undo"

local M = {}

-- Whether this run can go on with the run that was interrupted, whose journal is open; or nil, err.
local function check(run, path, header, forced)
  local spec, ledger = run.spec, run.journal.ledger
  local ok, err = resume.check(path, ledger, forced or spec.even_if_undone, spec)
  if ok then ok, err = provenance.check_deployment(ledger.header, run.client, path) end
  if ok then ok, err = provenance.check_alike(ledger.header, header, path) end
  return ok, err
end

local function reopen(run, path, header, forced)
  local journal, err
  if run.dry then journal, err = run.journal:rehearse(path) end
  if not run.dry then journal, err = run.journal:resume(path) end
  if not journal then return nil, err end
  local ok, problem = check(run, path, header, forced)
  if not ok then return nil, problem end
  return journal:mark { resumed = header.started, forced = forced or nil }
end

local function open_own(run, header)
  local spec = run.spec
  local resumed, confirm, forced, err = provenance.journal_to_resume(header, spec.confirm)
  if err then return nil, err end
  spec.confirm = confirm
  local path = spec.resume or resumed
  if path then return reopen(run, path, header, forced) end
  if run.dry or spec.journal == false then return run.journal:keep_none(header, spec.journal) end
  return run.journal:create(spec.journal, header)
end

local function open_undone(run)
  local ok, err = undo.open(run)
  if not ok then return nil, err end
  local ledger = run.undone and run.undone.ledger
  if not ledger then return true end
  return provenance.check_deployment(ledger.header, run.client, run.spec.patches.undoes)
end

--- open(run, header) -> true once run.journal is open, and run.undone if the run undoes another; or
-- nil, err. header: of this run, for a new journal.
function M.open(run, header)
  local ok, err = open_undone(run)
  if ok then ok, err = open_own(run, header) end
  return ok and true, err
end

return M
