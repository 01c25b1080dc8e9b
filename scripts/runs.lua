-- colua runs: lists bulk runs and their results
local command = require "codeocean.cli"
local face = require "codeocean.cli.bulk"
local format = require "codeocean.output.format"
local options = require "codeocean.cli.options"
local output_file = require "codeocean.output.file"
local page = require "codeocean.estate.run_page"
local reports = require "codeocean.output.report"
local runs = require "codeocean.bulk.runs"
local text = require "codeocean.text"

local parser = command.parser("runs", "Lists the journals in the state folder, the newest first. "
  .. "--merge sums the shards of one job. show RUN prints one run: who, when, why, each change "
  .. "and each failure.", "[options] [JOURNAL ... | show RUN]",
  "colua runs\ncolua runs --fields run,state,path\ncolua runs --merge shard-*.jsonl\n"
  .. "colua runs show last\ncolua runs show cb52bc --html --output run.html")
parser:argument("journal", "journals (default: all in the state folder)"):args "*"
parser:flag("--merge", "sum them into one row")
options.output(parser, parser:flag("--html", "with show: an HTML page"),
  options.value(parser, "--output", "<file>", "write to this file; replaces a file of this name"))
options.rows(parser, { "run", "state", "started", "name", "action", "total", "counts", "deployment",
  "profile", "program", "user", "note", "path", "shard", "runs", "status", "id", "change", "fields",
  "error" })

local FIELDS = { "run", "state", "started", "name", "total", "counts", "deployment", "program",
  "note" }

-- The counts of the run by status, in words.
local function in_words(run)
  local words = {}
  for status, n in pairs(run.counts) do
    if n > 0 then words[#words + 1] = ("%d %s"):format(n, status) end
  end
  table.sort(words)
  if #words == 0 and run.state == "done" then return "nothing selected" end
  return table.concat(words, ", ")
end

-- The deployment in a word: the profile, or the first label of the host.
local function where(run)
  if run.estate then return "sandbox" end
  return run.profile or run.deployment and format.host(run.deployment)
end

local function row_of(run, form)
  if form == "json" or form == "jsonl" then return run end
  local row = {}
  for name, value in pairs(run) do row[name] = value end
  row.started, row.counts = run.started and format.time(run.started), in_words(run)
  if form == "table" and run.run then row.deployment = where(run) end
  return row
end

local function read_all(paths)
  if #paths == 0 then return runs.list() end
  local list, errs = {}, {}
  for _, path in ipairs(paths) do
    local run, err = runs.read(face.path(path))
    if run then list[#list + 1] = run else errs[#errs + 1] = err end
  end
  return list, errs
end

local function write_page(args, run, records)
  local html = page.text(run, records)
  if not args.output then return command.print("%s", html) end
  local written, problem = output_file.replace(args.output, html)
  if not written then command.usage_error("--output: %s", problem) end
  command.eprint("%s: %s, %d bytes", args.output, reports.count(#records, "asset"), #html)
end

local function show(args)
  if #args.journal ~= 2 then command.usage_error("show: which run? give one name, or last") end
  local run, records = runs.show(face.path(args.journal[2]))
  if not run then error(records, 0) end
  if args.html then return write_page(args, run, records) end
  command.eprint("run %s: %s, %s, %s", run.run, text.escape(run.name or "?"), run.state,
    in_words(run))
  for _, fact in ipairs(page.facts(run)) do
    command.eprint("%s: %s", fact[1], text.escape(tostring(fact[2])))
  end
  local writer <close> = command.writer(args, reports.FIELDS)
  for _, record in ipairs(records) do
    writer:row(reports.row(record, { why = reports.why(record), dates = run.dates,
      room = writer.room }))
  end
  writer:finish()
end

return command.run("runs", parser, function(_, args)
  if args.journal[1] == "show" then return show(args) end
  if args.html then command.usage_error("--html belongs to: colua runs show RUN") end
  local list, errs = read_all(args.journal)
  for _, err in ipairs(errs) do command.eprint("%s", tostring(err)) end
  if args.merge then list = { runs.merge(list) } end
  local fields = args.merge and { "runs", "total", "counts" } or FIELDS
  local writer <close> = command.writer(args, fields)
  for _, run in ipairs(list) do writer:row(row_of(run, command.format(args))) end
  writer:finish()
  return #errs > 0 and command.status.items_failed or nil
end, true)
