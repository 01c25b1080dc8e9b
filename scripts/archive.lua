-- colua archive: archives assets
local command = require "codeocean.cli"
local face = require "codeocean.cli.bulk"
local options = require "codeocean.cli.options"

local parser = command.parser("archive", "Archives assets; colua unarchive reverses it.",
  "[options] [ID …]", [[
colua archive --query tag:raw-2019 --dry-run
colua archive --ids old.csv --column asset_id --yes
colua archive --query tag:raw-2019 --check-used]])
options.selection(parser)
face.add_options(parser, options.check_used(parser))

return command.run("archive", parser, function(client, args)
  local spec, bad = command.selection(args, client)
  spec.action, spec.check_used = "archive", args.check_used
  return face.carry_out(client, spec, args, bad)
end)
