-- colua unarchive: takes assets out of the archive
local command = require "codeocean.cli"
local face = require "codeocean.cli.bulk"
local options = require "codeocean.cli.options"

local parser = command.parser("unarchive", "Takes assets out of the archive.",
  "[options] [ID …]", [[
colua unarchive fea84ebf-b58b-4ad2-994d-7169dc3880fb
colua unarchive --query tag:keep]])
options.selection(parser)
face.add_options(parser)

return command.run("unarchive", parser, function(client, args)
  local spec, bad = command.selection(args, client)
  spec.action = "unarchive"
  return face.carry_out(client, spec, args, bad)
end)
