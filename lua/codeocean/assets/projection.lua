--- Which fields of an asset a search is to read; the others are skipped.

local core = require "codeocean.core"

local M = {}

-- Two spellings that differ in no letter.
local function letters(name)
  return (name:lower():gsub("[_%- ]", ""))
end

local function known()
  local by_letters = { sizeinbytes = "size" }
  for _, shape in ipairs(require "codeocean.reference.asset_shapes".shapes) do
    local fields = shape.name == "codeocean.Asset" and shape.fields or {}
    for _, field in ipairs(fields) do by_letters[letters(field[1])] = field[1] end
  end
  return by_letters
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

--- set(list) -> the names as keys, in the spelling of an asset. A name that the reference does not
-- have may be a later release's and passes; another spelling of one that it has is refused.
function M.set(list)
  check(list)
  local by_letters, set = known(), { id = true }
  for i, name in ipairs(list) do
    local where = ("fields[%d]"):format(i)
    if type(name) ~= "string" or name == "" then
      core.complain("search", where, "name of a field expected")
    end
    local meant = by_letters[letters(name)]
    if meant and meant ~= name then
      core.complain("search", where, ("no field is called %q; did you mean %q?"):format(
        name, meant))
    end
    set[name] = true
  end
  return set
end

return M
