--- Bulk runs: select, plan, confirm, apply, report.
--
--   local report, err = bulk.run(client, {
--     select = { query = "name:2021" },            -- or ids = a list or an iterator of ids
--     change = function(asset) return { tags = … } end,
--   })
--
-- What must hold: a run writes what was confirmed and changes nothing else, even if others write to
-- the same assets. Every id is in the journal before the first asset is read. What is planned for
-- an asset is a patch (codeocean.bulk.plan.patch), not a body; the patch is in the journal before
-- it is sent, and is merged into a fresh read just before the write. Each input has one record in
-- the report.
--
-- A run without confirmation and brakes, other than a deletion, plans and writes each input in one
-- pass, with one get and one write.

require "codeocean.lua.version"

local archive_state = require "codeocean.bulk.plan.archive_state"
local brakes = require "codeocean.bulk.brakes"
local changes = require "codeocean.bulk.plan.change"
local core = require "codeocean.core"
local errors = require "codeocean.error"
local close_after = require "codeocean.lua.close_after"
local journals = require "codeocean.bulk.journal"
local listings = require "codeocean.bulk.plan.listing"
local open_journals = require "codeocean.bulk.open_journals"
local passes = require "codeocean.bulk.passes"
local provenance = require "codeocean.bulk.provenance"
local reports = require "codeocean.bulk.report"
local rules = require "codeocean.bulk.stop_rules"
local selection = require "codeocean.bulk.select"
local run_options = require "codeocean.bulk.options"
local undo = require "codeocean.bulk.undo"
local uses = require "codeocean.assets.uses"
local verify = require "codeocean.bulk.verify"

local M = {}

M.STATUSES = reports.STATUSES

local function must(ok, err)
  if not ok then error(err, 0) end
  return ok
end

-- Select -----------------------------------------------------------------------------------------

local function select(run, ids)
  if run.ledger.selected then return end
  if run.spec.patches then
    must(run.journal:select_given(selection.rows(run.spec), run.spec.limit))
  else
    must(run.journal:select(ids or selection.collect(run.client, run.spec)))
  end
end

-- Open inputs -----------------------------------------------------------------------------------

local WRITTEN = { planned = true, agreed = true, open = true, unknown = true, failed = true }

local function is_planned(run)
  return function(index) return WRITTEN[run.ledger.states[index]] == true end
end

local function is_open(run)
  return function(index)
    local state = run.ledger.states[index]
    return state == nil or state == "given" or WRITTEN[state] == true
  end
end

-- Inputs that failed before their intent are planned again: by the change or the action, or from
-- the patch or values that were given. Inputs that failed after their intent keep their plan.
local function reopen_failed(run)
  local states = run.ledger.states
  local is_given = run.action == "update" and not run.change
  for index = 1, run.ledger.count do
    local record = states[index] == "failed" and run.journal:record(index)
    if record and record.intent == nil then states[index] = is_given and "given" or nil end
  end
end

-- The inputs of `list` (nil: of the run) for whose state fits(state) is true, in their order.
local function inputs_of(run, fits, list)
  local found, states = core.column(), run.ledger.states
  for i = 1, list and #list or run.ledger.count do
    local index = list and list[i] or i
    if fits(states[index]) then found[#found + 1] = index end
  end
  return found
end

local function is_unplanned(state) return state == nil or state == "given" end

local function is_only_planned(state) return state == "planned" end

local function is_agreed(state) return WRITTEN[state] and state ~= "planned" end

-- Merges two ordered lists that have no input in common.
local function merged(a, b)
  if #a == 0 or #b == 0 then return #a > 0 and a or b end
  local all, i, j = core.column(), 1, 1
  for k = 1, #a + #b do
    local x, y = a[i], b[j]
    local first = y == nil or x ~= nil and x < y
    all[k] = first and x or y
    i, j = first and i + 1 or i, first and j or j + 1
  end
  return all
end

-- Confirm ----------------------------------------------------------------------------------------

-- The keys of metadata that are dates: by the schema, or by the run that is resumed or undone.
local function dates_of(run) return run.client.schema:dates() or run.ledger.header.dates end

local function plan_of(run, asked)
  return { count = #asked, size = reports.size(run.journal, asked), action = run.action,
    deployment = run.client.host, profile = run.client.profile, selected = run.ledger.count,
    name = run.spec.name, items = reports.records(run.journal, asked), dates = dates_of(run) }
end

local function agree(run, asked)
  if #asked == 0 then return true end
  local yes = not run.spec.confirm or run.spec.confirm(plan_of(run, asked))
  local answer = yes and run.journal.confirm or run.journal.refuse
  must(answer(run.journal, #asked))
  return yes
end

-- Repeats the searches that became old during a prompt: for the uses of assets; for the archived
-- assets, or, in a deletion, for the assets still selected. (A deletion checks for each asset
-- whether it is archived.)
local function refresh_listings(run)
  if run.uses then run.uses:refresh() end
  if run.action ~= "delete" then
    if run.archive then run.archive:refresh() end
  elseif run.spec.select then
    run.still_selected = listings.new(run.client, function()
      return selection.collect(run.client, run.spec)
    end)
    run.still_selected:refresh()
  end
end

-- Carrying out -----------------------------------------------------------------------------------

-- Whether the journal has a plan that was not confirmed.
local function has_unconfirmed(run)
  for index = 1, run.ledger.count do
    if run.ledger.states[index] == "planned" then return true end
  end
end

local function in_one_pass(run)
  local spec = run.spec
  local agreed = not spec.confirm or run.ledger.confirmed == "all" and not spec.change
    and not has_unconfirmed(run)
  local braked = spec.max_changes ~= nil or spec.check_used
  return agreed and not run.dry and not braked and run.action ~= "delete"
end

local function plan_and_apply(run)
  if run.ledger.confirmed ~= "all" or has_unconfirmed(run) then
    must(run.journal:confirm(run.ledger.count, true))
  end
  passes.plan_and_apply(run, is_open(run), is_planned(run))
end

-- Foretells the outcome of earlier plans, in the dry run of a resume.
local function foretell(run, planned)
  if #planned == 0 then return end
  refresh_listings(run)
  passes.foretell(run, planned)
end

-- Plans, confirms, applies. agreed: inputs that were confirmed before the run was interrupted;
-- asked: inputs that were planned, before that or now, and not confirmed. Returns the refusal of a
-- dry run, and whether the confirmation was declined.
local function plan_then_apply(run)
  local unplanned = inputs_of(run, is_unplanned)
  local agreed, asked = inputs_of(run, is_agreed), inputs_of(run, is_only_planned)
  passes.plan(run, unplanned)
  if run.dry then foretell(run, merged(agreed, asked)) end
  asked = merged(asked, inputs_of(run, is_only_planned, unplanned))
  if run.rules:poll() then return end
  local all = merged(agreed, asked)
  local refusal = brakes.problem(run, all)
  if run.dry then return refusal end
  must(not refusal, refusal)
  if not agree(run, asked) then return nil, true end
  if #all > 0 then refresh_listings(run) end
  passes.apply(run, all)
end

local function report_of(run)
  local report = { counts = reports.counts(run.ledger), records = reports.records(run.journal),
    journal = run.journal.path, error = run.rules.failure, stopped = run.rules.reason,
    dates = dates_of(run) }
  report.interrupted = run.rules:interrupted() and report.counts.pending > 0 or nil
  return report
end

-- The state in which a run ends. A refused run that wrote before it was resumed is "interrupted".
local function state_of(counts, is_refused, is_unfinished)
  local untouched = counts.ok + counts.unknown + counts.conflict == 0
  if is_refused and untouched then return "refused" end
  return (is_refused or is_unfinished) and "interrupted" or "done"
end

local function finish(run, report)
  local counts = report.counts
  if not report.refused then
    local ok, err = undo.finish(run, counts)
    if not ok then report.error = report.error or err end
  end
  local open = report.error or report.interrupted or report.stopped or report.refusal
    or counts.unknown + counts.pending > 0
  local ok, err = run.journal:finish(counts, state_of(counts, report.refused, open))
  if not ok then report.error = report.error or err end
  return report
end

local function carry_out(run, ids)
  select(run, ids)
  reopen_failed(run)
  if run.notify then
    run.notify { type = "selected", done = 0, total = run.ledger.count,
      journal = run.journal.path }
  end
  run.uses = run.spec.check_used and uses.new(run.client) or nil
  if run.uses then run.uses:refresh() end
  local archives = run.action ~= "update" or run.ledger.archives
  if archives then run.archive = archive_state.new(run.client) end
  local refusal, refused, repaired, lost
  if in_one_pass(run) then plan_and_apply(run) else refusal, refused = plan_then_apply(run) end
  if run.spec.verify and not run.dry and not refused then repaired, lost = verify.verify(run) end
  local report = report_of(run)
  report.refusal, report.refused, report.repaired = refusal, refused, repaired
  report.error = report.error or lost
  return finish(run, report)
end

-- Run --------------------------------------------------------------------------------------------

local function change_of(client, spec)
  local fn = spec.change or spec.rule and changes.rule(spec.rule)
  local is_rule = not spec.change
  return fn and { fn = fn, is_rule = is_rule, is_checked = is_rule, whole_tags = spec.whole_tags,
    replace_metadata = spec.replace_metadata, schema = client.schema } or nil
end

-- If the spec has no `confirm`, the client's hooks for plans confirm. (The session's hook asks.)
local function confirm_by_hooks(client, spec, given)
  if spec.confirm or #client.hooks.plan == 0 then return end
  function spec.confirm(plan) return client:notify("plan", plan, given) ~= false end
end

local function notifier(client, spec, given)
  if not spec.on_event and #client.hooks.progress == 0 then return nil end
  return function(event)
    if spec.on_event then spec.on_event(event) end
    client:notify("progress", event, given)
  end
end

local function new_run(client, spec, given)
  confirm_by_hooks(client, spec, given)
  return { client = client, spec = spec, given = given, action = spec.action, partial = spec.patches
    and spec.patches.partial, change = change_of(client, spec), journal = journals.new(),
    dry = spec.dry_run or client.dry_run or false, rules = rules.new(client, spec),
    notify = notifier(client, spec, given), protect = client.protect }
end

-- Checks the rule and the filters, and opens the journals. Returns true, and the ids if the spec
-- lists them; or nil, err.
local function begin(run)
  local client, spec = run.client, run.spec
  local ids = type(spec.ids) == "table" and selection.collect(client, spec) or nil
  local good, problem = changes.check_rule(client.schema, spec.rule, spec.replace_metadata)
  if good then good, problem = selection.check_filters(client, spec) end
  if not good then return nil, problem end
  local ok, err = open_journals.open(run, provenance.header(client, spec, ids))
  if not ok then return nil, err end
  run.ledger = run.journal.ledger
  return true, ids
end

-- Ends a run that failed before its report. Returns nil, err; raises what is no error object.
local function abandon(run, problem)
  if errors.is(problem) and problem.kind == "refused" then
    local counts = reports.counts(run.ledger)
    run.journal:finish(counts, state_of(counts, true))
  end
  if not errors.is(problem) then error(problem, 0) end
  problem.journal = run.journal.path
  return nil, problem
end

-- Takes the run out of those of its client, of which others may have begun or ended meanwhile.
local function leave(run)
  local runs = run.client.runs
  for i = #runs, 1, -1 do
    if runs[i] == run.given then return table.remove(runs, i) end
  end
end

-- An object whose close function ends the run, also after an error. Only a close function is safe
-- from Ctrl-C at the prompt, which is raised again and again until the line ends. A run with a
-- report keeps its journal readable, since the report reads records later; any other run leaves no
-- file open.
local function ending_of(run)
  return setmetatable({}, { __close = function()
    leave(run)
    if run.is_reported then run.journal:close() else run.journal:drop() end
    if run.undone then run.undone:drop() end
  end })
end

local function complete(run)
  local begun, ids = begin(run)
  if not begun then return nil, ids end
  table.insert(run.client.runs, run.given)
  local ok, report = pcall(carry_out, run, ids)
  if not ok then return abandon(run, report) end
  run.is_reported = true
  run.client:notify("report", report, run.given)
  return report
end

--- run(client, spec) -> report; or nil, err when the run could not begin (the selection failed;
-- kind `refused`: the journal cannot be created, or it exists or is in use; too much would change;
-- a deletion is not allowed). err.journal: path of the journal, if there is one.
--
-- spec, what to do: select (parameters of a search; all = true selects the whole estate) or ids
-- (list or iterator of ids); where(asset) -> whether the asset is selected; change(asset) -> the
-- fields to write, nil to leave the asset alone (`asset` is a copy, with permissions if
-- `permissions` is true; custom_metadata is merged key by key, json.null removes a key;
-- replace_metadata: other keys are removed; whole_tags: the tags are the whole list); or rule, a
-- change as data ({tags = changes}, {permissions = changes} or {fields = values}), by which a
-- resume can plan; or action "archive", "unarchive", "delete"; or patches, {rows = iterator over
-- {id, name, patch or values}, …}, as codeocean.bulk.undo, plan_file and input.update_rows give.
--
-- spec, how: name; note; limit; shard = {i, n}: only the i-th of n parts of the ids; jobs; dry_run;
-- journal: path, false for none (default: a new file in the state folder); resume: path of a
-- journal; even_if_undone: also if the run to resume, or to undo, was undone; confirm(plan) ->
-- boolean, plan = {count, size in bytes, selected, items, action, deployment, name, dates}, called
-- only when something would change; verify: read the written assets again and repeat lost
-- writes; fail_fast; max_errors (default 50); max_changes (number or "10%"); max_delete (default
-- 100), allow_unarchived; check_used, even_if_used; stop() -> true to start nothing more;
-- on_event(event), event = {type = "selected" | "planned" | "applied" | "verified", done, total,
-- errors, item}: in one pass there is no "planned", and "applied" has every input.
--
-- report: {counts = {status = n}, records = list of {id, name, status, fields, error}, one for each
-- input, read from the journal on access, journal, refused (confirm returned false), refusal (of a
-- dry run: why the real run would be refused), interrupted, stopped (too many errors), repaired,
-- error (that stopped the run: a full disk, a refused token), dates ({key = true}: the keys of
-- metadata known to be dates)}.
function M.run(client, spec)
  local run = new_run(client, run_options.read(spec), spec)
  return close_after(ending_of(run), complete, run)
end

--- main(client, spec) -> exit status: run() with the options and the output of a command, by
-- codeocean.cli.bulk.
function M.main(client, spec)
  return require("codeocean.cli.bulk").main(client, spec)
end

return M
