-- The server of the soak: five requests of a hundred fail. A signal ends it. Arguments: port (0:
-- any), file of the database, file that gets the port, seed.

local sandboxes = require "codeocean.sandbox"

local port, db, announce, seed = tonumber(arg[1]), arg[2], arg[3], tonumber(arg[4])

-- Requests of a thousand; the sum is 50.
local FAULTS = {
  { 15, { kind = "status", status = 429 } },
  { 15, { kind = "status", status = 503 } },
  { 5, { kind = "reset_before" } },
  { 5, { kind = "reset_after" } },
  { 10, { kind = "delay", seconds = 0.05 } },
}

local sandbox <close> = assert(sandboxes.start {
  port = port, db = db, token = "cop_soak", ready_after = 0, keep_requests = 0 })

for i, row in ipairs(FAULTS) do
  local fault = row[2]
  fault.probability, fault.seed = row[1] / 1000, seed * 10 + i
  sandbox:fault(fault)
end

local file = assert(io.open(announce .. ".new", "w"))
file:write(sandbox.port, "\n")
file:close()
assert(os.rename(announce .. ".new", announce))

while sandbox:wait() do end
