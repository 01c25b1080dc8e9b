-- Runs examples/prosody in a Prosody: its HTTP server answers requests while others wait for the
-- deployment.

local host = require "host"
local process = require "process"

local CONFIG = [[
daemonize = %s
run_as_root = true
log = { info = "%s/prosody.log" }
pidfile = "%s/pid"
data_path = "%s"
plugin_paths = { "%s/examples/prosody" }
admin_socket = "%s/socket"
modules_enabled = { "http", "newest_assets", "admin_shell" }
modules_disabled = { "c2s", "s2s", "tls"%s }
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

-- As a daemon, which forks with the module loaded.
local DAEMON = [[
prosody -D --config "$PWD/prosody.cfg.lua" >log 2>&1
until curl -sS --max-time 20 -H 'Host: localhost' "$ADDRESS/newest_assets" 2>/dev/null; do
  [ $((n = n + 1)) -lt 99 ] || { cat log >&2; exit 1; }
done
prosodyctl --config "$PWD/prosody.cfg.lua" shell module reload newest_assets localhost >log 2>&1 ||
  cat log >&2
curl -sS --max-time 20 -H 'Host: localhost' "$ADDRESS/newest_assets"
pid=$(cat pid)
kill $pid
while kill -0 $pid 2>/dev/null; do sleep 0.05; done
]]

describe("Prosody", function()
  local function begin(daemon)
    local here, why = host.begin(finally, "prosody", "lua5.4")
    if not here then return nil, why end
    local port = host.free_port()
    process.write(here.folder .. "/prosody.cfg.lua",
      CONFIG:format(daemon, here.folder, here.folder, here.folder, here.root, here.folder,
        daemon and "" or ', "posix"', port))
    return here, { ADDRESS = "http://127.0.0.1:" .. port }
  end

  it("answers six requests at once, from one client", function()
    local here, env = begin(false)
    if not here then return pending(env) end
    here.server:fault { kind = "delay", seconds = 0.3, operation = "search", count = -1 }
    local result = here:shell(RUN, env)
    assert.are.equal("", result.err)
    assert.are.equal(host.newest(here, 7), result.out)
    assert.are.equal(6, here.server:stats().max_in_flight)
  end)

  it("works in the daemon, has a new client after a reload, and ends at SIGTERM", function()
    local here, env = begin(true)
    if not here then return pending(env) end
    local before = here.server:stats().connections
    local result = here:shell("n=0\n" .. DAEMON, env)
    assert.are.equal("", result.err)
    assert.are.equal(2, here.server:stats().connections - before)
    assert.are.equal(host.newest(here, 2), result.out)
  end)
end)
