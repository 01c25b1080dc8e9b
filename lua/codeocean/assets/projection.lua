--- The set of fields that a search reads of each asset; the reader skips the others.
--
-- Called for the parameter `fields` of a search, before it is sent. An unknown name passes: it may
-- belong to a later release. A name that differs from a known one only in spelling is refused.

local ascii = require "codeocean.ascii"
local core = require "codeocean.core"
local fields = require "codeocean.assets.fields"
local options = require "codeocean.options"

local M = {}

local name_list = options.list(options.text)

-- The letters of a name, by which spellings are compared.
local function letters(name)
  return (ascii.lower(name):gsub("[_%- ]", ""))
end

local by_letters = { sizeinbytes = "size" }
for _, name in ipairs(fields.NAMES) do by_letters[letters(name)] = name end

--- set(list) -> a table with the names, and `id`, as keys. Raises, as an argument of search, for a
-- value that is not a list of names.
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
