-- colua check: is the deployment there, and is the token good?
local causes = require "codeocean.cli.causes"
local codeocean = require "codeocean"
local command = require "codeocean.cli"

local parser = command.parser("check", "Says what is configured, from where, whether a search "
  .. "works, and if not, what most likely stands in the way. Domain and token come from "
  .. "CODEOCEAN_DOMAIN and CODEOCEAN_TOKEN, else from ~/.codeocean/credentials.json. The token is "
  .. "never shown.")

local SKEW = 60 -- seconds that two clocks may differ

local function origin(variable)
  if os.getenv "CODEOCEAN_SANDBOX" then return "--sandbox" end
  return (os.getenv(variable) or "") ~= "" and variable or "~/.codeocean/credentials.json"
end

local function print_clock(skew)
  if math.abs(skew) < SKEW then return end
  command.print("clock       the server's is %.0f s %s this machine's", math.abs(skew),
    skew > 0 and "ahead of" or "behind")
end

return command.run("check", parser, function(client)
  command.print("deployment  %s (from %s)", client.host, origin "CODEOCEAN_DOMAIN")
  command.print("token       set (from %s)", origin "CODEOCEAN_TOKEN")
  if client.trust then command.print("trust       %s", client.trust) end
  local page, err = client.data_assets:search { limit = 1 }
  local stats, cause = client:stats(), err and causes.of(err)
  print_clock(stats.clock_skew)
  if cause then command.print("cause       %s", cause) end
  if not page then error(err, 0) end
  command.print("search      works: %.0f ms, the %s dialect%s", stats.latency_p50 * 1000,
    stats.dialect, page.total and (", %d assets"):format(page.total) or "")
  command.print("version     colua %s", codeocean.version)
end)
