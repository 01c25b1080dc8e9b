-- colua get: shows assets by their ids
local command = require "codeocean.cli"
local fields = require "codeocean.assets.fields"
local options = require "codeocean.cli.options"
local permissions = require "codeocean.assets.permissions"
local rows = require "codeocean.cli.fetch"

local parser = command.parser("get", "Shows the metadata of assets by their ids.",
  "[options] [ID …]", [[
colua get fea84ebf-b58b-4ad2-994d-7169dc3880fb
colua get --ids list.txt --fields id,name,tags --csv > tags.csv
colua get --query tag:released --permissions --fields id,permissions.everyone]])
options.selection(parser)
options.run(parser, options.jobs(parser), options.rate(parser))
options.assets(parser, parser:flag("--permissions", "also show who may see them: one more "
  .. "request for each"))
options.rows(parser, { "permissions", table.unpack(fields.NAMES) })

return command.run("get", parser, function(client, args)
  local list, bad = command.ids(client, args)
  local function fetch(id)
    local asset, err = client.data_assets:get(id)
    if not asset or not args.permissions then return asset, err end
    return permissions.attach(client, asset)
  end
  local found, errs = rows.gather(client, list, "fetching", fetch, { jobs = args.jobs })
  return rows.print(#list, found, errs, args, { bad = bad })
end)
