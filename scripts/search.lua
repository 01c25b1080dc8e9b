-- colua search: lists the assets that match
local command = require "codeocean.command"

local parser = command.parser("search", "Lists the assets that match; all of them without a query.")
command.add_search(parser)
command.add_output(parser)

return command.run("search", parser, function(client, args)
  local params = command.search_params(args) or {}
  local limit = args.limit or math.huge
  if limit < 1000 then params.limit = limit + 1 end
  local writer, count, cut = command.writer(args), 0, false
  for asset in client.data_assets:each(params) do
    cut = count == limit
    if cut then break end
    count = count + 1
    local ok, problem = writer:row(asset)
    if not ok and problem.pipe then return 0 end
    if not ok then command.note("colua search: %s", tostring(problem)) end
  end
  writer:finish()
  if cut then command.note("only the first %d are listed; there are more (--limit)", count) end
end)
