--- The user interface of a bulk run, which codeocean.bulk carries out: options, progress,
-- confirmation, report, exit status. Used by the commands and, by bulk.main, by users' scripts.
--
-- What must hold: however the run ends, and whether or not anybody reads the report, the summary
-- and the way to go on reach standard error.

local bulk = require "codeocean.bulk"
local command = require "codeocean.cli"
local confirmation = require "codeocean.cli.confirmation"
local core = require "codeocean.core"
local errors = require "codeocean.error"
local format = require "codeocean.output.format"
local groups = require "codeocean.estate.groups"
local journals = require "codeocean.bulk.journal"
local options = require "codeocean.cli.options"
local planfile = require "codeocean.bulk.plan_file"
local progress = require "codeocean.cli.progress"
local provenance = require "codeocean.bulk.provenance"
local reports = require "codeocean.output.report"
local runs = require "codeocean.bulk.runs"
local selection = require "codeocean.bulk.select"
local status = require "codeocean.cli.status"
local text = require "codeocean.text"

local M = {}

-- Only colua has this module; in another interpreter a signal ends the program at once.
local has_signals, signals = pcall(require, "colua.signals")
signals = has_signals and signals or nil

local FAILURES = 10                                -- shown in full on a terminal
local WOULD_CHANGE = { planned = true, pending = true }
local PHASES = { planned = "planning", applied = "writing", verified = "verifying" }

-- Confirming -------------------------------------------------------------------------------------

-- The function that asks the user. The time until the answer does not count for the run, and a
-- signal in that time ends the program.
local function confirmer(run)
  return provenance.mark_prompt(function(plan)
    local asked = core.now()
    run.progress:clear()
    if signals then signals.release() end
    local yes = provenance.confirm_rerun(plan)
    if yes == nil then yes = confirmation.confirm(plan) end
    if signals then signals.catch() end
    run.started = run.started + core.now() - asked
    return yes
  end)
end

-- Reporting --------------------------------------------------------------------------------------

local function why(record) return reports.why(record, command.argument) end

local FAILED = { missing = true, drift = true, conflict = true, failed = true, unknown = true }

-- Whether a record failed, by the counts: the records themselves are in the journal.
local function has_failures(report)
  for name in pairs(FAILED) do
    if report.counts[name] > 0 then return true end
  end
  return false
end

-- Writes the records that failed, or the others; false when nobody reads any more.
local function write_records(writer, report, dry, failed)
  for _, record in ipairs(report.records) do
    local wanted = (FAILED[record.status] or false) == failed
    local row = wanted and reports.row(record, { why = why(record), dry = dry,
      dates = report.dates, room = writer.room })
    if row and not writer:row(row) then return false end
  end
  return true
end

-- Writes the records, failures first; of a refused run on a terminal, only the failures. Returns
-- the writer's count of lost rows.
local function write_report(report, args, dry)
  local only_failures = command.format(args) == "table" and report.refused
  if only_failures and not has_failures(report) then return 0 end
  local writer = command.writer(args, reports.FIELDS)
  local reading = not has_failures(report) or write_records(writer, report, dry, true)
  if reading and not only_failures then reading = write_records(writer, report, dry, false) end
  if reading then writer:finish() end
  return writer.lost
end

-- Prints the reasons of failures: on a terminal, whose table cuts them, the first few; elsewhere
-- the first traceback of a script.
local function explain_failures(report, args)
  if not has_failures(report) then return end
  local told = 0
  local on_terminal = command.format(args) == "table"
  for _, record in ipairs(report.records) do
    local err, reason = record.error, FAILED[record.status] and why(record)
    local script = reason and err.kind == "script" and not command.argument(err)
    if reason and (on_terminal or script and told == 0) then
      told = told + 1
      if told <= FAILURES then command.eprint("%s", script and err.message or reason) end
    end
  end
  if told > FAILURES then command.eprint("… %d more (--json has them all)", told - FAILURES) end
end

--- called(path) -> how people name a run in a command: one in the state folder by its short name,
-- any other by its path.
function M.called(path)
  local short = runs.short(path)
  return text.quoted(runs.find(short) == path and short or path)
end

--- path(name [, purpose]) -> the path of the run of that name; raises if there is none. If no run
-- has that name, this is a usage error.
function M.path(name, purpose)
  local path, err = runs.find(name, purpose)
  if path then return path end
  if err.kind == "missing" then command.usage_error("%s", err.message) end
  error(err, 0)
end

--- find(name, purpose) -> the same for "undo" or "resume". For "last", a line on standard error
-- names the run.
function M.find(name, purpose)
  local path = M.path(name, purpose)
  local run = name == "last" and runs.read_header(path)
  if run then
    command.eprint("the last run to %s: %s (%s), started %s", purpose, run.run,
      text.escape(run.name or run.action or "?"), format.time(run.started))
  end
  return path
end

local function hint(path)
  if path then command.eprint("colua resume %s goes on", M.called(path)) end
end

-- Tells how the run ended, and how to resume or undo it.
local function conclude(report)
  local counts = report.counts
  local done = counts.ok + counts.conflict + counts.unknown
  local open = report.interrupted or report.error or counts.unknown + counts.pending > 0
  if report.interrupted then command.eprint("interrupted: what is pending was not done") end
  if report.stopped then command.eprint("stopped: %s", report.stopped) end
  if report.error then command.eprint("stopped: %s", tostring(report.error)) end
  if report.refusal then
    command.eprint("the run itself would be refused: %s", report.refusal.message)
  end
  if not report.journal or report.refused then return end
  if open then hint(report.journal) end
  if done > 0 and not open then command.eprint("journal: %s", report.journal) end
end

-- Refuses a dry run before its first request: for a plan that cannot be written, and for a journal
-- whose name is taken, as the real run would be.
local function refuse_files(args)
  local path = args.journal
  local taken = path and (core.is_link(path) or core.absolute(path))
  local err = args.plan and planfile.problem(args.plan) or taken and journals.problem(path)
  if err then error(err, 0) end
end

local function write_plan(report, client, spec, path)
  local written, err = planfile.write(path, { name = spec.name, deployment = client.host,
    estate = provenance.estate(client) }, report)
  if not written then error(err, 0) end
  command.eprint("plan: %s in %s (colua apply carries it out)", reports.count(written, "change"),
    text.escape(path))
end

-- Running ----------------------------------------------------------------------------------------

--- Options of every command that changes many assets; more of them go into the same group.
function M.add_options(parser, ...)
  options.run(parser, options.dry_run(parser), options.detailed_exitcode(parser),
    options.yes(parser), options.plan(parser), options.jobs(parser), options.rate(parser),
    options.journal(parser), options.note(parser), options.verify(parser), ...)
  parser:group("When to stop, how to divide", options.bounds(parser))
  options.output(parser)
  options.rows(parser, { "status", "id", "name", "change", "fields", "error" })
end

-- The options that replace the spec's own.
local GIVEN = { "fail_fast", "max_errors", "max_changes", "shard", "jobs", "note", "verify",
  "limit", "where" }

local function apply_options(spec, args)
  for _, name in ipairs(GIVEN) do
    if args[name] ~= nil then spec[name] = args[name] end
  end
  spec.name = spec.name or arg[0]
  if args.journal then spec.journal = args.journal end
  if args.plan then spec.journal = false end -- carried out by `colua apply`, perhaps elsewhere
end

local WHOLE_ESTATE = {
  query = "--query is blank, which",
  where = "--where names no field of an asset, which",
  nothing = "these options say nothing of the assets, which",
}

-- Refuses the selection of every asset by a command without --all; bulk.run checks a script's own.
local function check_selection(spec, args)
  local problem = args.id and spec.select and selection.problem(spec)
  if problem then
    command.usage_error("%s would select every asset; --all says so", WHOLE_ESTATE[problem])
  end
end

local function run_bulk(client, spec, args, run)
  apply_options(spec, args)
  check_selection(spec, args)
  spec.dry_run = run.dry
  spec.stop = signals and signals.came
  if not args.yes and not run.dry then spec.confirm = confirmer(run) end
  function spec.on_event(event)
    if signals and event.type == "selected" then signals.catch() end
    if event.type == "planned" and WOULD_CHANGE[event.item.status] then
      run.totals:add(event.item)
    end
    if PHASES[event.type] then run.progress:show(PHASES[event.type], event) end
  end
  local report, err = bulk.run(client, spec)
  if signals then signals.release() end
  run.progress:clear()
  if report then return report end
  if err.kind == "cancelled" then hint(err.journal) end
  error(err, 0)
end

--- is_dry(client, args) -> whether a run with these options writes nothing.
function M.is_dry(client, args)
  return (args.dry_run or args.plan or client.dry_run) and true or false
end

--- carry_out(client, spec, args, bad) -> exit status. Runs `spec` (as for bulk.run) with what the
-- options say; `bad` is how many input rows were no id.
function M.carry_out(client, spec, args, bad)
  local dry = M.is_dry(client, args)
  local acts = spec.action and spec.action ~= "update"
  if args.plan and acts then command.usage_error("--plan is for changes of fields") end
  if dry and not spec.resume then refuse_files(args) end
  local run = { progress = progress.new(client), started = core.now(), dry = dry,
    requests = client:stats().requests, totals = groups.of_year() }
  local report = run_bulk(client, spec, args, run)
  -- If the report cannot be written (a full disk), the summary still is.
  local written, lost = pcall(write_report, report, args, dry)
  if not written and not errors.is(lost) then error(lost, 0) end
  explain_failures(report, args)
  command.eprint("%s", reports.summary(report, bulk.STATUSES, { dry = dry, bad = bad,
    total = dry and run.totals.total, requests = client:stats().requests - run.requests,
    seconds = core.now() - run.started }))
  if #report.records == 0 then command.explain_empty_result(client, args) end
  if args.plan then write_plan(report, client, spec, args.plan) end
  conclude(report)
  if not written then error(lost, 0) end
  return status.of_report(report, bad + lost, dry and args.detailed_exitcode)
end

--- main(client, spec) -> exit status: a script's own bulk run, with the options of the commands in
-- `arg`. The script makes the client, so --rate is its business.
function M.main(client, spec)
  local name = spec.name or arg[0] or "bulk"
  local parser = options.parser((arg[0] or name) .. " [options]", spec.about or "A bulk run.")
  options.run(parser, options.limit(parser, "take at most <n>"),
    options.dry_run(parser), options.detailed_exitcode(parser), options.yes(parser),
    options.jobs(parser), options.plan(parser), options.journal(parser), options.note(parser),
    options.verify(parser))
  parser:group("When to stop, how to divide", options.bounds(parser))
  options.output(parser)
  options.rows(parser, { "status", "id", "name", "change", "fields", "error" })
  local own = {}
  for field, value in pairs(spec) do own[field] = value end
  return command.run_as(name, parser, function(args)
    command.warn(client)
    return M.carry_out(client, own, args, 0)
  end)
end

return M
