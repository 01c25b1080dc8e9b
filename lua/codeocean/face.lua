--- The face of a bulk run: progress, confirmation, report. What codeocean.bulk does, this shows.

local bulk = require "codeocean.bulk"
local command = require "codeocean.command"
local core = require "codeocean.core"
local display = require "codeocean.display"
local status = require "codeocean.status"
local tags = require "codeocean.tags"

local M = {}

local FIELDS = { "status", "id", "name", "change" }
local EXAMPLES = 5

-- Changes in words -------------------------------------------------------------------------------

local function listed(sign, list, words)
  for _, tag in ipairs(list) do words[#words + 1] = sign .. display.escape(tag) end
end

local function shown(value)
  if value == nil then return "(none)" end
  return type(value) == "string" and ("%q"):format(display.escape(value)):gsub("\\\\", "\\")
    or display.value(value)
end

--- "+added -removed  description: "old" → "new"" of a record's fields.
function M.change(fields)
  local words, names = {}, {}
  for name in pairs(fields or {}) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    local before, after = fields[name].before, fields[name].after
    if name == "tags" then
      local _, added, removed = tags.change(before, { set = after })
      listed("+", added, words)
      listed("-", removed, words)
      if #added + #removed == 0 then words[#words + 1] = "tags in another order" end
    else
      words[#words + 1] = ("%s: %s → %s"):format(name, shown(before), shown(after))
    end
  end
  return table.concat(words, " ")
end

-- While it runs ----------------------------------------------------------------------------------

-- A line on a terminal that is written over; nothing elsewhere.
local function progress(client)
  if not core.columns(io.stderr) then return nil, function() end end
  local started, last, phase = core.now(), 0, nil
  local function show(event)
    local now = core.now()
    if event.type ~= phase then started, phase = now, event.type end
    if now - last < 0.1 and event.done < event.total then return end
    last = now
    local rate = event.done / math.max(now - started, 0.001)
    io.stderr:write("\r\27[K", phase == "planned" and "planning " or "writing  ", display.progress {
      done = event.done, total = event.total, rate = rate,
      eta = (event.total - event.done) / rate, errors = event.errors,
      in_flight = client:stats().in_flight,
    })
  end
  return show, function() io.stderr:write("\r\27[K") end
end

local function describe(plan)
  command.note("%s %d %s (%s):", plan.action, plan.count, plan.count == 1 and "asset" or "assets",
    display.size(plan.size))
  for i = 1, math.min(EXAMPLES, plan.count) do
    local item = plan.items[i]
    command.note("  ~ %s  %s  %s", item.id, display.escape(item.name or ""), M.change(item.fields))
  end
  if plan.count > EXAMPLES then command.note("  … %d more", plan.count - EXAMPLES) end
end

-- Deletes cannot be undone: there the number itself is asked for.
local function ask(plan)
  local wanted = plan.action == "delete" and tostring(plan.count) or "y"
  io.stderr:write(plan.action == "delete"
    and ("Type the number of assets to delete for good [%s]: "):format(wanted) or "Go on? [y/N] ")
  local answer = (io.stdin:read("l") or ""):lower()
  return answer == wanted or (wanted == "y" and answer == "yes")
end

local function confirm(clear)
  return function(plan)
    clear()
    describe(plan)
    if core.columns(io.stdin) and core.columns(io.stderr) then return ask(plan) end
    command.note("nothing was written: without a terminal to ask on, --yes must say so")
    return false
  end
end

-- Afterwards -------------------------------------------------------------------------------------

local function row_of(record, dry)
  return {
    status = dry and record.status == "pending" and "~" or record.status,
    id = record.id, name = record.name, fields = record.fields,
    change = record.error and tostring(record.error) or M.change(record.fields),
    error = record.error and tostring(record.error) or nil,
  }
end

local function print_report(report, args, dry)
  if not (args.json or args.jsonl) then args.fields = args.fields or FIELDS end
  local writer = command.writer(args)
  for _, record in ipairs(report.records) do writer:row(row_of(record, dry)) end
  return writer:finish()
end

local function summary(report, dry, seconds, requests)
  local words = {}
  for _, name in ipairs(bulk.STATUSES) do
    local n = report.counts[name]
    local called = dry and name == "pending" and "would change" or name
    if n > 0 then words[#words + 1] = ("%d %s"):format(n, called) end
  end
  local counts = #words > 0 and table.concat(words, ", ") or "nothing"
  return ("%d selected: %s (%d requests, %s)"):format(#report.records, counts, requests,
    seconds < 10 and ("%.1f s"):format(seconds) or display.duration(math.floor(seconds)))
end

--- Options of every command that changes many assets.
function M.add_options(parser)
  command.add_client(parser)
  parser:flag("--yes -y", "do not ask")
  command.add_output(parser)
end

--- Runs `spec` (as for bulk.run) with what the options say; returns the exit status. `bad` is how
-- many input rows were no id.
function M.carry_out(client, spec, args, bad)
  local dry, started, before = args.dry_run or client.dry_run, core.now(), client:stats().requests
  local show, clear = progress(client)
  spec.dry_run, spec.on_event, spec.jobs = dry, show, args.jobs
  spec.limit = spec.limit or args.limit
  if not args.yes then spec.confirm = confirm(clear) end
  local report, err = bulk.run(client, spec)
  clear()
  if not report then error(err, 0) end
  print_report(report, args, dry)
  command.note("%s", summary(report, dry, core.now() - started,
    client:stats().requests - before))
  local code = status.of_report(report)
  return code == status.done and (bad or 0) > 0 and status.items_failed or code
end

--- bulk.main: a script's own bulk run, with the options of the commands in `arg`.
function M.main(client, spec)
  local parser = command.parser(spec.name or "script", "a bulk run")
  M.add_options(parser)
  return command.run(spec.name or "script", parser, function(_, args)
    return M.carry_out(client, spec, args)
  end, client)
end

return M
