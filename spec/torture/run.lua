-- A sandbox for the tortured program, which is another process: what the server allocates is not
-- counted. Its status is ours.
--
--   colua spec/torture/run.lua PROGRAM [scenario [number]]

local sandbox = require "codeocean.sandbox"

local peer <close> = assert(sandbox.start { seed = 50, page_cap = 20, latency = 0 })

local function order(last, fault)
  fault.id = "ffffffff-0000-4000-8000-" .. last
  fault.count = math.huge
  peer:fault(fault)
end

order("000000000503", { kind = "status", status = 503 })
order("000000000200", { kind = "html", status = 200 })
order("000000000301", { kind = "redirect", location = "https://elsewhere.example/" })
order("000000000000", { kind = "stall" })

local words = { arg[1], "spec/torture/scenarios.lua", peer.url, peer.token }
local _, _, status = os.execute(table.concat(words, " ") .. " " .. table.concat(arg, " ", 2))
if status ~= 0 then print(("torture: not passed (status %d; 142: it hung)"):format(status)) end
os.exit(status, true)
