-- Inside HAProxy: a service that answers with the names of the newest assets. HAProxy goes on
-- meanwhile.
--
--   global
--     insecure-fork-wanted
--     lua-load /…/examples/haproxy.lua
--   defaults
--     mode http
--     timeout connect 5s
--     timeout client 30s
--     timeout server 30s
--   frontend web
--     bind 127.0.0.1:8080
--     http-request use-service lua.newest_assets
--
-- insecure-fork-wanted: without it HAProxy allows no thread to be started, and libcurl resolves
-- host names in one. In Debian's configuration take out `chroot`: that folder has neither the name
-- servers nor the certificates.

local codeocean = require "codeocean"

local client = assert(codeocean.client { deadline = 5, wait = require "codeocean.loop.haproxy" })

local function names()
  local page, err = client.data_assets:search { sort_field = "created", limit = 3 }
  if not page then return 502, tostring(err) .. "\n" end
  local lines = {}
  for i, asset in ipairs(page.results) do lines[i] = asset.name .. "\n" end
  return 200, table.concat(lines)
end

-- luacheck: globals core
core.register_service("newest_assets", "http", function(applet)
  local status, text = names()
  applet:set_status(status)
  applet:add_header("content-type", "text/plain")
  applet:add_header("content-length", tostring(#text))
  applet:start_response()
  applet:send(text)
end)
