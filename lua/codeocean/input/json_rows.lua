--- Reads the values of a JSON text one by one, each with the line in which it begins: JSONL, one
-- array, objects over several lines as jq writes them, and pages of a search (each result is a
-- row). Called by codeocean.input.rows. A value that is not JSON is one bad row; those after it are
-- read.

local text = require "codeocean.text"

local M = {}

local LONGEST_OBJECT = 10000     -- lines that an object may stand in

-- Arrays -----------------------------------------------------------------------------------------

-- The position of the quote that closes the string whose first quote stands at `position`.
local function string_end(json, position)
  repeat
    position = json:find('["\\]', position + 1)
    if position and json:byte(position) == 92 then position = position + 1
    elseif position then return position end
  until not position
end

local DEPTH = { ["["] = 1, ["{"] = 1, ["]"] = -1, ["}"] = -1 }

-- Where the item that begins at `position` ends, and the character that ends it (a comma or the
-- bracket of the array); nil if the array is never closed.
local function item_end(json, position)
  local depth = 0
  position = json:find('[%[%]{}",]', position)
  while position do
    local char = json:sub(position, position)
    if depth == 0 and (char == "," or char == "]") then return position, char end
    depth = depth + (DEPTH[char] or 0)
    if char == '"' then
      position = string_end(json, position)
      if not position then return nil end
    end
    position = json:find('[%[%]{}",]', position + 1)
  end
end

local function count_lines(json, from, to)
  local _, feeds = json:sub(from, to):gsub("\n", "")
  return feeds
end

-- The texts of an array's items with their lines: a list of {json, line}; or nil and what is wrong.
local function array_items(json, line)
  local items, position, char = {}, json:find("%[") + 1, nil
  repeat
    local start, stop = json:find("%S", position), nil
    if start then stop, char = item_end(json, start) end
    if not stop then return nil, "the JSON array is never closed" end
    line = line + count_lines(json, position, start - 1)
    local item = json:sub(start, stop - 1):match("^(.-)%s*$")
    if item ~= "" or char == "," then items[#items + 1] = { item, line } end
    line = line + count_lines(json, start, stop)
    position = stop + 1
  until char == "]"
  if json:find("%S", position) then return nil, "text behind the end of the JSON array" end
  return items
end

-- The rest of the source, every line end as a line feed, and the number of its first line.
local function rest_of(lines)
  local parts, first
  parts = {}
  for line, number in lines.next, lines do
    parts[#parts + 1], first = line, first or number
  end
  return table.concat(parts, "\n"), first
end

local function array_reader(lines)
  local json, first = rest_of(lines)
  local items, problem = array_items(json, first)
  if not items then return nil, problem end
  local i = 0
  return function()
    i = i + 1
    if items[i] then return items[i][1], items[i][2] end
  end
end

-- Objects ----------------------------------------------------------------------------------------

-- The text of an object that begins in `line` and ends with the next line that begins with "}". If
-- this text is not JSON, or another object begins before, gives the lines back and returns nil.
local function long_object(lines, line, decode)
  local taken, parts = {}, { line }
  for following, number, ending in lines.next, lines do
    taken[#taken + 1] = { following, number, ending }
    if following:find("^{") or #taken > LONGEST_OBJECT then break end
    parts[#parts + 1] = following
    if following:find("^}") then
      local json = table.concat(parts, "\n")
      if decode(json) ~= nil then return json end
      break
    end
  end
  lines:unread(taken)
end

local function line_reader(lines, decode)
  return function()
    for line, number in lines.next, lines do
      if line:find("^%s*[^%s#]") then
        local long = line:find("^{") and decode(line) == nil and long_object(lines, line, decode)
        return long or line, number
      end
    end
  end
end

-- Values -----------------------------------------------------------------------------------------

-- A decoder that never raises: the value, or nil and what is wrong.
local function guarded(decode)
  return function(json)
    local ok, value, problem = pcall(decode, json)
    if ok and value ~= nil then return value, nil end
    return nil, text.escape(tostring(ok and problem or value))
  end
end

-- The results of a page of a search, whose `results` may be null; nil for any other value.
local function results_of(value)
  if type(value) ~= "table" or value.id ~= nil then return nil end
  if type(value.results) == "table" then return value.results end
  return value.has_more ~= nil and {} or nil
end

-- Wraps next_row: each result of a page becomes a row; other rows stay as they are.
local function unpack_pages(next_row)
  local page, results, i = nil, {}, 0
  return function()
    repeat
      i = i + 1
      if results[i] ~= nil then
        return { line = page.line, text = page.text, value = results[i] }
      end
      page = next_row()
      results, i = page and results_of(page.value), 0
    until not results
    results = {}
    return page
  end
end

--- open(lines, decode) -> a function that gives the next row: {line, text (as it stands there), and
-- value or problem}; nil at the end. Or nil and what is wrong with all of it. `lines` stands before
-- the first line of JSON; decode(json) gives a value, or nil and what is wrong.
function M.open(lines, decode)
  decode = guarded(decode)
  local next_json, problem
  if lines:peek(1)[1][1]:find("^%s*%[") then
    next_json, problem = array_reader(lines)
  else
    next_json = line_reader(lines, decode)
  end
  if not next_json then return nil, problem end
  return unpack_pages(function()
    local json, line = next_json()
    if not json then return nil end
    local value, wrong = decode(json)
    return { line = line, text = json, value = value, problem = wrong and "not JSON: " .. wrong }
  end)
end

return M
