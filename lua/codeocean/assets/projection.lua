--- Which fields of an asset a search is to read; the others are skipped.
--
-- Called for the parameter `fields` of a search, before it is sent. A name that is not known here
-- may be that of a later release and passes; another spelling of a known one is refused.

local ascii = require "codeocean.ascii"
local core = require "codeocean.core"
local fields = require "codeocean.assets.fields"
local options = require "codeocean.options"

local M = {}

local name_list = options.list(options.text)

-- Two spellings that differ in no letter.
local function letters(name)
  return (ascii.lower(name):gsub("[_%- ]", ""))
end

local by_letters = { sizeinbytes = "size" }
for _, name in ipairs(fields.NAMES) do by_letters[letters(name)] = name end

--- set(list) -> the names as keys, `id` among them. Raises, in the name of search, for what is
-- not a list of names.
function M.set(list)
  options.check_value("search", "fields", name_list, list)
  local set = { id = true }
  for i, name in ipairs(list) do
    local known = by_letters[letters(name)]
    if known and known ~= name then
      core.complain("search", ("fields[%d]"):format(i),
        ("no such field; did you mean '%s'?"):format(known))
    end
    set[name] = true
  end
  return set
end

return M
