-- colua check: checks that the deployment answers and accepts the token
local causes = require "codeocean.cli.causes"
local codeocean = require "codeocean"
local command = require "codeocean.cli"
local text = require "codeocean.text"

local parser = command.parser("check", "Shows the configuration, where it comes from, whether a "
  .. "search works, and if not, the most likely cause. Domain and token come from "
  .. "CODEOCEAN_DOMAIN and CODEOCEAN_TOKEN, else from ~/.codeocean/credentials.json. The token "
  .. "is never shown.")

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

-- Prints the authority of a certificate that is not trusted, most likely of an inspecting proxy.
local function print_issuer(client, err)
  local issuer = err and err.kind == "tls" and client.engine:issuer()
  if not issuer then return end
  command.print("shown       a certificate of %s", text.escape(text.valid(issuer)))
end

-- Prints the release of the server, which only the API's own refusals name.
local function print_release(err)
  local release = err and (err.message or ""):match "server version (%d[%d.]*)"
  if release then command.print("server      version %s", release) end
end

return command.run("check", parser, function(client)
  command.print("deployment  %s (from %s)", client.host, origin "CODEOCEAN_DOMAIN")
  command.print("token       set (from %s)", origin "CODEOCEAN_TOKEN")
  if client.trust then command.print("trust       %s", client.trust) end
  local page, err = client.data_assets:search { limit = 1 }
  local stats, cause = client:stats(), err and causes.of(err, client.host)
  print_clock(stats.clock_skew)
  print_issuer(client, err)
  print_release(err)
  if cause then command.print("cause       %s", cause) end
  if not page then error(err, 0) end
  command.print("search      works: %.0f ms, the %s dialect%s", stats.latency_p50 * 1000,
    stats.dialect, page.total and (", %d assets"):format(page.total) or "")
  command.print "writing     not tried: only a write shows whether the token may (403: it may not)"
  command.print("version     colua %s", codeocean.version)
end)
