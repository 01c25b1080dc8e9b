-- Updates, many in flight. With `warm` a first map opens the connections and learns the window;
-- only the second one counts.
--
--   colua map.lua DOMAIN COUNT IN_FLIGHT [CA] [warm]

package.path = arg[0]:gsub("[^/]+$", "?.lua") .. ";" .. package.path
local core = require "codeocean.core"
local work = require "work"

local domain, count, jobs = arg[1], math.tointeger(arg[2]), math.tointeger(arg[3])
local ids, fields = work.ids(count), work.fields()

local began = core.now()
local client <close> = work.client(domain, { jobs = jobs, ca_file = arg[4] })

local function update_all()
  local _, errs = client:map(ids, function(id)
    return assert(client.data_assets:update(id, fields)) ~= nil
  end)
  for _, err in pairs(errs) do error(err, 0) end
end

update_all()
if arg[5] == "warm" then
  began = core.now()
  update_all()
  print("ops", 2 * count)
end
print("wall", core.now() - began)
print("bytes", client:stats().bytes_received)
