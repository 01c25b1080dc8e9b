-- colua login: stores a deployment and its token
local command = require "codeocean.cli"
local login = require "codeocean.cli.login"
local options = require "codeocean.cli.options"

local parser = command.parser("login", "Asks for a deployment and an access token (not shown), "
  .. "checks them, and stores them in ~/.codeocean/credentials.json, readable by you alone. "
  .. "Other entries of that file stay.", nil, [[
colua login
colua login --domain acmecorp.codeocean.com --with-token < token.txt
colua login --name test --domain test.acmecorp.codeocean.com
colua login --domain acmecorp.codeocean.com --name offline \
  --with-token --unchecked < token.txt]])
parser:group("What to store",
  options.value(parser, "--domain", "<host>", "the deployment; without it colua asks"),
  options.value(parser, "--name", "<profile>", "store it as this profile, for colua --profile "
    .. "(default: that of colua --profile)",
    login.name),
  parser:flag("--with-token", "read the token from standard input"),
  parser:flag("--unchecked", "store it without a check by the server"))

return command.run("login", parser, function(_, args)
  local domain = login.domain(args.domain)
  local token, name = login.token(args.with_token), login.profile(args.name)
  if not args.unchecked then login.check_token(domain, token, name) end
  local path = login.store(name, { domain = domain, token = token })
  command.eprint("%s%s: kept in %s", domain, name and " as profile " .. name or "", path)
end, true)
