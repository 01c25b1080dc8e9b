--- Sentences that several pages of the manual share.

local reference = require "codeocean.reference"

local M = {}

--- choices(param) -> '"a", "b" or "c"', or nil.
function M.choices(param)
  local values = reference.values(param)
  if not values or type(values[1]) ~= "string" then return nil end
  local words = {}
  for i, value in ipairs(values) do words[i] = ('"%s"'):format(value) end
  local last = table.remove(words)
  return table.concat(words, ", ") .. " or " .. last
end

--- meaning(param) -> what it is, its choices and default, for one line.
function M.meaning(param)
  local text, choices = param[3], M.choices(param)
  if choices then text = text .. ": " .. choices end
  if param.default ~= nil then text = ("%s (default: %s)"):format(text, tostring(param.default)) end
  return text
end

--- fails(row) -> how a function fails, or nil.
function M.fails(row)
  if row.raises then return "raises " .. row.raises end
  if row.problem then return "nil and a text: " .. row.problem end
  if not row.errors then return nil end
  local sends = row.section == "assets" or row.section == "bulk"
  return ("nil, err; err.kind is %s%s"):format(table.concat(row.errors, ", "), sends
    and ", or one that any request can end with" or "")
end

--- title(section) -> the title of a section, as the begin of a sentence, without its module.
function M.title(section)
  return (section[4]:gsub("^[%w_]+%.[%w_]+: ", ""):gsub("^%l", string.upper))
end

--- module(section) -> what to require for it.
local MODULES = { codeocean = "codeocean", client = "codeocean", assets = "codeocean",
  json = "codeocean.json" }
function M.module(section)
  return MODULES[section] or "codeocean." .. section
end

return M
