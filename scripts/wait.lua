-- colua wait: waits until assets are ready
local command = require "codeocean.cli"
local options = require "codeocean.cli.options"
local rows = require "codeocean.cli.fetch"

local parser = command.parser("wait", "Waits until assets are ready; names those that failed, "
  .. "and why.",
  "[options] [ID …]", [[
colua wait fea84ebf-b58b-4ad2-994d-7169dc3880fb
colua create --from new.jsonl --yes --fields id --tsv \
  | colua wait --ids - --timeout 600 --interval 5]])
options.selection(parser)
options.run(parser, options.timeout(parser), options.interval(parser), options.rate(parser))
options.assets(parser)

return command.run("wait", parser, function(client, args)
  local list, bad = command.ids(client, args)
  local found, errs = rows.gather(client, list, "waiting", rows.waiter(client, args),
    { jobs = math.max(#list, 1) })
  return rows.print(#list, found, errs, args, { bad = bad })
end)
