-- Reads every asset of a listing, `times` over, so that a short listing can be measured. `names`
-- (a,b,c or all) are the requested fields.
--
--   colua each.lua DOMAIN COUNT [names] [times]

package.path = arg[0]:gsub("[^/]+$", "?.lua") .. ";" .. package.path
local work = require "work"

local domain, count, names, times = arg[1], math.tointeger(arg[2]), arg[3], arg[4]
local TENTH_PAGE = 10 * 1000

local params = { query = tostring(count) }
if names and names ~= "all" then
  params.fields = {}
  for name in names:gmatch "[^,]+" do table.insert(params.fields, name) end
end

-- The most memory there has been, in KiB.
local function peak()
  for line in io.lines "/proc/self/status" do
    local kib = line:match "^VmHWM:%s*(%d+)"
    if kib then return tonumber(kib) end
  end
end

local client <close> = work.client(domain)
local at_ten
for _ = 1, times or 1 do
  local seen = 0
  for asset in client.data_assets:each(params) do
    seen = asset.id and seen + 1
    if seen == TENTH_PAGE then at_ten = peak() end
  end
  assert(seen == count, seen)
end
if at_ten then print("growth", (peak() - at_ten) / at_ten) end
