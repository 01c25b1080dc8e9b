-- colua tag: adds, removes, replaces tags of many assets
local command = require "codeocean.cli"
local face = require "codeocean.cli.bulk"
local options = require "codeocean.cli.options"
local tags = require "codeocean.tags"

local parser = command.parser("tag", "Adds, removes and replaces tags. The others keep their order "
  .. "and case; an asset that is right already is not written to.", "[options] [ID …]", [[
colua tag --query name:2021 --add year-2021 --dry-run
colua tag --ids sheet.csv --column asset_id --remove tmp --yes
colua tag fea84ebf-b58b-4ad2-994d-7169dc3880fb --replace ephys=ecephys]])
local value = options.value
options.selection(parser)
parser:group("What changes, in this order (all but --set may be repeated)",
  value(parser, "--set", "<a,b>", "these tags and no others; '' for none", options.list),
  value(parser, "--replace", "<old=new>", "put NEW in the place of OLD"):count "*",
  value(parser, "--remove", "<tag>", "take this tag away"):count "*",
  value(parser, "--add", "<tag>", "add this tag at the end, unless it is there"):count "*")
face.add_options(parser)

local function changes_of(args)
  local changes = { add = args.add, remove = args.remove, replace = {}, set = args.set }
  for _, text in ipairs(args.replace) do
    local old, new = text:match("^(.-)=(.+)$")
    if not old then command.usage_error("--replace '%s' is not OLD=NEW", text) end
    changes.replace[#changes.replace + 1] = { old, new }
  end
  local good, problem = tags.check(changes)
  if not good then
    command.usage_error("%s", (problem:gsub("changes%.(%l+)%b[]", "--%1")
      :gsub("changes%.(%l+)", "--%1")))
  end
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
