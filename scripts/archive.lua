-- colua archive: archives assets
local command = require "codeocean.command"
local face = require "codeocean.face"

local parser = command.parser("archive", "Archives assets; colua unarchive takes them out again.")
command.add_selection(parser)
face.add_options(parser)

return command.run("archive", parser, function(client, args)
  local spec, bad = command.selection(args)
  spec.action = "archive"
  return face.carry_out(client, spec, args, bad)
end)
