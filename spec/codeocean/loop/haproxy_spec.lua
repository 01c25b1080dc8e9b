-- examples/haproxy.lua in a HAProxy of its own, which links Lua 5.3 in Debian 12.

local host = require "host"
local process = require "process"

local CONFIG = [[
global
  lua-load "%s/examples/haproxy.lua"
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend web
  bind 127.0.0.1:%d
  http-request use-service lua.newest_assets
]]

local RUN = [[
haproxy -db -f haproxy.cfg >log 2>&1 &
until curl -sS --max-time 20 "$ADDRESS" >first 2>/dev/null; do
  kill -0 $! || { cat log >&2; exit 1; }
done
cat first
curl -sS --max-time 20 --parallel --parallel-immediate "$ADDRESS?[1-6]" 2>progress
kill $!
wait $! 2>/dev/null
]]

describe("HAProxy", function()
  it("answers six requests at once, from one client", function()
    local here, why = host.begin(finally, "haproxy", host.lua_of "haproxy")
    if not here then return pending(why) end
    local port = host.free_port()
    process.write(here.folder .. "/haproxy.cfg", CONFIG:format(here.root, port))
    here.server:fault { kind = "delay", seconds = 0.3, operation = "search", count = -1 }
    local result = here:shell(RUN, { ADDRESS = "http://127.0.0.1:" .. port .. "/" })
    assert.are.equal("", result.err)
    assert.are.equal(host.newest(here, 7), result.out)
    assert.are.equal(6, here.server:stats().max_in_flight)
  end)
end)
