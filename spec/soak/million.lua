-- A million gets by one client, many at once; the memory must not grow. Arguments: address, number
-- of gets.

local codeocean = require "codeocean"
local core = require "codeocean.core"
local gauge = require "gauge"

local url, wanted = arg[1], tonumber(arg[2])
local SAMPLES = 90
local each = wanted // SAMPLES

local client = assert(codeocean.client { domain = url, token = "cop_soak", jobs = 16 })
local assets, meter, failed = client.data_assets, gauge.new(), 0

local function ids()
  local n = 0
  return function()
    n = n + 1
    return n <= wanted and ("00000000-0000-4000-8000-%012x"):format(n) or nil
  end
end

local began = core.now()
local done, last = 0, began
for _, asset in client:each_done(ids(), function(id) return assets:get(id) end) do
  if not asset then failed = failed + 1 end
  done = done + 1
  if done % each == 0 then
    local now = core.now()
    meter:sample(each / (now - last))
    last = now
  end
end

local figures, wrong = meter:compare()
if failed > 0 or done ~= wanted then wrong[#wrong + 1] = failed .. " gets failed" end
for _, line in ipairs(wrong) do print("million: " .. line) end
print(("million: %d gets in %.0f s, %d failed, %d connections; %s"):format(done,
  core.now() - began, failed, client:stats().connections, figures))
os.exit(#wrong == 0, true)
