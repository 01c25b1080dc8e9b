--- A group of calls of a client, with its own deadline, that can be cancelled alone.
--
-- Made by client:with, and used in place of the client. It shares the client's connections, limits,
-- hooks, dialect, schema and tasks. Its own are `deadline`, `data_assets` and the transfers that it
-- submitted. The methods that change a client (close, on, set_dry_run) change the shared client.

local object = require "codeocean.object"

local M = {}

local Calls, Metatable = object.class "codeocean.client"

-- Methods that are called on the shared client itself.
for _, name in ipairs { "pump", "step", "nudge", "close", "on", "set_dry_run", "map", "each_done",
  "stats" } do
  Calls[name] = function(self, ...) return self.shared[name](self.shared, ...) end
end

function Metatable.__index(self, name)
  local own = Calls[name]
  if own ~= nil then return own end
  return rawget(self, "shared")[name]
end

function Metatable:__tostring()
  return tostring(self.shared)
end

-- A view of `shared`, an object of the client: its requests go through `calls`, its fields are read
-- from and written to `shared`.
local function view(shared, calls)
  return setmetatable({ client = calls }, { __index = shared, __newindex = shared })
end

--- new(client, deadline) -> calls. `deadline`: seconds for each call, nil: the client's.
function M.new(client, deadline)
  local self = setmetatable({ shared = client, deadline = deadline or client.deadline,
    submitted = setmetatable({}, { __mode = "k" }) }, Metatable)
  self.dialect = view(client.dialect, self)
  self.data_assets = view(client.data_assets, self)
  self.schema = view(client.schema, self)
  return self
end

-- Records a transfer in this group, and in the group that this group was made from, if there is
-- one: both can cancel the transfer.
function Calls:track(transfer)
  self.submitted[transfer] = true
  if self.shared.track then self.shared:track(transfer) end
  return transfer
end

function Calls:submit(operation, id, params, call, read_good_for)
  if call then self:notify("request", call) end
  return self:track(self.engine:submit(operation, id, params, read_good_for, self.deadline))
end

-- Neither the group's deadline nor its cancel() would end a transfer of another call.
function Calls:await_other() return false end

function Calls:sleep(seconds)
  return self:finish(self:track(self.engine:pause(seconds)))
end

--- cancel(): ends the calls of this group that wait now, with `cancelled`; no other calls.
function Calls:cancel()
  for transfer in pairs(self.submitted) do transfer:cancel() end
  self:nudge()
end

return M
