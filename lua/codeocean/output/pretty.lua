--- Writes any Lua value as text for people: sorted keys, quoted strings, marked cycles, limits on
-- depth and length. The text is not meant to be read back. Called by the session, cards and tables.
-- Pure.

local text = require "codeocean.text"

local M = {}

local RESERVED = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat
    return then true until while]]):gmatch("%a+") do
  RESERVED[word] = true
end

local LONGEST_STRING = 1000
local RANK = { number = 1, string = 2, boolean = 3 }

local function quoted(s)
  local shown = text.clip(text.escape((s:gsub('[\\"]', "\\%0"))), LONGEST_STRING)
  return '"' .. shown .. '"'
end

-- The text of an object's own __tostring; nil for a table whose text is only its address.
local function self_description(value)
  local said = tostring(value)
  if type(value) == "table" and said:find("^[^\n]*: [%w]*$") then return nil end
  return text.escape(said)
end

-- JSON's null comes as a light userdata of address 0, which is written in several ways.
local NULL = { ["userdata: (nil)"] = true, ["userdata: NULL"] = true, ["userdata: 0x0"] = true }

local function scalar(value)
  if type(value) == "string" then
    return quoted(value)
  elseif type(value) == "table" then
    return self_description(value)
  end
  local said = tostring(value)
  return NULL[said] and "null" or text.escape(said)
end

local function before(a, b)
  local rank_a, rank_b = RANK[type(a)] or 4, RANK[type(b)] or 4
  if rank_a ~= rank_b then return rank_a < rank_b end
  if rank_a < 3 then return a < b end
  return tostring(a) < tostring(b)
end

-- The length of the list part and the other keys in order.
local function parts_of(t)
  local length, keys = #t, {}
  for key in pairs(t) do
    if not (math.type(key) == "integer" and key >= 1 and key <= length) then
      keys[#keys + 1] = key
    end
  end
  table.sort(keys, before)
  return length, keys
end

local function key_text(key)
  if type(key) == "string" and key:find("^[%a_][%w_]*$") and not RESERVED[key] then
    return key .. " = "
  end
  return ("[%s] = "):format(scalar(key) or tostring(key))
end

-- The entries of a table as pairs of label and value, and how many are left out.
local function entries_of(t, limit)
  local length, keys = parts_of(t)
  local entries, total = {}, length + #keys
  for i = 1, math.min(length, limit) do entries[i] = { "", t[i] } end
  for i = 1, math.min(#keys, limit - #entries) do
    entries[#entries + 1] = { key_text(keys[i]), t[keys[i]] }
  end
  return entries, total - #entries
end

local function has_more_than(t, limit)
  local count = 0
  for _ in pairs(t) do
    count = count + 1
    if count > limit then return true end
  end
  return false
end

local inline

-- The entries of a table on one line, or nil. Gives up as soon as there is no room left.
local function inline_entries(t, room, state)
  local used, items = #"{  }", {}
  for i, entry in ipairs((entries_of(t, math.huge))) do
    local item = inline(entry[2], room - used, state)
    if not item then return nil end
    items[i] = entry[1] .. item
    used = used + text.width(items[i]) + (i > 1 and 2 or 0)
    if used > room then return nil end
  end
  return "{ " .. table.concat(items, ", ") .. " }"
end

local function enter(t, state)
  state.above[t], state.depth = true, state.depth - 1
end

local function leave(t, state)
  state.above[t], state.depth = nil, state.depth + 1
end

local function inline_table(t, room, state)
  if state.above[t] then return "<cycle>" end
  if not next(t) then return "{}" end
  if state.depth == 0 or has_more_than(t, room // 2) then return nil end
  enter(t, state)
  local shown = inline_entries(t, room, state)
  leave(t, state)
  return shown
end

-- The value on one line, or nil if it needs more than `room` columns.
function inline(value, room, state)
  local shown = scalar(value) or inline_table(value, room, state)
  return shown and text.width(shown) <= room and shown or nil
end

local render

local function block(t, indent, state)
  local lines, inner = { "{" }, indent .. "  "
  local entries, left_out = entries_of(t, state.length)
  for i, entry in ipairs(entries) do
    if state.lines <= 0 then
      left_out = left_out + #entries - i + 1
      break
    end
    state.lines = state.lines - 1
    lines[#lines + 1] = inner .. entry[1] .. render(entry[2], inner, #entry[1] + 1, state) .. ","
  end
  if left_out > 0 then lines[#lines + 1] = ("%s… %d more"):format(inner, left_out) end
  lines[#lines + 1] = indent .. "}"
  return table.concat(lines, "\n")
end

-- `taken`: the columns of the line that are in use, besides the indentation.
function render(value, indent, taken, state)
  local line = inline(value, math.max(state.width - #indent - taken, 10), state) or scalar(value)
  if line then return line end
  if state.depth == 0 then return "{…}" end
  enter(value, state)
  local shown = block(value, indent, state)
  leave(value, state)
  return shown
end

--- value(value [, options]) -> text without a line end; several lines if one of `width` columns is
-- too short.
--   options  { width = columns, 80 by default; depth = tables within tables, 6; length = entries
--              of one table, 100; lines = of all of it, 1000 }
-- An object with its own __tostring is shown as that text. Never raises, even if a metamethod of
-- the value does.
function M.value(value, options)
  options = options or {}
  local state = {
    width = options.width or 80, depth = options.depth or 6, length = options.length or 100,
    lines = options.lines or 1000, above = {},
  }
  local ok, shown = pcall(render, value, "", 0, state)
  return ok and shown or ("<%s that cannot be shown>"):format(type(value))
end

return M
