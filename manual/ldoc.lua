--- The reference's rows as a commented Lua file, a section each, for LDoc.

local reference = require "codeocean.reference"
local words = require "manual.words"

local M = {}

-- LDoc's types are one word.
local function type_of(param)
  local bare = param[2]:gsub("%?$", ""):gsub("^%((.*)%)$", "%1"):gsub("%?$", "")
  return (bare:gsub("fun%b()[^|]*", "function"):gsub(",%s*", ","))
end

local function line(tag, entry, name)
  local optional = entry[2]:find("%?$") and "[opt]" or ""
  return ("-- @%s%s %s %s %s"):format(tag, optional, type_of(entry), name or entry[1],
    words.meaning(entry))
end

local function function_of(row)
  local lines = { "--- " .. row.summary }
  if row.api then lines[#lines + 1] = ("--\n-- API: %s."):format(row.api) end
  if words.fails(row) then lines[#lines + 1] = ("--\n-- Fails: %s."):format(words.fails(row)) end
  lines[#lines + 1] = "-- @function " .. row.name
  for _, param in ipairs(row.params or {}) do lines[#lines + 1] = line("tparam", param) end
  for _, result in ipairs(row.returns or {}) do
    lines[#lines + 1] = line("treturn", { "", result[2], result[3] }, "")
  end
  lines[#lines + 1] = "-- @usage " .. row.example:gsub("\n", "\n-- ")
  return table.concat(lines, "\n") .. "\n"
end

local function shape_of(shape)
  local about = shape.about:gsub("^%l", string.upper)
  local lines = { ("--- %s."):format(about), "-- @table " .. shape.name }
  for _, field in ipairs(shape.fields) do lines[#lines + 1] = line("tfield", field) end
  return table.concat(lines, "\n") .. "\n"
end

local function errors_of()
  local lines = { "--- Kinds of error, what each means.", "-- @table kinds" }
  for _, row in ipairs(reference.KINDS) do
    lines[#lines + 1] = ("-- @field %s %s"):format(row[1], row[2])
  end
  return table.concat(lines, "\n") .. "\n"
end

--- text(path) -> the file of the section that it is called after.
function M.text(path)
  local name = path:match("(%l+)%.lua$")
  local parts = {}
  for _, section in ipairs(reference.SECTIONS) do
    if section[1] == name then
      parts[1] = ("--- %s.\n-- `require \"%s\"`\n-- @module %s\n"):format(
        words.title(section), words.module(name), name)
    end
  end
  for _, row in ipairs(reference.of_section(name)) do parts[#parts + 1] = function_of(row) end
  for _, shape in ipairs(reference.shapes) do
    if shape.section == name and #shape.fields > 0 then parts[#parts + 1] = shape_of(shape) end
  end
  if name == "codeocean" then parts[#parts + 1] = errors_of() end
  return table.concat(parts, "\n")
end

return M
