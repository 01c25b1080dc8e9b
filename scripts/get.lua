-- colua get: shows assets by their ids
local command = require "codeocean.command"
local rows = require "codeocean.rows"

local parser = command.parser("get", "Shows the metadata of assets.")
command.add_selection(parser)
command.add_output(parser)
parser:option("--jobs -j", "most requests at once"):convert(command.whole(1)):argname "<n>"

return command.run("get", parser, function(client, args)
  local list, bad = command.ids(client, args)
  return rows.print(client, list, args, bad, function(id) return client.data_assets:get(id) end)
end)
