-- colua pull: copies the metadata of assets into a sandbox's file
local command = require "codeocean.cli"
local options = require "codeocean.cli.options"
local progress = require "codeocean.cli.progress"
local rehearsal = require "codeocean.bulk.copy"

local parser = command.parser("pull", "Copies the metadata of the assets that a search finds "
  .. "into a new file, with the same ids. colua --sandbox=FILE works on the copy; colua diff "
  .. "FILE shows the changes.",
  "[options] FILE", "colua pull copy.db --query name:2021\n"
  .. "colua --sandbox=copy.db tag --query name:2021 --add x --yes\ncolua diff copy.db")
parser:argument("file", "new file"):argname "FILE"
options.search(parser)

return command.run("pull", parser, function(client, args)
  for _, name in ipairs { "limit", "where" } do
    if args[name] then
      command.usage_error("--%s: a copy has all assets that a search finds", name)
    end
  end
  local params = command.search_params(args) or {}
  if params.archived == "any" then params.archived = nil end
  local shown <close> = progress.of_searches(client, "copying")
  local count, err = rehearsal.pull(client, args.file, params)
  if not count then error(err, 0) end
  shown:clear()
  command.eprint("%s: %d %s", args.file, count, count == 1 and "asset" or "assets")
end)
