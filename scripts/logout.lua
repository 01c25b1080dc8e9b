-- colua logout: removes a stored deployment and its token
local command = require "codeocean.cli"
local login = require "codeocean.cli.login"
local options = require "codeocean.cli.options"

local parser = command.parser("logout", "Removes a deployment and its token from "
  .. "~/.codeocean/credentials.json. The token stays valid: revoke it in Code Ocean.", nil, [[
colua logout
colua logout --name test]])
options.value(parser, "--name", "<profile>",
  "remove this profile (default: that of colua --profile)")

return command.run("logout", parser, function(_, args)
  local name = login.profile(args.name)
  local path = login.forget(name)
  command.eprint("%s: forgotten in %s", name and "profile " .. name or "the deployment",
    path)
end, true)
