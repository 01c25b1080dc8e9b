--- Assets by name on the command line (--by-name): names become ids before anything is written, and
-- each that is of no asset, or of several, is named with its place.

local find = require "codeocean.assets.find"
local ids = require "codeocean.ids"
local text = require "codeocean.text"

local M = {}

--- resolve(client, items) -> those of the items whose name is that of exactly one asset, archived
-- or not, with `key` its id in place of the name; and a list with a line about each of the others.
-- items: {key = name, place = where it stands, if it does}.
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
