-- colua update: changes name, description, tags, mount or metadata
local command = require "codeocean.command"
local face = require "codeocean.face"
local json = require "codeocean.json"

local function object(text)
  local value, problem = json.decode(text)
  if type(value) == "table" then return value end
  return nil, problem or "a JSON object expected"
end

local parser = command.parser("update", "Writes the same values to all the assets selected.")
command.add_selection(parser)
parser:option("--name", "new name"):argname "<text>"
parser:option("--description", "new description"):argname "<text>"
parser:option("--tags", "new list of tags"):convert(command.list):argname "<a,b>"
parser:option("--mount", "new folder under /data"):argname "<folder>"
parser:option("--custom-metadata", "new custom metadata"):convert(object):argname "<json>"
face.add_options(parser)

return command.run("update", parser, function(client, args)
  local wanted = { name = args.name, description = args.description, mount = args.mount,
    tags = args.tags and json.array(args.tags), custom_metadata = args.custom_metadata }
  if next(wanted) == nil then
    command.usage_error("what is to change? give --name, --description, --tags, --mount …")
  end
  local spec, bad = command.selection(args)
  function spec.change() return wanted end
  return face.carry_out(client, spec, args, bad)
end)
