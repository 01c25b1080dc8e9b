-- colua tag: adds, removes, replaces tags of many assets
local command = require "codeocean.cli"
local face = require "codeocean.cli.bulk"
local options = require "codeocean.cli.options"
local tags = require "codeocean.tags"

local parser = command.parser("tag", "Adds, removes and replaces tags. Other tags keep their "
  .. "order and case. An asset whose tags already fit is not written.", "[options] [ID …]", [[
colua tag --query name:2021 --add year-2021 --dry-run
colua tag --ids sheet.csv --column asset_id --remove tmp --yes
colua tag fea84ebf-b58b-4ad2-994d-7169dc3880fb --replace ephys=ecephys
colua tag --ids sheet.csv --add reviewed,rig-3 \
  --note "checked with Ana" --verify]])
local value = options.value
options.selection(parser)
parser:group("What changes, in this order (all but --set may be repeated; \\, and \\= in a tag)",
  value(parser, "--set", "<a,b>", "the whole list of tags; '\\N' for none",
    options.clearable({}, options.tags)),
  value(parser, "--replace", "<old=new>", "replace tag OLD by NEW", options.pairs):count "*",
  value(parser, "--remove", "<a,b>", "remove these tags", options.tags):count "*",
  value(parser, "--add", "<a,b>", "append these tags, unless they are present",
    options.tags):count "*")
face.add_options(parser)

-- Joins the lists of a repeated option.
local function flat(lists)
  local all = {}
  for _, list in ipairs(lists) do table.move(list, 1, #list, #all + 1, all) end
  return all
end

local function changes_of(args)
  local changes = { add = flat(args.add), remove = flat(args.remove),
    replace = flat(args.replace), set = args.set }
  local good, problem = tags.check(changes)
  if not good then
    command.usage_error("%s", (problem:gsub("changes%.(%l+)%b[]", "--%1")
      :gsub("changes%.(%l+)", "--%1")))
  end
  if #args.add + #args.remove + #args.replace == 0 and not args.set then
    command.usage_error("nothing to change: give --add, --remove, --replace or --set")
  end
  return changes
end

return command.run("tag", parser, function(client, args)
  local changes = changes_of(args)
  local spec, bad = command.selection(args, client)
  spec.rule, spec.whole_tags = { tags = changes }, args.set ~= nil
  return face.carry_out(client, spec, args, bad)
end)
