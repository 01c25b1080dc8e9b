--- Some calls of a client, with a deadline of their own and a cancel for them alone.
--
-- client:with makes one; it stands for the client. It shares the client's connections, limits,
-- hooks, dialect and tasks; its own are `deadline`, `data_assets` and the transfers that it
-- submitted. Whatever changes the client (close, on, set_dry_run) changes the client.

local object = require "codeocean.object"

local M = {}

local Calls, Metatable = object.class "codeocean.client"

-- Methods that change the client they are called on.
for _, name in ipairs { "pump", "step", "nudge", "close", "on", "set_dry_run", "map", "each_done",
  "stats" } do
  Calls[name] = function(self, ...) return self.whole[name](self.whole, ...) end
end

function Metatable.__index(self, name)
  local own = Calls[name]
  if own ~= nil then return own end
  return rawget(self, "whole")[name]
end

function Metatable:__tostring()
  return tostring(self.whole)
end

-- An object of the client that sends its calls by these calls, and keeps what it learns in the
-- client's.
local function view(shared, calls)
  return setmetatable({ client = calls }, { __index = shared, __newindex = shared })
end

--- new(client, deadline) -> calls. `deadline`: seconds for each call, nil: the client's.
function M.new(client, deadline)
  local self = setmetatable({ whole = client, deadline = deadline or client.deadline,
    submitted = setmetatable({}, { __mode = "k" }) }, Metatable)
  self.dialect = view(client.dialect, self)
  self.data_assets = view(client.data_assets, self)
  return self
end

function Calls:keep(transfer)
  self.submitted[transfer] = true
  return transfer
end

function Calls:submit(operation, id, params, call, stands)
  if call then self:notify("request", call) end
  return self:keep(self.engine:submit(operation, id, params, stands, self.deadline))
end

function Calls:sleep(seconds)
  return self:finish(self:keep(self.engine:pause(seconds)))
end

--- cancel(): those of them that wait now end with `cancelled`; those of others go on.
function Calls:cancel()
  for transfer in pairs(self.submitted) do transfer:cancel() end
  self:nudge()
end

return M
