--- The engine of a simulated client: requests travel in virtual time, and may be lost on either
-- way. It has the methods of the engine in C, and repeats what that one repeats, as long.

local platforms = require "platform"

local M = {}

local WRITES = { update = true, archive = true, delete = true, create = true,
  set_permissions = true }
local RETRIES, DEADLINE = 4, 120

local Engine, Transfer = {}, {}
Engine.__index, Transfer.__index = Engine, Transfer

--- new(history, process) -> an engine whose requests reach history.platform.
function M.new(history, process)
  return setmetatable({ platform = history.platform, world = history.world, process = process,
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
  if facts and transfer.may_be_done then facts.outcome = "unknown" end
  transfer.over, transfer.value, transfer.facts = true, value, facts
  self.pending = self.pending - 1
  self.finished[#self.finished + 1] = transfer
  self.world:wake(self.process)
end

local function facts_of(transfer, kind, outcome, status)
  return { kind = kind, outcome = outcome, status = status, operation = transfer.operation,
    writes = WRITES[transfer.operation], attempts = transfer.tries,
    message = "simulated " .. kind }
end

-- One way of a request: a tenth of a second, or some seconds in a slow storm.
local function latency(world)
  return 0.01 + world:random(1000) / 1e4 + (world:fault "slow" and 3 or 0)
end

-- Repeating --------------------------------------------------------------------------------------

local send

-- Repeats the request after a pause, as far as retries and deadline go; or gives up.
local function try_again(self, transfer, pause, facts)
  local late = self.world.now + pause - transfer.began > DEADLINE
  if transfer.tries > RETRIES or late then return finish(self, transfer, nil, facts) end
  transfer.last_facts = facts
  self.world:at(self.world.now + pause, function() send(self, transfer) end)
end

local function is_repeatable(transfer) return transfer.operation ~= "create" end

-- Nobody knows whether it arrived.
local function lose(self, transfer)
  transfer.may_be_done = true
  local facts = facts_of(transfer, "network", "unknown")
  if not is_repeatable(transfer) then return finish(self, transfer, nil, facts) end
  try_again(self, transfer, self.world:random(20) / 10, facts)
end

-- Answers ----------------------------------------------------------------------------------------

local KINDS = { [401] = "auth", [403] = "rejected", [404] = "missing" }

local function throttled(self, transfer, reply)
  local facts = facts_of(transfer, "throttled", "rejected", 429)
  facts.retry_after = reply.retry_after
  try_again(self, transfer, (reply.retry_after or 0) + self.world:random(20) / 10, facts)
end

local function deliver(self, transfer, reply)
  if reply.status == 200 then return finish(self, transfer, reply.body) end
  if reply.status == 429 then return throttled(self, transfer, reply) end
  local gone = transfer.operation == "delete" and reply.status == 404 and transfer.may_be_done
  if gone then return finish(self, transfer, true) end
  finish(self, transfer, nil, facts_of(transfer, KINDS[reply.status], "rejected", reply.status))
end

-- What a cache or a gateway makes of the answer.
local function distorted(self, transfer, reply)
  local operation, world, platform = transfer.operation, self.world, self.platform
  if reply.status ~= 200 or operation == "search" or operation == "create" then
    return reply
  elseif operation ~= "get_permissions" and world:fault "other_asset" then
    local other = platform:get(nil, { id = world:pick(platform.ids) })
    return other.body and other or reply
  elseif operation == "update" and world:fault "old_answer" then
    platform.doubtful[transfer.id] = true
    return { status = 200, body = reply.before }
  elseif world:fault "page" then
    return { status = 200, body = { message = "welcome" } }
  end
  return reply
end

local function push_back(world)
  if world:fault "throttle" then return { status = 429, retry_after = world:random(20) } end
  if world:fault "throttle_mute" then return { status = 429 } end
end

-- The request arrives, unless it was taken back, or its process killed, before it left.
local function reach(self, transfer)
  local world = self.world
  if self.process.killed and world:chance(0.5) then return end
  if transfer.cancelled then return end
  local reply = push_back(world) or self.platform:answer(self.process, transfer)
  reply = distorted(self, transfer, reply)
  world:at(world.now + latency(world), function()
    if self.process.killed then return end
    if world:fault "lose_answer" then return lose(self, transfer) end
    deliver(self, transfer, reply)
  end)
end

-- Ends a transfer that was not sent soon after the read that it is based on.
local function end_stale(self, transfer)
  local facts = transfer.last_facts or facts_of(transfer, "timeout", "not_sent")
  self.world:count "stale write given back"
  facts.stale = true
  finish(self, transfer, nil, facts)
end

function send(self, transfer)
  if transfer.over or self.process.killed then return end
  local late = transfer.read_good_for and self.world.now > transfer.began + transfer.read_good_for
  if late then return end_stale(self, transfer) end
  transfer.tries = transfer.tries + 1
  local world = self.world
  if world:fault "lose_request" then
    return world:at(world.now + 5, function() lose(self, transfer) end)
  end
  world:at(world.now + latency(world), function() reach(self, transfer) end)
end

-- The engine's methods ---------------------------------------------------------------------------

local function new_transfer(self, operation, id, params)
  self.pending = self.pending + 1
  return setmetatable({ engine = self, operation = operation, id = id, params = params, tries = 0,
    began = self.world.now }, Transfer)
end

function Engine:submit(operation, id, params, good_for)
  local transfer = new_transfer(self, operation, id, platforms.copy(params or {}))
  transfer.stays, transfer.read_good_for = self.world:chance(0.5), good_for
  transfer.read = WRITES[operation] and self.platform.read_of(self.process, operation, id)
  self.submitted[#self.submitted + 1] = transfer
  if self.held and WRITES[operation] then
    finish(self, transfer, nil, facts_of(transfer, "dry_run", "not_sent"))
  else
    self.process.requests = (self.process.requests or 0) + 1
    send(self, transfer)
  end
  return transfer
end

function Engine:pause(seconds)
  local transfer = new_transfer(self, "pause")
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

function Engine:cancel_harmless() return self.pending end
function Engine:set_dry_run(on) self.held = on end
function Engine:timeout() return self.finished[1] and 0 or nil end
function Engine:stats() return { requests = self.process.requests or 0, unreachable = false } end
function Engine:host() return self.process.host or "simulated.example" end
function Engine:nudge() return self.pending end
function Engine:trace() return self.traced end
function Engine:shut() self:cancel() end
function Engine:close() return self.pending end

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
