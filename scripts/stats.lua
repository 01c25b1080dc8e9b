-- colua stats: counts assets and bytes in groups
local age = require "codeocean.cli.age"
local bar = require "codeocean.estate.bar"
local command = require "codeocean.cli"
local format = require "codeocean.output.format"
local groups = require "codeocean.estate.groups"
local options = require "codeocean.cli.options"
local report = require "codeocean.output.report"
local tables = require "codeocean.output.table"

local parser = command.parser("stats", "Counts assets and bytes in groups, the largest first, "
  .. "and how many of them are idle.", nil, [[
colua stats
colua stats --by tag --idle 6m --limit 20
colua stats --by custom_metadata.subject --type dataset --json]])
options.search(parser, "groups, the largest; all assets are counted")
parser:group("What to count",
  options.value(parser, "--by", "<property>", "type (default), tag, owner, year, month, state, "
    .. "prefix or custom_metadata.KEY"):default "type",
  options.value(parser, "--idle", "<age>", "what counts as idle: 90d, 26w, 6m, 1y (default)",
    age.seconds))
options.output(parser)

local BAR = 20 -- columns
local FIELDS = { "key", "assets", "bytes", "idle_assets", "idle_bytes" }
options.rows(parser, FIELDS)
local COLUMNS = {
  { field = "key", shrink = true, least = 10 }, { field = "assets", right = true },
  { field = "size", right = true }, { field = "idle", right = true }, { field = "share" },
}

local function data_of(row)
  return { key = row.key, assets = row.count, bytes = row.bytes:value(),
    idle_assets = row.idle_count, idle_bytes = row.idle_bytes:value() }
end

local function percent(part, whole)
  return whole > 0 and ("%.0f %%"):format(100 * part / whole) or ""
end

local function shown(row, most)
  local bytes = row.bytes:approximately()
  return { key = row.key, assets = row.count, size = row.bytes:size(),
    idle = percent(row.idle_bytes:approximately(), bytes),
    share = bar.draw(most > 0 and bytes / most or 0, BAR, bar.is_unicode(os.getenv)) }
end

local function print_table(rows)
  local lines, most = {}, rows[1] and rows[1].bytes:approximately() or 0
  for i, row in ipairs(rows) do lines[i] = shown(row, most) end
  local width = command.columns(io.stdout)
  print((tables.render(lines, COLUMNS, { width = width,
    colour = format.colours(os.getenv, width ~= nil) })))
end

local function print_data(rows, args)
  local writer = command.writer(args, FIELDS)
  for _, row in ipairs(rows) do writer:row(data_of(row)) end
  writer:finish()
end

return command.run("stats", parser, function(client, args)
  local problem = groups.problem(args.by)
  if problem then command.usage_error("--by: %s", problem) end
  local all = groups.new(args.by, os.time() - (args.idle or assert(age.seconds "1y")))
  for asset in command.assets(client, args) do all:add(asset) end
  local rows = all:rows()
  rows = table.move(rows, 1, math.min(#rows, args.limit or #rows), 1, {})
  if command.format(args) == "table" then print_table(rows) else print_data(rows, args) end
  local total = all.total
  command.eprint("%s, %s, of which idle %s, %s", report.count(total.count, "asset"),
    total.bytes:size(), report.count(total.idle_count, "asset"), total.idle_bytes:size())
end)
