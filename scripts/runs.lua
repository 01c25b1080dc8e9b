-- colua runs: lists bulk runs and what came of them
local command = require "codeocean.cli"
local format = require "codeocean.output.format"
local options = require "codeocean.cli.options"
local runs = require "codeocean.bulk.runs"

local parser = command.parser("runs", "Lists the journals in the state folder, the newest first; "
  .. "or sums those of one job's shards.", "[options] [JOURNAL ...]",
  "colua runs\ncolua runs --fields run,state,path\ncolua runs --merge shard-*.jsonl")
parser:argument("journal", "journals, if not all in the state folder"):args "*"
parser:flag("--merge", "one sum of all")
options.output(parser)
options.rows(parser, { "run", "state", "started", "name", "action", "total", "counts", "deployment",
  "program", "user", "note", "path", "shard", "runs" })

local FIELDS = { "run", "state", "started", "name", "total", "counts", "deployment", "program",
  "note" }

local function in_words(counts)
  local words = {}
  for status, n in pairs(counts) do
    if n > 0 then words[#words + 1] = ("%d %s"):format(n, status) end
  end
  table.sort(words)
  return table.concat(words, ", ")
end

local function row_of(run, plain)
  if plain then return run end
  local row = {}
  for name, value in pairs(run) do row[name] = value end
  row.started, row.counts = run.started and format.time(run.started), in_words(run.counts)
  return row
end

local function read_all(paths)
  if #paths == 0 then return runs.list() end
  local list, errs = {}, {}
  for _, path in ipairs(paths) do
    local found = runs.find(path) or path
    local run, err = runs.read(found)
    if run then list[#list + 1] = run else errs[#errs + 1] = err end
  end
  return list, errs
end

return command.run("runs", parser, function(_, args)
  local list, errs = read_all(args.journal)
  for _, err in ipairs(errs) do command.note("%s", tostring(err)) end
  if args.merge then list = { runs.merge(list) } end
  local writer = command.writer(args, args.merge and { "runs", "total", "counts" } or FIELDS)
  for _, run in ipairs(list) do writer:row(row_of(run, args.json or args.jsonl)) end
  writer:finish()
  return #errs > 0 and command.status.items_failed or nil
end, true)
