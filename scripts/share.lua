-- colua share: changes who may see assets
local choices = require "codeocean.cli.choices"
local command = require "codeocean.cli"
local face = require "codeocean.cli.bulk"
local options = require "codeocean.cli.options"
local permissions = require "codeocean.assets.permissions"

local parser = command.parser("share", "Changes who may see assets. Users and groups that are "
  .. "not named keep their roles; the last owner cannot be removed. A user's role is owner, "
  .. "editor or viewer; a group's also discoverable.", "[options] [ID …]", [[
colua share --query tag:released --everyone viewer --dry-run
colua share --ids new.csv --add-group "Rig 3=viewer" \
  --add-user ana@example.org=editor --yes
colua share fea84ebf-b58b-4ad2-994d-7169dc3880fb \
  --remove-user bo@example.org --remove-group Guests
colua share --type combined --everyone discoverable --share-assets]])
local value = options.value

-- A converter of "NAME=ROLE,…"; `form` is what the complaint calls it.
local function pairs_of(form)
  return function(word)
    local list, problem = options.pairs(word)
    return list, problem and problem:gsub("OLD=NEW", form)
  end
end

options.selection(parser)
parser:group("What changes (all but --everyone may be repeated)",
  choices.set(value(parser, "--everyone", "<role>", "the role of everyone: viewer, "
    .. "discoverable or none"), permissions.ROLES.everyone),
  value(parser, "--add-user", "<mail=role>", "give a user a role",
    pairs_of "MAIL=ROLE"):count "*",
  value(parser, "--remove-user", "<a,b>", "remove users", options.tags):count "*",
  value(parser, "--add-group", "<name=role>", "give a group a role",
    pairs_of "NAME=ROLE"):count "*",
  value(parser, "--remove-group", "<a,b>", "remove groups", options.tags):count "*",
  parser:flag("--share-assets", "also share the assets that they contain"))
face.add_options(parser)

-- {name = role} from --add-… and --remove-…; nil if neither was given.
local function roles(added, removed, called)
  local own = {}
  local function set(name, role)
    if own[name] then command.usage_error("%s '%s' is named twice", called, name) end
    own[name] = role
  end
  for _, list in ipairs(added) do
    for _, pair in ipairs(list) do set(pair[1], pair[2]) end
  end
  for _, list in ipairs(removed) do
    for _, name in ipairs(list) do set(name, "none") end
  end
  return next(own) and own or nil
end

local function changes_of(args)
  local changes = { everyone = args.everyone, share_assets = args.share_assets,
    users = roles(args.add_user, args.remove_user, "user"),
    groups = roles(args.add_group, args.remove_group, "group") }
  if next(changes) == nil then
    command.usage_error("nothing to change: give --everyone, --add-user, --add-group, "
      .. "--remove-user, --remove-group or --share-assets")
  end
  local name, problem = permissions.problem(changes)
  if name then command.usage_error("%s: %s", name, problem) end
  return changes
end

return command.run("share", parser, function(client, args)
  local changes = changes_of(args)
  local spec, bad = command.selection(args, client)
  spec.rule = { permissions = changes }
  return face.carry_out(client, spec, args, bad)
end)
