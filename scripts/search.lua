-- colua search: lists the assets that match
local command = require "codeocean.cli"
local options = require "codeocean.cli.options"

local parser = command.parser("search",
  "Lists the assets that match; without a query, all that are not archived.", nil, [[
colua search --query "name:ecephys tag:mouse" --limit 20
colua search --where 'size > 2*TB and idle > days(365)' \
  --print '"%s\t%s", id, name'
colua search --filter rig=4 --filter 'probes>=2'
colua search --archived any --csv --output inventory.csv
colua search --query tag:raw --fields id --tsv | colua archive --ids - --yes]])
options.search(parser)
options.assets(parser, options.value(parser, "--output", "<file>",
  "write to this file once all rows have arrived"))

return command.run("search", parser, function(client, args)
  local limit = args.limit or math.huge
  local one_more = { limit = args.limit and args.limit + 1 } -- shows whether there are more
  local writer <close> = command.writer(args)
  local shown <close> = command.follow(client, args, "listing")
  local cut = false
  for asset in command.assets(client, args, one_more) do
    cut = writer.count == limit
    if cut or not writer:row(asset) then break end
  end
  shown:clear()
  writer:finish()
  if cut then command.eprint("cut after %d by --limit: there are more", writer.count) end
  return writer.lost > 0 and command.status.items_failed or command.status.done
end)
