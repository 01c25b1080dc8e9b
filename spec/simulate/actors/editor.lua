--- An actor who edits by hand: reads an asset, waits a little, writes all of it; archives,
-- unarchives and deletes.

local M = {}

local EDITS = {
  function(asset, k, i) asset.tags[#asset.tags + 1] = ("h%d-%d"):format(k, i) end,
  function(asset, k, i) asset.description = ("hand %d-%d"):format(k, i) end,
  function(asset, k, i)
    asset.custom_metadata = asset.custom_metadata or {}
    asset.custom_metadata["h" .. k] = i
  end,
}

-- Gives somebody a role, and sends the whole list back.
local function share(own, platform, id, k)
  local list = platform:get_permissions(own, { id = id }).body.users
  list[#list + 1] = { email = ("h%d@x"):format(k), role = "editor" }
  platform:set_permissions(own, { operation = "set_permissions", id = id,
    params = { users = list } })
end

local function edit(history, own, dice, k, i)
  local platform = history.platform
  local id = platform.ids[dice:random(history.plan.assets)]
  local asset = platform:get(own, { id = id }).body
  local choice = dice:random(20)
  if choice <= 3 and asset then
    share(own, platform, id, k)
  elseif choice <= 15 and asset then
    EDITS[choice % 3 + 1](asset, k, i)
    platform:update(own, { operation = "update", id = id, params = asset })
  elseif choice <= 19 then
    local archive = not platform.archived[id]
    platform:archive(own, { operation = "archive", id = id, params = { archive = archive } })
  elseif platform.archived[id] then
    platform:delete(own, { operation = "delete", id = id })
  end
end

function M.new(history, k, dice)
  history.world:start("editor" .. k, function(own)
    for i = 1, dice:random(6) do
      history.world:wait(dice:random(300) / 10)
      edit(history, own, dice, k, i)
    end
  end)
  return {}
end

return M
