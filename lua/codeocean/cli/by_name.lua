--- Finds assets by their names, for --by-name. What must hold: names become ids before anything is
-- written; a name that no asset or several assets have is reported with its place.

local find = require "codeocean.assets.find"
local ids = require "codeocean.ids"
local text = require "codeocean.text"

local M = {}

--- resolve(client, items) -> the items whose name exactly one asset has, archived or not, with
-- `key` set to its id; and a list with a message for each of the others. items: list of {key =
-- name, place = "file:line" or nil}.
function M.resolve(client, items)
  local found, errs = client:map(items, function(item)
    return find.find(client.data_assets, item.key, "any")
  end)
  if not found then error(errs, 0) end
  local list, complaints = {}, {}
  for i, item in ipairs(items) do
    if found[i] then
      item.key = ids.canonical(found[i].id)
      list[#list + 1] = item
    else
      local place = item.place and item.place .. ": " or ""
      complaints[#complaints + 1] = place .. text.escape(tostring(errs[i]))
    end
  end
  return list, complaints
end

return M
