-- colua tag: adds, removes, replaces tags of many assets
local command = require "codeocean.command"
local face = require "codeocean.face"
local tags = require "codeocean.tags"

local parser = command.parser("tag", "Changes tags; the order and case of the others stay.")
command.add_selection(parser)
parser:option("--add", "add this tag, unless it is there"):count("*"):argname "<tag>"
parser:option("--remove", "remove this tag"):count("*"):argname "<tag>"
parser:option("--replace", "put NEW in the place of OLD"):count("*"):argname "<old=new>"
parser:option("--set", "these tags and no others"):convert(command.list):argname "<a,b>"
face.add_options(parser)

local function changes_of(args)
  local changes = { add = args.add, remove = args.remove, replace = {}, set = args.set }
  for _, text in ipairs(args.replace) do
    local old, new = text:match("^(.-)=(.+)$")
    if not old then command.usage_error(("--replace '%s' is not OLD=NEW"):format(text)) end
    changes.replace[#changes.replace + 1] = { old, new }
  end
  local good, problem = tags.check(changes)
  if not good then command.usage_error(problem) end
  if #args.add + #args.remove + #args.replace == 0 and not args.set then
    command.usage_error("what is to change? give --add, --remove, --replace or --set")
  end
  return changes
end

return command.run("tag", parser, function(client, args)
  local changes = changes_of(args)
  local spec, bad = command.selection(args)
  function spec.change(asset) return { tags = (tags.change(asset.tags, changes)) } end
  return face.carry_out(client, spec, args, bad)
end)
