--- The face of a bulk run: progress, confirmation, report. What codeocean.bulk does, this shows.

local bulk = require "codeocean.bulk"
local command = require "codeocean.cli"
local core = require "codeocean.core"
local formats = require "codeocean.output.format"
local texts = require "codeocean.output.text"
local values = require "codeocean.output.value"
local options = require "codeocean.cli.options"
local planfile = require "codeocean.bulk.plan_file"
local progress = require "codeocean.cli.progress"
local status = require "codeocean.cli.status"
local tags = require "codeocean.tags"

local M = {}

-- Another interpreter than colua has no such module: there a signal just ends the program.
local has_signals, signals = pcall(require, "colua.signals")
signals = has_signals and signals or nil

local FIELDS = { "status", "id", "name", "change" }
local EXAMPLES = 5
local SHORTEST_NAME = 16
local FAILURES = 10                                -- told in full on a terminal
local PHASES = { planned = "planning", applied = "writing" }

-- Changes in words -------------------------------------------------------------------------------

local function listed(sign, list, words)
  for _, tag in ipairs(list) do words[#words + 1] = sign .. texts.escape(tag) end
end

local function shown(value)
  if value == nil then return "(none)" end
  return type(value) == "string" and '"' .. texts.escape(value) .. '"' or values.show(value)
end

local function tag_words(before, after, words)
  local added, removed = tags.difference(before, after)
  listed("+", added, words)
  listed("-", removed, words)
  if #added + #removed == 0 then words[#words + 1] = "the same tags in another way" end
end

--- change(fields) -> "+added -removed description: "old" → "new"" of a record's fields.
function M.change(fields)
  local words, names = {}, {}
  for name in pairs(fields or {}) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    local before, after = fields[name].before, fields[name].after
    if name == "tags" then
      tag_words(before, after, words)
    else
      words[#words + 1] = ("%s: %s → %s"):format(name, shown(before), shown(after))
    end
  end
  return table.concat(words, " ")
end

-- Asking -----------------------------------------------------------------------------------------

local function count(n, one)
  return ("%d %s%s"):format(n, one, n == 1 and "" or "s")
end

-- The name gives way in a narrow terminal, not what would change.
local function example(item, width)
  local name, change = texts.escape(item.name or ""), M.change(item.fields)
  local room = width and width - #item.id - texts.width(change) - 9
  if room then name = texts.clip(name, math.max(room, SHORTEST_NAME)) end
  return (("  ~ %s  %s  %s"):format(item.id, name, change):gsub(" +$", ""))
end

local function describe(plan)
  local width = core.columns(io.stderr)
  command.note("%s %s (%s):", plan.action, count(plan.count, "asset"), formats.size(plan.size))
  for i = 1, math.min(EXAMPLES, plan.count) do
    command.note("%s", example(plan.items[i], width))
  end
  if plan.count > EXAMPLES then command.note("  … %d more", plan.count - EXAMPLES) end
end

-- Deletes cannot be undone: there the number itself is asked for.
local function ask(plan)
  local deletes = plan.action == "delete"
  io.stderr:write(deletes and "This cannot be undone. Type the number of assets to delete: "
    or "Go on? [y/N] ")
  local answer = io.stdin:read("l")
  if not answer then io.stderr:write("\n") end
  answer = (answer or ""):lower():match("^%s*(.-)%s*$")
  if deletes then return answer == tostring(plan.count) end
  return answer == "y" or answer == "yes"
end

local function agreed(plan)
  describe(plan)
  local terminal = core.columns(io.stdin) and core.columns(io.stderr)
  local yes = terminal and ask(plan)
  if yes then return true end
  command.note("nothing was written%s", terminal and ""
    or ": there is no terminal to ask on, and no --yes")
  return false
end

-- The clock stands still while a person thinks; then a signal just ends the program.
local function confirmer(run, args)
  return function(plan)
    if args.yes then return true end
    local asked = core.now()
    run.progress:clear()
    if signals then signals.release() end
    local yes = agreed(plan)
    if signals then signals.catch() end
    run.started = run.started + core.now() - asked
    return yes
  end
end

-- Reporting --------------------------------------------------------------------------------------

-- Why a record failed, in a line; nil for one that did not, or was not begun.
local function failure(record)
  if not record.error or record.error.kind == "pending" then return nil end
  local text = command.argument(record.error) or tostring(record.error)
  return text:match("^[^\n]*")
end

local function row_of(record, dry)
  local why = failure(record)
  return {
    status = dry and record.status == "pending" and "~" or record.status,
    id = record.id, name = record.name, fields = record.fields,
    change = why or M.change(record.fields), error = why,
  }
end

local function sorted(records)
  local first, rest = {}, {}
  for _, record in ipairs(records) do
    local list = failure(record) and first or rest
    list[#list + 1] = record
  end
  return first, rest
end

-- Failures first; on a terminal, of a run that was refused, nothing else.
local function print_rows(report, args, dry)
  local failed, rest = sorted(report.records)
  local on_terminal = command.format(args) == "table"
  if on_terminal and report.refused then rest = {} end
  if on_terminal and #failed + #rest == 0 then return 0 end
  local writer = command.writer(args, FIELDS)
  for _, list in ipairs { failed, rest } do
    for _, record in ipairs(list) do
      if not writer:row(row_of(record, dry)) then return writer.lost end
    end
  end
  writer:finish()
  return writer.lost
end

-- A table cuts what it has no room for, and a mistake in a script needs its traceback.
local function explain_failures(report, args)
  local told = 0
  local on_terminal = command.format(args) == "table"
  for _, record in ipairs(report.records) do
    local err, why = record.error, failure(record)
    local script = why and err.kind == "script" and not command.argument(err)
    if why and (on_terminal or script and told == 0) then
      told = told + 1
      if told <= FAILURES then command.note("%s", script and err.message or why) end
    end
  end
  if told > FAILURES then command.note("… %d more (--json has them all)", told - FAILURES) end
end

local function summary(report, bad, dry, run, client)
  local seconds, requests = core.now() - run.started, client:stats().requests - run.requests
  local words = {}
  for _, name in ipairs(bulk.STATUSES) do
    local n = report.counts[name]
    local called = dry and name == "pending" and "would change" or name
    if n > 0 then words[#words + 1] = ("%d %s"):format(n, called) end
  end
  if bad > 0 then words[#words + 1] = count(bad, "input row") .. " refused" end
  return ("%d selected: %s (%s, %s)"):format(#report.records,
    #words > 0 and table.concat(words, ", ") or "nothing to do", count(requests, "request"),
    seconds < 10 and ("%.1f s"):format(seconds) or formats.duration(seconds))
end

-- As a shell reads it back.
local function quoted(path)
  if not path:find("[^%w_./-]") then return path end
  return "'" .. path:gsub("'", "'\\''") .. "'"
end

local function hint(path)
  if path then command.note("colua resume %s goes on", quoted(path)) end
end

-- What a person should know who wants to go on, or back.
local function conclude(report)
  local counts = report.counts
  local done = counts.ok + counts.conflict + counts.unknown
  local open = report.interrupted or report.error or counts.unknown + counts.pending > 0
  if report.interrupted then command.note("interrupted: what is pending was not done") end
  if report.error then command.note("stopped: %s", tostring(report.error)) end
  if not report.journal or report.refused then return end
  if open then hint(report.journal) end
  if done > 0 and not open then command.note("journal: %s", report.journal) end
end

local function write_plan(report, client, spec, path)
  local written, err = planfile.write(path, { name = spec.name, deployment = client.host },
    report.records)
  if not written then error(err, 0) end
  command.note("plan: %s in %s (colua apply carries it out)", count(written, "change"), path)
end

-- Running ----------------------------------------------------------------------------------------

--- Options of every command that changes many assets; more of them go into the same group.
function M.add_options(parser, ...)
  options.run(parser, options.dry_run(parser), options.detailed_exitcode(parser),
    options.yes(parser), options.plan(parser), options.jobs(parser), options.rate(parser),
    options.journal(parser), ...)
  parser:group("When to stop, how to divide", options.bounds(parser))
  options.output(parser)
  options.rows(parser, { "status", "id", "name", "change", "fields", "error" })
end

--- carry_out(client, spec, args, bad) -> exit status. Runs `spec` (as for bulk.run) with what the
-- options say; `bad` is how many input rows were no id.
function M.carry_out(client, spec, args, bad)
  local dry = args.dry_run or args.plan or client.dry_run
  if args.plan and spec.action then command.usage_error("--plan is for changes of fields") end
  local run = { progress = progress.new(client), started = core.now(),
    requests = client:stats().requests }
  spec.fail_fast, spec.max_errors, spec.shard = args.fail_fast, args.max_errors, args.shard
  spec.dry_run, spec.jobs, spec.limit = dry, args.jobs, spec.limit or args.limit
  spec.confirm, spec.stop = confirmer(run, args), signals and signals.came
  spec.name, spec.journal = spec.name or arg[0], args.journal or spec.journal
  function spec.on_event(event)
    if signals and event.type == "selected" then signals.catch() end
    if PHASES[event.type] then run.progress:show(PHASES[event.type], event) end
  end
  local report, err = bulk.run(client, spec)
  if signals then signals.release() end
  run.progress:clear()
  if not report then
    if err.kind == "cancelled" then hint(err.journal) end
    error(err, 0)
  end
  local lost = print_rows(report, args, dry)
  explain_failures(report, args)
  command.note("%s", summary(report, bad, dry, run, client))
  if args.plan then write_plan(report, client, spec, args.plan) end
  conclude(report)
  return status.of_report(report, bad + lost, dry and args.detailed_exitcode)
end

--- main(client, spec) -> exit status: a script's own bulk run, with the options of the commands in
-- `arg`. The script makes the client, so --rate is its business.
function M.main(client, spec)
  local name = spec.name or arg[0] or "bulk"
  local parser = options.parser((arg[0] or name) .. " [options]", spec.about or "A bulk run.")
  options.run(parser, options.limit(parser, "take at most so many"),
    options.dry_run(parser), options.detailed_exitcode(parser), options.yes(parser),
    options.jobs(parser), options.plan(parser), options.journal(parser))
  parser:group("When to stop, how to divide", options.bounds(parser))
  options.output(parser)
  options.rows(parser, { "status", "id", "name", "change", "fields", "error" })
  return command.run_as(name, parser, function(args)
    command.warn(client)
    return M.carry_out(client, spec, args, 0)
  end)
end

return M
