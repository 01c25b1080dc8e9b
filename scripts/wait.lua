-- colua wait: waits until assets are ready
local command = require "codeocean.command"
local rows = require "codeocean.rows"

local parser = command.parser("wait", "Waits until assets are ready; says which failed, and why.")
command.add_selection(parser)
parser:option("--timeout", "give up after so many seconds (default 3600)")
  :convert(command.positive):argname "<s>"
parser:option("--interval", "seconds to the second look (default 2)")
  :convert(command.positive):argname "<s>"
command.add_output(parser)

return command.run("wait", parser, function(client, args)
  local list, bad = command.ids(client, args)
  local found, errs = client.data_assets:wait_until_ready(list, {
    timeout = args.timeout, interval = args.interval,
  })
  if not found then error(errs, 0) end
  return rows.report(#list, found, errs, args, bad)
end)
