-- colua unarchive: takes assets out of the archive
local command = require "codeocean.command"
local face = require "codeocean.face"

local parser = command.parser("unarchive", "Takes assets out of the archive.")
command.add_selection(parser)
face.add_options(parser)

return command.run("unarchive", parser, function(client, args)
  local spec, bad = command.selection(args)
  spec.action = "unarchive"
  return face.carry_out(client, spec, args, bad)
end)
