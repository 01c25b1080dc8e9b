-- colua diff: compares a pulled file with its origin, or two deployments
local asset_fields = require "codeocean.assets.fields"
local clients = require "codeocean.client"
local command = require "codeocean.cli"
local compare = require "codeocean.estate.compare"
local options = require "codeocean.cli.options"
local pulled_copy = require "codeocean.estate.pulled_copy"
local report = require "codeocean.output.report"

local parser = command.parser("diff", "Compares a pulled file with its state when it was pulled, "
  .. "or the assets of two deployments, paired by name or another field.", "[options] [FILE]", [[
colua diff copy.db
colua diff copy.db --detailed-exitcode --json
colua diff --from-profile production --to-profile test
colua diff --from-profile production --to-profile test \
  --by custom_metadata.subject --csv
colua diff --from-profile production --to-profile test --query tag:released]])
local value = options.value
parser:argument("file", "file that colua pull made"):argname "FILE":args "?"
parser:group("Two deployments",
  value(parser, "--from-profile", "<profile>", "the old side: the deployment of this profile"),
  value(parser, "--to-profile", "<profile>", "the new side: an asset that only it has is added"),
  value(parser, "--by", "<field>", "pair assets by this field (default: name)"),
  value(parser, "--query", "<text>", "only the assets that this search finds in each"))
parser:flag("--detailed-exitcode", "status 10 if anything differs")
options.output(parser)
options.rows(parser, { "status", "id", "to_id", "key", "name", "change", "fields" })

-- The assets of a profile's deployment by the key, and which keys of their metadata are dates.
local function of_profile(name, args)
  local client <close>, err = clients.new { profile = name }
  if not client then error(err, 0) end
  command.warn(client)
  local shown <close> = command.follow(client, args, "listing")
  local lists, without = compare.by_key(client.data_assets:each { query = args.query }, args.by)
  shown:clear()
  if without > 0 then
    command.eprint("%s: %s without %s, not compared", name, report.count(without, "asset"), args.by)
  end
  client.schema:load() -- without it, dates are shown as numbers
  return lists, client.schema:dates()
end

local function of_deployments(args)
  if args.file or not (args.from_profile and args.to_profile) then
    command.usage_error("give FILE, or --from-profile and --to-profile")
  end
  args.by = args.by or "name"
  local problem = asset_fields.problem(args.by)
  if problem then command.usage_error("--by: no field is called '%s'; %s", args.by, problem) end
  local from = of_profile(args.from_profile, args)
  local to, dates = of_profile(args.to_profile, args)
  return compare.rows(from, to), dates
end

local function of_file(args)
  if not args.file then command.usage_error("give FILE, or --from-profile and --to-profile") end
  local rows, err = pulled_copy.diff(args.file)
  if not rows then error(err, 0) end
  return rows
end

return command.run("diff", parser, function(_, args)
  local two = args.from_profile or args.to_profile or args.by or args.query
  local rows, dates = (two and of_deployments or of_file)(args)
  local fields = two and { "status", "id", "to_id", "name", "change" }
    or { "status", "id", "name", "change" }
  local writer = command.writer(args, fields)
  for _, row in ipairs(rows) do
    row.change = row.status == "ambiguous" and ("several have %s %s"):format(args.by, row.key)
      or report.change(row, dates)
    writer:row(row)
  end
  writer:finish()
  command.eprint("%d %s", #rows, #rows == 1 and "difference" or "differences")
  return args.detailed_exitcode and #rows > 0 and command.status.changes_pending or nil
end, true)
