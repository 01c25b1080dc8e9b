-- Gets or updates, one after another.
--
--   colua one.lua get|update DOMAIN COUNT [CA]

package.path = arg[0]:gsub("[^/]+$", "?.lua") .. ";" .. package.path
local work = require "work"

local kind, domain, count = arg[1], arg[2], math.tointeger(arg[3])
local client <close> = work.client(domain, { ca_file = arg[4] })
local assets = client.data_assets

if kind == "get" then
  for i = 0, count - 1 do assert(assets:get(work.id(i))) end
else
  local fields = work.fields()
  for i = 0, count - 1 do assert(assets:update(work.id(i), fields)) end
end
print("bytes", client:stats().bytes_received)
