-- colua create: creates assets from a JSONL or CSV file or from options
local command = require "codeocean.cli"
local json = require "codeocean.json"
local options = require "codeocean.cli.options"
local permissions = require "codeocean.assets.permissions"
local register = require "codeocean.cli.create"
local requests = require "codeocean.input.create_requests"

local parser = command.parser("create", "Creates assets, one for each row of a sheet or JSON "
  .. "object of a file, or one from options. Every request is checked before the first is sent. "
  .. "Columns of a sheet: name, description, mount, tags (a;b), bucket, prefix, external, index, "
  .. "computation, custom_metadata.KEY.", nil, [[
colua create --from assets.jsonl --dry-run
colua create --from sheet.csv --unless-exists --wait --yes
colua create --name "Rig 3" --bucket my-lab --prefix rig3/ --tags ephys
colua create --name "Rig 4" --mount rig4 --description "Raw, not copied" \
  --bucket my-lab --external --index
colua create --name "Spikes, rig 3" \
  --computation 52a1b9a5-5c69-4a5e-8a6c-6a1e0d9c9a3b
colua create --from sheet.csv \
  --share everyone=viewer,ana@example.org=editor,Rig3=viewer]])
local value = options.value
parser:group("What to create",
  value(parser, "--from", "<file>", "a sheet (CSV, TSV) or JSON objects; - is standard input"),
  value(parser, "--name", "<text>", "name of a single asset"),
  value(parser, "--description", "<text>", "description of the asset"),
  value(parser, "--mount", "<folder>", "its folder under /data (default: the name)"),
  value(parser, "--tags", "<a,b>", "its tags", options.tags),
  value(parser, "--bucket", "<bucket>", "S3 bucket with its files"),
  value(parser, "--prefix", "<folder>", "folder in the bucket"),
  parser:flag("--external", "leave the files in the bucket"),
  parser:flag("--index", "make the files of an external asset visible"),
  value(parser, "--computation", "<id>", "computation whose result it is"),
  value(parser, "--share", "<who=role>", "share the new assets with everyone, a mail address or "
    .. "a group", options.pairs))
options.run(parser, options.dry_run(parser), options.yes(parser), options.journal(parser),
  options.note(parser),
  parser:flag("--unless-exists", "return an existing asset of that name instead"),
  parser:flag("--wait", "wait until all are ready"), options.interval(parser),
  options.timeout(parser), options.jobs(parser), options.rate(parser))
options.output(parser, options.epoch(parser))
options.rows(parser)

-- {{who, role}} as changes of permissions.
local function shares_of(list)
  local changes = { users = {}, groups = {} }
  for _, pair in ipairs(list) do
    local who, role = pair[1], pair[2]
    if who == "everyone" then
      changes.everyone = role
    else
      changes[who:find "@" and "users" or "groups"][who] = role
    end
  end
  local name, problem = permissions.problem(changes)
  if name then command.usage_error("--share: %s: %s", name, problem) end
  return changes
end

local OF_ONE = { "name", "description", "mount", "tags", "bucket", "prefix", "external", "index",
  "computation" }
local OF_BUCKET = { "bucket", "prefix", "external", "index" }

-- Refuses an option that would have no effect beside another one.
local function exclude(args, option, others)
  for _, name in ipairs(args[option] and others or {}) do
    if args[name] then command.usage_error("--%s and --%s exclude each other", option, name) end
  end
end

local function from_options(client, args)
  if not args.name then
    command.usage_error("nothing to create: give --from FILE, or --name and a source")
  end
  exclude(args, "computation", OF_BUCKET)
  local source = args.computation and { computation = { id = args.computation } }
    or { aws = { bucket = args.bucket, prefix = args.prefix, index_data = args.index,
      keep_on_external_storage = args.external } }
  local params = { name = args.name, description = args.description, source = source,
    mount = args.mount or args.name, tags = json.array(args.tags or {}) }
  local problem = requests.problem(function(assets) assets:create(params) end, requests.OPTIONS)
  if problem then command.usage_error("%s", problem) end
  return register.fitting(client, { params }, {})
end

local function from_file(client, args)
  exclude(args, "from", OF_ONE)
  local list, places, complaints, notes, refused, is_sheet = requests.load(args.from)
  if not list then command.usage_error("%s", places) end
  for _, note in ipairs(notes) do command.eprint("%s", note) end
  for _, complaint in ipairs(complaints) do command.eprint("%s", complaint) end
  local unfit
  list, places, unfit = register.fitting(client, list, places, is_sheet)
  return list, places, refused + unfit
end

return command.run("create", parser, function(client, args)
  args.share = args.share and shares_of(args.share)
  local from = args.from and from_file or from_options
  local list, places, bad = from(client, args)
  return register.run(client, list, args, { place = places, bad = bad,
    needs_confirmation = args.from ~= nil })
end)
