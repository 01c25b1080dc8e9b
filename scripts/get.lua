-- colua get: shows assets by their ids
local command = require "codeocean.cli"
local options = require "codeocean.cli.options"
local rows = require "codeocean.cli.fetch"

local parser = command.parser("get", "Shows the metadata of assets, each asked for by its id.",
  "[options] [ID …]", [[
colua get fea84ebf-b58b-4ad2-994d-7169dc3880fb
colua get --ids list.txt --fields id,name,tags --csv > tags.csv]])
options.selection(parser)
options.run(parser, options.jobs(parser), options.rate(parser))
options.assets(parser)

return command.run("get", parser, function(client, args)
  local list, bad = command.ids(client, args)
  local function fetch(id) return client.data_assets:get(id) end
  local found, errs = rows.gather(client, list, "fetching", fetch, { jobs = args.jobs })
  return rows.print(#list, found, errs, args, { bad = bad })
end)
