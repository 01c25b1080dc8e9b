-- colua profiles: lists the stored deployments
local command = require "codeocean.cli"
local credentials = require "codeocean.credentials"
local options = require "codeocean.cli.options"

local parser = command.parser("profiles", "Lists the deployments in ~/.codeocean/credentials.json: "
  .. "the one without a name, then the profiles. No token is shown.", nil, [[
colua profiles
colua --profile test search --limit 5]])
options.output(parser)

local FIELDS = { "profile", "domain", "token" }
options.rows(parser, FIELDS)

return command.run("profiles", parser, function(_, args)
  local path = credentials.path()
  local found, warning = credentials.read(path)
  if not found then command.usage_error("%s", warning) end
  if warning then command.eprint("warning: %s", warning) end
  local writer = command.writer(args, FIELDS)
  if found.domain then writer:row(credentials.row("", found)) end
  for _, name in ipairs(credentials.names(found)) do
    writer:row(credentials.row(name, found.profiles[name]))
  end
  writer:finish()
end, true)
