--- Which fields of an asset a search is to read; the others are skipped.

local core = require "codeocean.core"

local M = {}

-- The fields of an asset: the names as a list, and as the keys of a set.
local function known()
  local names, set = {}, {}
  for _, shape in ipairs(require "codeocean.reference.asset_shapes".shapes) do
    local fields = shape.name == "codeocean.Asset" and shape.fields or {}
    for _, field in ipairs(fields) do
      names[#names + 1], set[field[1]] = field[1], true
    end
  end
  return names, set
end

local function check(list)
  if type(list) ~= "table" then
    core.complain("search", "fields", "list of names expected, got " .. type(list))
  end
  for key in pairs(list) do
    if math.type(key) ~= "integer" or key < 1 or key > #list then
      core.complain("search", "fields", ("list of names expected, it has the key %q"):format(
        tostring(key)))
    end
  end
end

--- set(list) -> the names as keys. A name that the reference does not have may be a later release's
-- and passes; one that is near to a name of the reference is refused with that name.
function M.set(list)
  check(list)
  local names, is_known = known()
  local set = { id = true }
  for i, name in ipairs(list) do
    local where = ("fields[%d]"):format(i)
    if type(name) ~= "string" or name == "" then
      core.complain("search", where, "name of a field expected")
    end
    local meant = not is_known[name] and core.nearest(name, names)
    if meant then
      core.complain("search", where, ("no field is called %q; did you mean %q?"):format(
        name, meant))
    end
    set[name] = true
  end
  return set
end

return M
