-- colua ls: lists the files of an asset
local command = require "codeocean.cli"
local options = require "codeocean.cli.options"

local parser = command.parser("ls", "Lists a folder of an internal asset; colua cat prints a file.",
  "[options] ID [PATH]", [[
colua ls fea84ebf-b58b-4ad2-994d-7169dc3880fb
colua ls fea84ebf-b58b-4ad2-994d-7169dc3880fb data --json]])
parser:argument("id", "id of the asset"):argname "ID"
parser:argument("path", "the folder (default: the asset's root)"):argname "PATH":args "?"
options.output(parser)
options.rows(parser, { "path", "name", "type", "size" })

return command.run("ls", parser, function(client, args)
  local folder, err = client.data_assets:list_files(command.id(args.id, args.host), args.path)
  if not folder then error(err, 0) end
  local writer <close> = command.writer(args, { "type", "size", "path" })
  for _, item in ipairs(folder.items or {}) do
    if not writer:row(item) then break end
  end
  writer:finish()
  return writer.lost > 0 and command.status.items_failed or nil
end)
