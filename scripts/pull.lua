-- colua pull: copies the metadata of assets into a sandbox's file
local command = require "codeocean.cli"
local options = require "codeocean.cli.options"
local progress = require "codeocean.cli.progress"
local report = require "codeocean.output.report"
local pulled_copy = require "codeocean.estate.pulled_copy"

local parser = command.parser("pull", "Copies the metadata of the assets that a search finds "
  .. "into a new file, with the same ids. colua --sandbox=FILE works on the copy; colua diff "
  .. "FILE shows the changes.",
  "[options] FILE", "colua pull copy.db --query name:2021\n"
  .. "colua --sandbox=copy.db tag --query name:2021 --add x --yes\ncolua diff copy.db")
parser:argument("file", "new file"):argname "FILE"
options.search(parser)

return command.run("pull", parser, function(client, args)
  local params = command.search_params(args) or {}
  if params.archived == "any" then params.archived = nil end
  local shown <close> = progress.of_searches(client, "copying")
  local count, problems = pulled_copy.pull(client, args.file, params, { limit = args.limit,
    where = args.where and function(asset) return command.passes_where(args, asset) end })
  if not count then error(problems, 0) end
  shown:clear()
  for _, problem in ipairs(problems) do command.eprint("%s", problem) end
  command.eprint("%s: %s", args.file, report.count(count, "asset"))
  return #problems > 0 and command.status.items_failed or command.status.done
end)
