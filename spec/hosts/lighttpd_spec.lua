-- Runs examples/lighttpd.lua in a lighttpd, which links Lua 5.4.

local host = require "host"
local process = require "process"

local CONFIG = [[
server.document-root = "%s"
server.bind = "%s/socket"
server.modules = ( "mod_magnet" )
magnet.attract-raw-url-to = ( "%s/examples/lighttpd.lua" )
]]

local BEGIN = [[
lighttpd -D -f lighttpd.conf 2>log &
until [ -S socket ] || ! kill -0 $!; do :; done
ask() { curl -sS --max-time 20 -w '%{http_code}\n' --unix-socket socket http://x/; }
]]

local THREE = "ask; ask; ask\n"

-- A graceful restart: the second time that the server says it has started.
local RESTART = [[
ask
kill -USR1 $!
until [ $(grep -c 'server started' log) = 2 ]; do kill -0 $! || { cat log >&2; exit 1; }; done
ask
]]

local END = [[
kill $!
wait $!
]]

describe("lighttpd", function()
  -- What the code printed, and how many connections it made.
  local function run(code)
    local other_lua = process.shell "ldd /usr/lib/lighttpd/mod_magnet.so | grep 'liblua5[.][^4]'"
    if other_lua.status == 0 then return nil, "its Lua is not 5.4 (Ubuntu 22.04)" end
    local here, why = host.begin(finally, "lighttpd", "lua5.4")
    if not here then return nil, why end
    process.write(here.folder .. "/lighttpd.conf",
      CONFIG:format(here.folder, here.folder, here.root))
    local before = here.server:stats().connections
    local result = here:shell(BEGIN .. code .. END)
    assert.are.equal("", result.err)
    return { result.out, here.server:stats().connections - before }, host.newest(here, 1) .. "200\n"
  end

  it("answers from one client for all requests, and ends at SIGTERM", function()
    local done, answer = run(THREE)
    if not done then return pending(answer) end
    assert.are.same({ answer:rep(3), 1 }, done)
  end)

  it("has a new client after a reload (SIGUSR1)", function()
    local done, answer = run(RESTART)
    if not done then return pending(answer) end
    assert.are.same({ answer:rep(2), 2 }, done)
  end)
end)
