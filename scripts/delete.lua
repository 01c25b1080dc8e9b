-- colua delete: deletes assets for good
local command = require "codeocean.command"
local face = require "codeocean.face"

local parser = command.parser("delete", "Deletes assets; nothing brings them back.")
command.add_selection(parser)
parser:option("--max-delete", "refuse to delete more than this"):convert(command.whole(1))
  :default("100"):argname "<n>"
face.add_options(parser)

return command.run("delete", parser, function(client, args)
  local spec, bad = command.selection(args)
  spec.action, spec.max_delete = "delete", args.max_delete
  return face.carry_out(client, spec, args, bad)
end)
