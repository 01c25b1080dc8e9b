--- The engine of a simulated client: requests travel in virtual time, and may be lost on either
-- way.
--
-- It has the methods of the engine in C. What the engine in C does by itself (repeats) is folded
-- into one request: its result is a success, a refusal, or a failure with its outcome.

local M = {}

local WRITES = { update = true, archive = true, delete = true, create = true }

local Engine, Transfer = {}, {}
Engine.__index, Transfer.__index = Engine, Transfer

--- new(machine, process) -> an engine whose requests reach machine.platform.
function M.new(machine, process)
  return setmetatable({ machine = machine, world = machine.world, process = process,
    finished = {}, submitted = {}, pending = 0 }, Engine)
end

-- In the order of submission: tables of objects have another order in each process.
local function under_way(self)
  local list = {}
  for _, transfer in ipairs(self.submitted) do
    if not transfer.over then list[#list + 1] = transfer end
  end
  self.submitted = list
  return list
end

local function finish(self, transfer, value, facts)
  if transfer.over then return end
  transfer.over, transfer.value, transfer.facts = true, value, facts
  self.pending = self.pending - 1
  self.finished[#self.finished + 1] = transfer
  self.world:wake(self.process)
end

local function facts_of(transfer, kind, outcome, status)
  return { kind = kind, outcome = outcome, status = status, operation = transfer.operation,
    writes = WRITES[transfer.operation], attempts = 1, message = "simulated " .. kind }
end

local KINDS = { [401] = "auth", [404] = "missing", [429] = "throttled", [500] = "server" }

local function deliver(self, transfer, reply)
  if reply.status == 200 then return finish(self, transfer, reply.body) end
  finish(self, transfer, nil, facts_of(transfer, KINDS[reply.status],
    reply.status == 500 and "unknown" or "rejected", reply.status))
end

-- A cache or gateway that answers for another asset.
local function of_another(self, transfer, reply)
  local other = self.machine.platform.assets[self.world:pick(self.machine.platform.ids)]
  if reply.status ~= 200 or not other or transfer.operation ~= "get" then return reply end
  return { status = 200, body = require("platform").copy(other) }
end

local function reach(self, transfer)
  local world, storm = self.world, self.world.storm
  if self.process.killed and world:chance(0.5) then return end -- the packet had not left
  if transfer.cancelled then return end
  if storm.throttle and world:chance(storm.throttle) then
    return deliver(self, transfer, { status = 429 })
  end
  local reply = self.machine.platform[transfer.operation](self.machine.platform,
    self.process, transfer)
  if storm.other_asset and world:chance(storm.other_asset) then
    reply = of_another(self, transfer, reply)
  end
  if storm.lose_answer and world:chance(storm.lose_answer) then
    return finish(self, transfer, nil, facts_of(transfer, "network", "unknown"))
  end
  world:at(world.now + self.machine:latency(), function()
    if not self.process.killed then deliver(self, transfer, reply) end
  end)
end

function Engine:submit(operation, id, params)
  local transfer = setmetatable({ engine = self, operation = operation, id = id,
    params = require("platform").copy(params or {}), stays = self.world:chance(0.5) }, Transfer)
  self.pending = self.pending + 1
  self.submitted[#self.submitted + 1] = transfer
  local world, storm = self.world, self.world.storm
  if self.held and WRITES[operation] then
    finish(self, transfer, nil, facts_of(transfer, "dry_run", "not_sent"))
  elseif storm.lose_request and world:chance(storm.lose_request) then
    world:at(world.now + 5, function()
      finish(self, transfer, nil, facts_of(transfer, "network", "unknown"))
    end)
  else
    world:at(world.now + self.machine:latency(), function() reach(self, transfer) end)
  end
  return transfer
end

function Engine:pause(seconds)
  local transfer = setmetatable({ engine = self, operation = "pause" }, Transfer)
  self.pending = self.pending + 1
  self.world:at(self.world.now + seconds, function() finish(self, transfer, true) end)
  return transfer
end

function Engine:step(seconds)
  if self.finished[1] then return end
  if self.pending == 0 and not seconds then error("the process waits for nothing", 0) end
  self.world:wait(seconds or 3600)
end

function Engine:completed() return table.remove(self.finished, 1) end

function Engine:cancel()
  for _, transfer in ipairs(under_way(self)) do transfer:cancel() end
end

function Engine:hold_writes(on) self.held = on end
function Engine:timeout() return self.finished[1] and 0 or nil end
function Engine:stats() return { requests = 0, unreachable = false } end
function Engine:host() return "simulated.example" end
function Engine:nudge() end
function Engine:trace() end
function Engine:shut() self:cancel() end
function Engine:close() end

function Transfer:done() return self.over == true end

function Transfer:result()
  if self.value ~= nil then return self.value end
  return nil, self.facts
end

-- What has left may have arrived.
function Transfer:cancel()
  self.cancelled = self.stays
  finish(self.engine, self, nil, facts_of(self, "cancelled", "unknown"))
end

return M
