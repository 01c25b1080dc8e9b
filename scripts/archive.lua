-- colua archive: archives assets
local command = require "codeocean.cli"
local face = require "codeocean.cli.bulk"
local options = require "codeocean.cli.options"

local parser = command.parser("archive", "Archives assets; colua unarchive takes them out again.",
  "[options] [ID …]", [[
colua archive --query tag:raw-2019 --dry-run
colua archive --ids old.csv --column asset_id --yes]])
options.selection(parser)
face.add_options(parser)

return command.run("archive", parser, function(client, args)
  local spec, bad = command.selection(args, client)
  spec.action = "archive"
  return face.carry_out(client, spec, args, bad)
end)
