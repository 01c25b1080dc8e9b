-- examples/prosody in a Prosody of its own: requests of its HTTP server are answered while others
-- wait for the deployment.

local host = require "host"
local process = require "process"

local CONFIG = [[
daemonize = false
run_as_root = true
pidfile = "%s/pid"
data_path = "%s"
plugin_paths = { "%s/examples/prosody" }
modules_enabled = { "http", "newest_assets" }
modules_disabled = { "c2s", "s2s", "posix", "tls" }
c2s_ports, s2s_ports, https_ports = {}, {}, {}
http_ports, http_interfaces = { %d }, { "127.0.0.1" }
VirtualHost "localhost"
]]

local RUN = [[
prosody -F --config "$PWD/prosody.cfg.lua" >log 2>&1 &
until curl -sS --max-time 20 -H 'Host: localhost' "$ADDRESS/newest_assets" >first 2>/dev/null; do
  kill -0 $! || { cat log >&2; exit 1; }
done
cat first
curl -sS --max-time 20 --parallel --parallel-immediate -H 'Host: localhost' \
  "$ADDRESS/newest_assets?[1-6]" 2>progress
kill $!
wait $! 2>/dev/null
]]

describe("Prosody", function()
  it("answers six requests at once, from one client", function()
    local here, why = host.begin(finally, "prosody", "lua5.4")
    if not here then return pending(why) end
    local port = host.free_port()
    process.write(here.folder .. "/prosody.cfg.lua",
      CONFIG:format(here.folder, here.folder, here.root, port))
    here.server:fault { kind = "delay", seconds = 0.3, operation = "search", count = -1 }
    local result = here:shell(RUN, { ADDRESS = "http://127.0.0.1:" .. port })
    assert.are.equal("", result.err)
    assert.are.equal(host.newest(here, 7), result.out)
    assert.are.equal(6, here.server:stats().max_in_flight)
  end)
end)
