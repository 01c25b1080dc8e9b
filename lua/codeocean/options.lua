--- Reads and checks the table of options of every public function.
--
-- Called by client, assets, tasks, bulk, output, ids and tags, before anything is sent or opened.
-- What must hold: an unknown name is refused with the near name, so that a misspelt `dry_run` never
-- writes.
--
--   local ROWS = {
--     { "jobs", 16, options.integer(1, 1000) },
--     { "dry_run", false, options.boolean },
--     called = "option" }
--   local own = options.read("map", ROWS, given)
--
-- A row is {name, default or nil, type}; without a type the caller checks the value. The value of a
-- row with `secret` is never shown. `called`, beside the rows, is the word for a row in messages;
-- the default is "option".
--
-- A type is a function of a value. It returns nothing for a good value; for a bad one what was
-- expected, and if the bad value is inside a table, its place ("[2]") and that value.

local core = require "codeocean.core"
local near_name = require "codeocean.near_name"
local text = require "codeocean.text"

require "codeocean.error" -- complaints are placed at the user's line, not in this library

local M = {}

local LONGEST = 40 -- columns of a value in a message

-- Types ------------------------------------------------------------------------------------------

--- is(type name) -> a type: values of that Lua type; `expected` is what the message calls it.
function M.is(name, expected)
  return function(value)
    if type(value) ~= name then return expected or name end
  end
end

M.boolean, M.callable, M.table = M.is "boolean", M.is "function", M.is "table"
M.string = M.is "string"

--- Text that is not empty.
function M.text(value)
  if type(value) ~= "string" or value == "" then return "non-empty string" end
end

--- Text of a header: one line of printable ASCII.
function M.header(value)
  if type(value) ~= "string" or not value:find("^[\32-\126]+$") then
    return "one line of printable ASCII"
  end
end

--- A file's name.
function M.path(value)
  if type(value) ~= "string" or value == "" or value:find("\0", 1, true) then
    return "non-empty file name"
  end
end

--- Text that can be written as JSON; it may be empty.
function M.utf8(value)
  if type(value) ~= "string" then return "string" end
  if not utf8.len(value) then return "string in valid UTF-8" end
end

--- integer(least [, most]) -> a type: integers within these.
function M.integer(least, most)
  local expected = most and ("integer from %d to %d"):format(least, most)
    or ("integer of %d or more"):format(least)
  return function(value)
    local good = math.type(value) == "integer" and value >= least and value <= (most or value)
    if not good then return expected end
  end
end

--- number(most) -> a type: numbers above 0, at most `most`; not NaN.
function M.number(most)
  local expected = ("number above 0, at most %s"):format(text.number(most))
  return function(value)
    if not (type(value) == "number" and value > 0 and value <= most) then return expected end
  end
end

--- Seconds of a wait: above 0, at most a billion (31 years), so that sums of them stay exact.
M.seconds = M.number(1000000000)

--- choice(name, …) -> a type: one of these strings.
function M.choice(...)
  local list, set = { ... }, {}
  for _, name in ipairs(list) do set[name] = true end
  local expected = "one of " .. table.concat(list, ", ")
  return function(value)
    if not set[value] then return expected end
  end
end

-- Why a table of `count` keys is not a list: a key that is not an index, or a hole.
local function list_fault(value, count)
  for key in pairs(value) do
    if math.type(key) ~= "integer" or key < 1 then
      return "list", ("[%s]"):format(text.escape(tostring(key))), value[key]
    end
  end
  for i = 1, count do
    if value[i] == nil then return "list without a hole", ("[%d]"):format(i) end
  end
end

local function item_fault(item, value, i)
  local expected, place, inner = item(value)
  if not expected then return nil end
  if not place then place, inner = "", value end
  return expected, ("[%d]%s"):format(i, place), inner
end

--- list(item) -> a type: a list without holes whose items are all of the type `item`.
function M.list(item)
  return function(value)
    if type(value) ~= "table" then return "list" end
    local count = 0
    for _ in pairs(value) do count = count + 1 end
    for i = 1, count do
      if value[i] == nil then return list_fault(value, count) end
      if item(value[i]) then return item_fault(item, value[i], i) end
    end
  end
end

-- Reading ----------------------------------------------------------------------------------------

--- describe(value) -> the value as a message shows it, in one short line.
function M.describe(value)
  if value ~= value then return "nan" end
  if type(value) == "number" then return text.number(value) end
  if value == core.null then return "null" end
  if type(value) == "boolean" or value == nil then return tostring(value) end
  if type(value) == "string" then return ('"%s"'):format(text.clip(text.escape(value), LONGEST)) end
  return type(value)
end

-- Rows by name, for each list of rows; made on first use.
local index = setmetatable({}, { __mode = "k", __index = function(all, rows)
  local own = {}
  for _, row in ipairs(rows) do own[row[1]] = row end
  all[rows] = own
  return own
end })

local function names_of(rows)
  local names = {}
  for i, row in ipairs(rows) do names[i] = row[1] end
  return names
end

local function unknown(rows, name)
  local called = rows.called or "option"
  if type(name) ~= "string" then
    return M.describe(name), ("the names of %ss must be strings"):format(called)
  end
  return text.escape(name), ("no such %s; %s"):format(called,
    near_name.or_all(name, names_of(rows)))
end

local function wrong(name, accepts, value, secret)
  local expected, place, inner = accepts(value)
  if not expected then return nil end
  if place then value = inner end
  return name .. (place or ""), ("%s expected, got %s"):format(expected,
    secret and type(value) or M.describe(value))
end

-- The unknown name that is first in alphabetical order, so that the message is the same each time.
local function first_unknown(known, given)
  local first
  for name in pairs(given) do
    if not known[name] and (first == nil or tostring(name) < tostring(first)) then
      first = name
    end
  end
  return first
end

--- knows(rows, given) -> whether every name in the table `given` is one of the rows.
function M.knows(rows, given) return core.has_keys(index[rows], given) end

--- problem(rows, given) -> the name of the first option in the table `given` that is wrong, and
-- what is wrong with it; nil if nothing is. Unknown names come first.
function M.problem(rows, given)
  if not M.knows(rows, given) then return unknown(rows, first_unknown(index[rows], given)) end
  for i = 1, #rows do
    local row = rows[i]
    local value, place, problem = given[row[1]], nil, nil
    if value ~= nil and row[3] then
      place, problem = wrong(row[1], row[3], value, row.secret)
    end
    if place then return place, problem end
  end
end

--- check_value(what, name, accepts, value): raises, in the name of the function `what`, unless the
-- argument `name` is of the type `accepts`.
function M.check_value(what, name, accepts, value)
  local place, problem = wrong(name, accepts, value)
  if place then core.complain(what, place, problem) end
end

--- check(what, rows, given [, argument]): raises, in the name of the function `what`, unless
-- `given` is a table (called `argument` in the message, "options" unless told) of names that the
-- rows have and of values that they accept.
function M.check(what, rows, given, argument)
  if type(given) ~= "table" then
    core.complain(what, argument or "options", "table expected, got " .. type(given))
  end
  local name, problem = M.problem(rows, given)
  if name then core.complain(what, name, problem) end
end

--- read(what, rows, given [, argument]) -> a new table: the options in `given` (nil: none),
-- checked, and the defaults of all others.
function M.read(what, rows, given, argument)
  if given ~= nil then M.check(what, rows, given, argument) end
  local own = {}
  for _, row in ipairs(rows) do
    local name, default = row[1], row[2]
    own[name] = given and given[name]
    if own[name] == nil then own[name] = default end
  end
  return own
end

return M
