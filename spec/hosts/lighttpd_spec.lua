-- A program of others that has Lua 5.4 inside.

local deployment = require "deployment"
local process = require "process"

local CONFIG = [[
server.document-root = "%s"
server.bind = "%s/socket"
server.modules = ( "mod_magnet" )
magnet.attract-raw-url-to = ( "%s/examples/lighttpd.lua" )
]]

local RUN = [[
PATH=$PATH:/usr/sbin
lighttpd -D -f lighttpd.conf 2>log &
until [ -S socket ] || ! kill -0 $!; do :; done
for i in 1 2 3; do curl -sS --max-time 20 -w '%{http_code}\n' --unix-socket socket http://x/; done
kill $!
wait $!
]]

describe("lighttpd", function()
  it("answers from one client for all requests", function()
    local there = process.shell "PATH=$PATH:/usr/sbin; command -v lighttpd curl >/dev/null"
    if there.status ~= 0 or not process.stock_loads() then return pending "it is not here" end
    local other_lua = process.shell "ldd /usr/lib/lighttpd/mod_magnet.so | grep 'liblua5[.][^4]'"
    if other_lua.status == 0 then return pending "its Lua is not 5.4 (Ubuntu 22.04)" end
    local here <close> = setmetatable({ it = deployment.start { seed = 30 } },
      { __close = function(self) self.it:stop() end })
    local folder, root = here.it.folder, process.shell("pwd").out:match "[^\n]+"
    process.write(folder .. "/lighttpd.conf", CONFIG:format(folder, folder, root))
    local build = process.colua:match "^(.*)/"
    local exports = {}
    for name, value in pairs(here.it:environment { LUA_CPATH = build .. "/?.so;;",
      LUA_PATH = root .. "/lua/?.lua;" .. root .. "/lua/?/init.lua;;" }) do
      exports[#exports + 1] = ("export %s=%s\n"):format(name, process.quote(value))
    end
    local before = here.it.server:stats().connections
    local result = process.shell(table.concat(exports) .. RUN, { cwd = folder })
    assert.are.equal("", result.err)
    local one = result.out:match "^[^\n]+\n[^\n]+\n[^\n]+\n200\n"
    assert.are.equal(one and one:rep(3), result.out)
    assert.are.equal(1, here.it.server:stats().connections - before)
  end)
end)
