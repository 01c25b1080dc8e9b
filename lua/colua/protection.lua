--- Protection at the prompt: refuses a call that would write to an asset that the user's settings
-- protect. Bulk runs check on their own (codeocean.bulk.plan.protection).
--
-- Called once by colua.session. Subscribes to the client's hooks, before undo does.

local protection = require "codeocean.bulk.plan.protection"

local M = {}

--- watch(client): refuses writes to protected assets from now on. Reads the asset if the call has
-- not read it.
function M.watch(client)
  if not client or not client.protect then return end
  client:on("write", function(call)
    if call.run or not call.id then return nil end
    local asset = call.before or client.data_assets:get(call.id)
    return asset and protection.problem(client.protect, asset)
  end)
end

return M
