-- colua update: changes name, description, tags, mount or metadata
local command = require "codeocean.cli"
local face = require "codeocean.cli.bulk"
local json = require "codeocean.json"
local options = require "codeocean.cli.options"
local requests = require "codeocean.input.create_requests"
local sheets = require "codeocean.cli.update_rows"

local function object(text)
  local found, problem = json.decode(text, true)
  if type(found) == "table" and not getmetatable(found) then return found end
  local form = [[a JSON object expected, such as '{"rig": 3, "subject": "632522"}']]
  return nil, problem and ("%s; %s"):format(form, problem) or form
end

local parser = command.parser("update", "Writes the same values to all selected assets, or the "
  .. "values of a sheet, row by row; other fields stay. Columns of a sheet: id (or name, with "
  .. "--by-name), name, description, mount, tags (the whole list, a;b), +tags, -tags, "
  .. "custom_metadata.KEY. An empty cell leaves its field alone, \\N clears it.",
  "[options] [ID …]", [[
colua update fea84ebf-b58b-4ad2-994d-7169dc3880fb \
  --description "Recorded on rig 3"
colua update --query tag:rig3 --custom-metadata '{"probes": 4}' --dry-run
colua update fea84ebf-b58b-4ad2-994d-7169dc3880fb --name "Rig 3, day 1" \
  --mount rig3-day1 --tags ephys,rig-3
colua update fea84ebf-b58b-4ad2-994d-7169dc3880fb \
  --custom-metadata '{"rig": 3}' --replace-metadata
colua update --from sheet.csv --dry-run
colua update --from names.csv --by-name --yes]])
local value = options.value
options.selection(parser)
parser:group("What changes",
  value(parser, "--from", "<file>", "a sheet (CSV, TSV) or JSON objects with values per asset; "
    .. "- is standard input"),
  value(parser, "--name", "<text>", "new name", options.needed),
  value(parser, "--description", "<text>", "new description; '\\N' for none",
    options.clearable ""),
  value(parser, "--tags", "<a,b>", "new list of tags, '\\N' for none; colua tag adds and removes",
    options.clearable({}, options.tags)),
  value(parser, "--mount", "<folder>", "new folder under /data", options.needed),
  value(parser, "--custom-metadata", "<json>", "custom metadata to merge key by key, a JSON "
    .. "object; null removes a key", object),
  parser:flag("--replace-metadata", "remove the keys that --custom-metadata does not name"))
face.add_options(parser)

local function wanted_of(args)
  local wanted = { name = args.name, description = args.description, mount = args.mount,
    tags = args.tags and json.array(args.tags), custom_metadata = args.custom_metadata }
  if next(wanted) == nil then
    command.usage_error("nothing to change: give --name, --description, --tags, --mount or "
      .. "--custom-metadata")
  end
  local problem = requests.update_problem(wanted)
  if problem then command.usage_error("--%s", (problem:gsub("_", "-", 1))) end
  return wanted
end

return command.run("update", parser, function(client, args)
  if args.from then
    local spec, bad = sheets.spec(client, args)
    return face.carry_out(client, spec, args, bad)
  end
  local wanted = wanted_of(args)
  local spec, bad = command.selection(args, client)
  spec.rule = { fields = wanted }
  spec.whole_tags, spec.replace_metadata = args.tags ~= nil, args.replace_metadata
  return face.carry_out(client, spec, args, bad)
end)
