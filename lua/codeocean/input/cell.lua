--- Converts the cells of a sheet to values of a column's type, and values to the text of a cell.
-- Pure. What must hold: nothing is guessed. A cell such as `NaN`, `#REF!` or a list as Python
-- prints it is refused, with what it is.

local ascii = require "codeocean.ascii"
local id = require "codeocean.input.id"
local json = require "codeocean.json"
local spreadsheet = require "codeocean.output.spreadsheet"
local text = require "codeocean.text"

local M = {}

local LONGEST_EXCERPT = 60

--- What a cell `\N` stands for: the field is to be cleared.
M.CLEAR = json.null

-- Types: a cell's text -> its value; or nil and what is wrong with it ----------------------------

--- The text as it is.
function M.text(cell) return cell end

--- The text as it is, without any check: for columns whose values are not used.
function M.any(cell) return cell end

local FLAGS = { ["true"] = true, yes = true, ["1"] = true, ["false"] = false, no = false,
  ["0"] = false }

--- true or false, as spreadsheets write them; yes, no, 1, 0.
function M.flag(cell)
  local value = FLAGS[ascii.lower(id.trim(cell))]
  if value ~= nil then return value end
  return nil, "true or false expected"
end

-- A list one of whose items holds a ';' is written in a sheet as JSON.
local function json_list(cell)
  if not cell:find '^%["' then return nil end
  local list = json.decode(cell)
  for _, item in ipairs(type(list) == "table" and list or {}) do
    if type(item) ~= "string" then return nil end
  end
  return list
end

--- A list of texts with ';' between them, without the blanks around them; or a JSON list of texts.
function M.list(cell)
  local list = json_list(cell)
  if list then return list end
  local items = json.array()
  for part in (cell .. ";"):gmatch "([^;]*);" do
    local item = id.trim(part)
    if item ~= "" then items[#items + 1] = item end
  end
  return items
end

--- A number where the text is exactly how that number is written, else the text: 007 stays a text.
function M.scalar(cell)
  local number = cell:find "^-?%d" and tonumber(cell)
  return number and text.number(number) == cell and number or cell
end

--- The id of a data asset, or the address of its page.
function M.id(cell)
  local found = id.parse(cell)
  if found then return found end
  return nil, id.problem(text.clip(text.escape(cell), LONGEST_EXCERPT))
end

-- Cells ------------------------------------------------------------------------------------------

local NO_VALUES = { nan = true, ["<na>"] = true, nat = true, none = true, null = true }

-- Why a cell is refused; nil for a value. A cell that begins with ' is always a value.
local function problem_of(cell)
  if not utf8.len(cell) then return "it is not UTF-8 text; save the sheet as UTF-8" end
  local quoted = text.clip(text.escape(cell), LONGEST_EXCERPT)
  if NO_VALUES[ascii.lower(cell)] then
    return ('"%s" is what a program writes for an empty cell; empty it'):format(quoted)
  elseif cell:find "^#%u+[/%u%d]*[!?]$" or cell == "#N/A" then
    return ('"%s" is an error of the spreadsheet'):format(quoted)
  elseif cell:find "^%['.*'%]$" or cell == "[]" then
    return ("%s is a list as Python prints it; write a;b, or \\N to clear"):format(quoted)
  end
end

--- value(read, written) -> the value of a cell by the type `read`, nil, and the cell's text without
-- the ' of codeocean.output.spreadsheet. An empty cell gives nil; a bad one nil and what is wrong.
function M.value(read, written)
  if not written:find "%S" then return nil end
  if written == "\\N" then return M.CLEAR, nil, written end
  local cell, is_guarded = spreadsheet.unprotect(written)
  local problem = not is_guarded and read ~= M.any and problem_of(cell)
  if problem then return nil, problem end
  if is_guarded and read == M.scalar then return cell, nil, cell end
  local value
  value, problem = read(cell)
  return value, problem, cell
end

--- shown(value) -> the text of a value as the cell of a listing shows it.
function M.shown(value)
  if type(value) == "number" then return text.number(value) end
  if type(value) == "table" then return json.encode(value) end
  return tostring(value)
end

return M
