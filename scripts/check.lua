-- colua check: is the deployment there, and is the token good?
local codeocean = require "codeocean"
local command = require "codeocean.cli"

local parser = command.parser("check", "Says what is configured, from where, and whether a search "
  .. "works. Domain and token come from CODEOCEAN_DOMAIN and CODEOCEAN_TOKEN, else from "
  .. "~/.codeocean/credentials.json. The token is never shown.")

local function origin(variable)
  if os.getenv "CODEOCEAN_SANDBOX" then return "--sandbox" end
  return (os.getenv(variable) or "") ~= "" and variable or "~/.codeocean/credentials.json"
end

return command.run("check", parser, function(client)
  command.print("deployment  %s (from %s)", client.host, origin "CODEOCEAN_DOMAIN")
  command.print("token       set (from %s)", origin "CODEOCEAN_TOKEN")
  local page, err = client.data_assets:search { limit = 1 }
  if not page then error(err, 0) end
  local stats = client:stats()
  command.print("search      works: %.0f ms, the %s dialect%s", stats.latency_p50 * 1000,
    stats.dialect, page.total and (", %d assets"):format(page.total) or "")
  command.print("version     colua %s", codeocean.version)
end)
