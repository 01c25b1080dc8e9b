-- Inside lighttpd, by its mod_magnet: answers each request with the names of the newest assets.
-- While a call waits, the server answers no other request.
--
--   server.modules = ( "mod_magnet" )
--   magnet.attract-raw-url-to = ( "/…/examples/lighttpd.lua" )

local codeocean = require "codeocean"

-- The client, with its connections, is kept among the loaded modules: the globals of a script last
-- for one request only.
local kept = package.loaded
kept["newest.client"] = kept["newest.client"] or assert(codeocean.client { deadline = 5 })

local page, err = kept["newest.client"].data_assets:search { sort_field = "created", limit = 3 }
local lines = {}
for i, asset in ipairs(page and page.results or {}) do lines[i] = asset.name .. "\n" end

-- luacheck: globals lighty
lighty.r.resp_body.set(page and lines or { tostring(err), "\n" })
return page and 200 or 502
