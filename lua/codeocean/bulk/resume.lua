--- Resuming a run that was interrupted: from its journal alone, or with its script.
--
-- Used by `colua resume` and codeocean.bulk.open_journals. The journal has the plans made so far,
-- and the search, the --where and the rule of the command, by which the rest is planned. A journal
-- cannot hold a user's function: a run that has one needs its script again.

local expressions = require "codeocean.expression"
local journal = require "codeocean.bulk.journal"
local ledgers = require "codeocean.bulk.journal.ledger"
local text = require "codeocean.text"

local M = {}

local function has_unplanned(ledger)
  if not ledger.selected then return true end
  for index = 1, ledger.count do
    local state = ledger.states[index]
    local record = state == "failed" and ledger:record(index)
    if state == nil or record and record.intent == nil and record.given == nil then return true end
  end
  return false
end

-- Whether there are unconfirmed plans of a script that may have changed.
local function has_forced_plans(ledger)
  if not ledger.forced then return false end
  for index = 1, ledger.count do
    if ledger.states[index] == "planned" then return true end
  end
  return false
end

-- The text of the run's --where; true when it is a function; nil without one.
local function where_of(header) return (header.options or {}).where end

--- may_need_script(header) -> whether needs_script() can be true of a journal with that header.
function M.may_need_script(header)
  if where_of(header) == true then return true end
  if header.action ~= "update" or header.change then return false end
  return not (header.selection and header.selection.patches)
end

--- needs_script(ledger) -> whether an input is left that only the script can plan or select.
function M.needs_script(ledger)
  local header = ledger.header
  if not M.may_need_script(header) then return false end
  return where_of(header) == true or has_unplanned(ledger) or has_forced_plans(ledger)
end

-- Whether a spec itself lists the assets of its run.
local function selects(spec)
  return spec.ids ~= nil or spec.patches ~= nil and spec.patches.rows ~= nil
end

--- check(path, ledger, force [, spec]) -> true if the run of that journal can be resumed; or nil,
-- err. force: also if it was undone since. spec: of the run that resumes it.
function M.check(path, ledger, force, spec)
  local header = ledger.header
  if ledger.undone and not force then
    return journal.refused(path, "the run was undone since, by %s; --force goes on all the same",
      text.escape(ledger.undone))
  elseif header.action == "create" then
    return journal.refused(path, "`colua create` resumes creates")
  elseif header.journal == 1 and has_unplanned(ledger) then
    return journal.refused(path, "an earlier colua wrote it and not all is planned in it; "
      .. "run it again")
  elseif not ledgers.is_begun(ledger) and not selects(spec or {}) then
    return journal.refused(path, "the run was interrupted while its ids were written down: nothing "
      .. "was sent; run it again")
  end
  return true
end

--- read(path, force) -> ledger of a run that can be resumed; or nil, err. force: also if the run
-- was undone since.
function M.read(path, force)
  local ledger, err = journal.read(path)
  if not ledger then return nil, err end
  local ok, problem = M.check(path, ledger, force)
  return ok and ledger, problem
end

-- Compiles the text of --where, which a newer colua may have written. Returns true, and the
-- function if there is a text; or nil, err.
local function compile_where(path, header)
  local where = where_of(header)
  if where == nil or where == true then return true end
  local fn, problem = expressions.compile(tostring(where))
  if fn then return true, fn end
  return journal.refused(path, "its --where: %s", problem)
end

--- spec(path, force) -> the spec with which bulk.run finishes the run of that journal without its
-- script, and the journal's header; or nil, err. Reads the header alone: the run reads the rest
-- once it has locked the file. The spec has the search though all ids are known: a deletion
-- searches for those that are still selected. force: also if the run was undone since.
function M.spec(path, force)
  local header, err = ledgers.read_header_at(path)
  if not header then return nil, err end
  local ok, where = compile_where(path, header)
  if not ok then return nil, where end
  local spec = { resume = path, even_if_undone = force, action = header.action, name = header.name,
    rule = header.change, shard = header.shard }
  for name, value in pairs(header.options or {}) do spec[name] = value end
  spec.where = where
  local search = header.selection and header.selection.select
  if search then spec.select, spec.all = search, true end
  return spec, header
end

return M
