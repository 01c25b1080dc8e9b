-- How near to the ideal: 2,000 updates of a sandbox that takes 50 ms for each, 32 in flight. The
-- ideal is ceil(2000 / 32) round trips. The server lives in this process but not in our thread, so
-- both share the machine, and the CPU time that is told.
--
--   build/colua bench/latency.lua [latency in ms] [updates] [in flight]

local codeocean = require "codeocean"
local core = require "codeocean.core"
local sandbox = require "codeocean.sandbox"

local latency = tonumber(arg[1] or 50) / 1000
local updates, jobs = math.tointeger(arg[2] or 2000), math.tointeger(arg[3] or 32)

local server <close> = assert(sandbox.start { seed = 100, latency = latency })
local client <close> = assert(codeocean.client { domain = server.url, token = server.token,
  jobs = jobs, dialect = "2022" })
local ids = {}
for i, asset in ipairs(assert(client.data_assets:search { limit = 100 }).results) do
  ids[i] = asset.id
end

local function source()
  local left = updates
  return function()
    left = left - 1
    if left >= 0 then return ids[left % #ids + 1] end
  end
end

-- The second run has the connections and the window that the first one made.
for _, name in ipairs { "cold", "warm" } do
  local began, cpu = core.now(), os.clock()
  local results, errs = client:map(source(), function(id)
    return assert(client.data_assets:update(id, { name = "n", description = "", mount = "m",
      tags = { "latency" } }))
  end)
  local took = core.now() - began
  for _, err in pairs(errs) do error(err, 0) end
  local ideal = math.ceil(results.n / jobs) * latency
  print(("%s  %d updates in %.3f s, ideal %.3f s, ratio %.3f; CPU %.0f us each"):format(
    name, results.n, took, ideal, took / ideal, (os.clock() - cpu) / results.n * 1e6))
end
