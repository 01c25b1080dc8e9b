--- Protection at the prompt: a call that would write to an asset which the user's settings protect
-- is refused. Bulk runs look for themselves (codeocean.bulk.plan.protection).
--
-- Stands on the client's hooks, before those of undo. Made by colua.session.

local protection = require "codeocean.bulk.plan.protection"

local M = {}

--- watch(client): from now on. An asset that the call has not read is read for it.
function M.watch(client)
  if not client or not client.protect then return end
  client:on("write", function(call)
    if call.run or not call.id then return nil end
    local asset = call.before or client.data_assets:get(call.id)
    return asset and protection.problem(client.protect, asset)
  end)
end

return M
