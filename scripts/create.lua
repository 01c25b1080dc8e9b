-- colua create: creates assets from a JSONL file or from options
local command = require "codeocean.command"
local json = require "codeocean.json"
local rows = require "codeocean.rows"

local parser = command.parser("create", "Creates assets, one for each line of a JSONL file.")
parser:option("--from", "file of create requests, one JSON object a line; - is standard input")
  :argname "<file>"
parser:option("--name", "name of one asset"):argname "<text>"
parser:option("--description", "what it is"):argname "<text>"
parser:option("--mount", "folder under /data (default: the name)"):argname "<folder>"
parser:option("--tags", "its tags"):convert(command.list):argname "<a,b>"
parser:option("--bucket", "S3 bucket that it comes from"):argname "<bucket>"
parser:option("--prefix", "folder in the bucket"):argname "<folder>"
parser:flag("--external", "leave the files in the bucket")
parser:flag("--index", "index the files of an external asset")
parser:option("--computation", "id of the computation whose result it is"):argname "<id>"
parser:flag("--wait", "wait until all are ready")
parser:option("--interval", "with --wait: seconds to the second look (default 2)")
  :convert(command.positive):argname "<s>"
command.add_client(parser)
command.add_output(parser)

local function from_file(path)
  local file, problem = io.stdin, nil
  if path ~= "-" then file, problem = io.open(path) end
  if not file then command.usage_error(problem) end
  local list, bad, number = {}, 0, 0
  for line in file:lines() do
    number = number + 1
    local params, why
    if line:find("%S") then params, why = json.decode(line) end
    if why then command.note("%s:%d: not JSON: %s", path, number, why) end
    if why then bad = bad + 1 else list[#list + 1] = params end
  end
  return list, bad
end

local function from_options(args)
  if not args.name then command.usage_error("what? give --from FILE, or --name and a source") end
  local source = args.computation and { computation = { id = args.computation } }
    or { aws = { bucket = args.bucket, prefix = args.prefix, index_data = args.index or nil,
      keep_on_external_storage = args.external or nil } }
  return { { name = args.name, description = args.description, source = source,
    mount = args.mount or args.name, tags = json.array(args.tags or {}) } }, 0
end

return command.run("create", parser, function(client, args)
  local list, bad
  if args.from then list, bad = from_file(args.from) else list, bad = from_options(args) end
  local function create(params)
    local asset, err = client.data_assets:create(params)
    if not asset or not args.wait then return asset, err end
    return client.data_assets:wait_until_ready(asset.id, { interval = args.interval })
  end
  return rows.print(client, list, args, bad, create)
end)
