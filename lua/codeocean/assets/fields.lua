--- The names of an asset's fields, in the library's spelling.
--
-- Called where a user names a field: `fields` of a search, --fields, --where. A later release of
-- the API may send more fields; code that names no field passes them on.

local near_name = require "codeocean.near_name"
local text = require "codeocean.text"

local M = {}

M.NAMES = {
  "id", "name", "description", "type", "state", "tags", "mount", "created", "last_used", "size",
  "files", "custom_metadata", "source_bucket", "provenance", "owner", "owner_email",
  "failure_reason", "app_parameters", "nextflow_profile", "contained_data_assets",
  "last_transferred", "transfer_error",
}

--- problem(path [, names]) -> what is wrong with a path such as "custom_metadata.subject", or nil.
-- Its first part must be one of `names` (default: the fields of an asset).
function M.problem(path, names)
  names = names or M.NAMES
  local first = path:match "^[^.]*"
  for _, name in ipairs(names) do
    if name == first then return nil end
  end
  if first:find "%s" then
    return "commas stand between names: " .. text.escape((first:gsub("%s+", ",")))
  end
  return near_name.or_all(first, names)
end

return M
