--- Advice: explains mistakes that the error message leaves unclear: a dot in place of a colon, a
-- misspelt name, a shell command. Called by colua.session for errors, for text that is not Lua and
-- for unknown names, and by the interpreter for the error of a script. Runs no code.

local core = require "codeocean.core"
local expressions = require "codeocean.expression"
local near_name = require "codeocean.near_name"
local reference = require "codeocean.reference"
local regular_file = require "codeocean.input.regular_file"

local M = {}

local Advice = { __name = "colua.advice" }
Advice.__index = Advice

--- new(help, known): `help` has row_of() of colua.help, `known` has names() and lookup() of
-- colua.complete.variables.
function M.new(help, known)
  return setmetatable({ help = help, known = known }, Advice)
end

-- The class of each object whose methods are called with a colon.
local CLASSES = { client = "codeocean.client", assets = "codeocean.data_assets" }

local function is_object(value, class)
  local meta = debug.getmetatable(value)
  return type(meta) == "table" and rawget(meta, "__name") == class
end

-- The hint for assets.get("x"): the first argument of the method is not its object.
local function colon(self, calls)
  for _, call in ipairs(calls) do
    local row = self.help:row_of(call.func)
    local object, method = (row and row.name or ""):match("^(%w+):(.*)$")
    local class = CLASSES[object]
    if class and not is_object(call.first, class) then
      return ("write a colon: %s:%s(…), not %s.%s(…)"):format(object, method, object, method)
    end
  end
end

-- The hint for bulk:run(client, …): the first argument of the function is its own module.
local function point(self, calls)
  for _, call in ipairs(calls) do
    local row = self.help:row_of(call.func)
    local module, name = (row and row.name or ""):match("^(%w+)%.([%w_]+)$")
    if module and type(call.first) == "table" and call.first == self.known:lookup(module) then
      return ("write a point: %s.%s(…), not %s:%s(…)"):format(module, name, module, name)
    end
  end
end

local function method_names()
  local names = {}
  for _, row in ipairs(reference.rows) do names[#names + 1] = row.name:match("[.:]([%w_]+)$") end
  for _, shape in ipairs(reference.shapes) do
    for _, field in ipairs(shape.object and shape.fields or {}) do names[#names + 1] = field[1] end
  end
  return names
end

-- The objects at the prompt that have methods.
local OBJECTS = { "assets:", "client:" }

-- The method of that name with its object, "assets:update": for update {…} and asset:update {…}.
local function owner_of(name)
  for _, object in ipairs(OBJECTS) do
    if reference.find(object .. name) then return object .. name end
  end
end

-- Patterns of messages, and the hint that is added (%1: the pattern's capture).
local ADDED = {
  { "argument 'params' to '(%l+)' %(table expected, got string%)",
    'write assets:%1 { query = "…" }' },
  { "argument 'id' to '[%l_]+' %(data asset id expected.*, got table%)",
    "of an asset give its id: asset.id" },
  { "argument 'id' to '[%l_]+' %(data asset id expected.*, got \"", 'assets:find takes a name' },
  { "argument 'spec' to 'bulk.run' %(table expected, got nil%)", "write bulk.run(client, { … })" },
  { "attempt to call a codeocean.Page value %(for iterator",
    "write for asset in assets:each { … } do" },
  { "'%)' expected near '='$", "options need braces: { name = value }" },
  { "'then' expected near '='$", "write == to compare" },
  { "function arguments expected near 'do'", "a call has braces: assets:each {} do" },
  { "'}' expected near '[%a_]", "a comma stands between fields" },
  { "attempt to call a table value %(for iterator", "write for _, item in ipairs(list) do" },
  { "argument '(query)' to 'bulk.run'", "write select = { %1 = … }" },
  { "argument 'list[^']*' to 'tags.change'", "of an asset give its tags: asset.tags" },
  { "argument 'select' to 'bulk.run' %(table expected, got \"",
    'write select = { query = "…" }' },
  { "argument '%d+' to '(%l+)' %(the names of parameters must be strings",
    'write assets:%1 { query = "…" }' },
  { "nil value %(field 'integer index'%)", "lists count from 1" },
  { "nil value %(field '%?'%)", "lists count from 1" },
  { "argument 'tags?' to '%l+' %(no such parameter", 'write query = "tag:…"' },
  { "argument 'name' to '%l+' %(no such parameter", 'write query = "name:…"' },
  { "argument 'text' to '%l+' %(no such parameter", 'write query = "…"' },
  { "attempt to call a codeocean.Asset value %(for iterator",
    "write for name, value in pairs(asset) do" },
  { "attempt to add a 'table' with", 'write tags.change(asset.tags, { add = { "…" } })' },
  { "arithmetic on a table value", 'write tags.change(asset.tags, { add = { "…" } })' },
  { "attempt to add a 'string' with a 'string'", "write .. to join texts" },
  { "compare %l+ with %l+$", "a day is os.time { year = 2024, month = 1, day = 31 }" },
}

-- Functions and methods of other languages that are nil here.
local A_CHANGE = 'write tags.change(asset.tags, { add = { "…" } })'
local PAIRS = "write for name, value in pairs(asset) do"
local ELSEWHERE = {
  add = A_CHANGE, append = A_CHANGE, extend = A_CHANGE, keys = PAIRS, items = PAIRS,
  values = PAIRS, dir = "a name alone shows the value", f = 'write ("%s, %d"):format(name, count)',
  len = "write #list for the length of a list", str = "write tostring(value)",
  int = "write math.tointeger(value)", float = "write tonumber(value)",
  range = "write for i = 1, count do", enumerate = "write for i, item in ipairs(list) do",
}

-- The hint for a message, or nil.
local function hint_of(message)
  local name = message:match "call a nil value %(%l+ '([%w_]+)'%)"
  if ELSEWHERE[name] then return ELSEWHERE[name] end
  for _, row in ipairs(ADDED) do
    local from, to, capture = message:find(row[1])
    if from then return (row[2]:gsub("%%1", capture or message:sub(from, to))) end
  end
end

local function added(message)
  local hint = hint_of(message)
  return hint and ("%s; %s"):format(message, hint)
end

-- Patterns of statements of other languages and shells, and the hint (%1: the pattern's capture).
local FOREIGN = {
  { "^%s*help%s+([%w_.:]+)%s*$", 'write help "%1"' },
  { "^%s*%?*([%w_.:]+)%?+%s*$", 'write help "%1"' },
  { "^%s*%?+%s*([%w_.:]+)%s*$", 'write help "%1"' },
  { "^%s*\\?[?h]%s*$", "help() explains" },
  { "^%s*[\\:]%a+!?%s*$", "exit leaves, help() explains" },
  { "^%s*colua%s", "commands are for the shell; exit leaves" },
  { "^%s*!%s*(%l[%w_./ -]*)$", "os.execute '%1' runs a command of the shell; not stands for !" },
  { "^%s*%%time%s+(.*)$", "write .time %1" },
  { "^%s*import%s", 'this is Lua: local x = require "x"' },
  { "^%s*from%s", 'this is Lua: local x = require "x"' },
  { "^%s*def%s", "a function is written: function name(a, b) … end" },
  { "^%s*SELECT%s", 'write assets:search { query = "…" }' },
  { "^%s*([%a_][%w_.]*)%s*[-+*/]=", "write %1 = %1 …" },
  { "^%s*for%s[^:]*%sin%s[^:]*:%s", "this is Lua: for … do … end" },
  { "^%s*for%s[^:]*%sin%s.*:%s*$", "this is Lua: for … do … end" },
  { "^%s*while%s.*:%s*$", "this is Lua: while … do … end" },
  { "^%s*if%s.*:%s*$", "this is Lua: if … then … end" },
  { "^%s*elif%s", "this is Lua: elseif … then" },
  { "^%s*%[.*%sfor%s.*%sin%s", "this is Lua: for _, item in ipairs(list) do … end" },
  { "[=(,]%s*%[[^%[=]", "a list needs braces: { 1, 2 }" },
  { "^%s*%[[^%[=]", "a list needs braces: { 1, 2 }" },
}

local function foreign_hint(source)
  for _, row in ipairs(FOREIGN) do
    local found, _, capture = source:find(row[1])
    if found then return (row[2]:gsub("%%1", function() return capture end)) end
  end
end

local function of_statement(source)
  return foreign_hint(source) or expressions.foreign(source)
end

--- is_block(source) -> whether a line begins a block of Python: no further lines are to be read.
function M.is_block(source)
  return not source:find "\n" and not source:find "%f[%w](do)%f[%W]"
    and source:find "^%s*%l+%s.*:%f[%s\0]" ~= nil and of_statement(source) ~= nil
end

-- The lines of a script up to that of the error.
local function lines_to(path, last)
  local lines, file = {}, regular_file.open(path)
  for line in file and file:lines() or function() end do
    lines[#lines + 1] = line
    if #lines == last then break end
  end
  if file then file:close() end
  return lines
end

-- The message of a script that goes on with the nil of a call that failed.
local FAILED = "index a nil value %(%l+ '[%w_]+'%)"

--- of_script(message) -> the hint for the error of a script that uses this library, or nil.
-- `message`: with its traceback, or a syntax error's line without one.
function M.of_script(message)
  local first, is_runtime = message:match "^[^\n]*", message:find("\nstack traceback:", 1, true)
  local path, line = first:match "^(.-):(%d+): "
  if is_runtime and package.loaded.codeocean then
    return hint_of(first) or first:find(FAILED)
      and "a call that fails returns nil, err; assert(assets:get(id)) tells why" or nil
  elseif not path or is_runtime then
    return nil
  end
  local lines = lines_to(path, math.tointeger(line))
  if not table.concat(lines, "\n"):find("codeocean", 1, true) then return nil end
  return of_statement(lines[#lines]) or hint_of(first) or of_statement(lines[#lines - 1] or "")
end

-- The names of variables: of functions for the action "call", of other values for any other action;
-- of all variables without an action.
local function variable_names(self, action)
  local names = {}
  for name in pairs(self.known:names()) do
    local callable = type(self.known:lookup(name)) == "function"
    if not action or callable == (action == "call") then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

-- The message with a near name: for "attempt to call a nil value (method 'serach')".
local function near(self, message)
  local action, kind, name = message:match("to (%l+) a nil value %((%l+) '([%w_]+)'%)")
  if not kind then return nil end
  local owner = action == "call" and owner_of(name)
  if owner then return ("%s; there is %s(…)"):format(message, owner) end
  local names = kind == "global" and variable_names(self, action) or method_names()
  local hint = near_name.hint(name, names)
  return hint and ("%s; %s"):format(message, hint)
end

--- explain(value, calls) -> the message to show in place of the error value, or nil.
function Advice:explain(value, calls)
  if type(value) ~= "string" then return nil end
  local name = value:match "call a nil value %(%l+ '([%w_]+)'%)"
  return colon(self, calls) or point(self, calls) or ELSEWHERE[name] and added(value)
    or near(self, value) or added(value)
end

--- syntax(message, source) -> the message for a statement that is not Lua.
function Advice.syntax(_, message, source)
  local hint = foreign_hint(source)
  if hint then return ("%s; %s"):format(message, hint) end
  local word, rest = source:match "^%s*(%a+)%s+([%w_.:]+)%s*$"
  local owner = word and owner_of(word)
  if owner then return ("%s; there is %s(…)"):format(message, owner) end
  local foreign = expressions.foreign(source)
  if foreign then return ("%s; %s"):format(message, foreign) end
  if word and message:find "syntax error near" then
    return ("%s; a call has parentheses: %s(%s)"):format(message, word, rest)
  end
  return added(message) or message
end

-- The value at a path such as page.results[1], by raw access only; nil if there is none.
local function value_at(self, path)
  local name, rest = path:match "^([%a_][%w_]*)(.*)$"
  local value = name and self.known:lookup(name)
  for key in (rest or ""):gmatch "[^%.%[%]]+" do
    if type(value) ~= "table" then return nil end
    value = rawget(value, math.tointeger(tonumber(key)) or key:match "^[\"'](.*)[\"']$" or key)
  end
  return value
end

-- The names that a field of the value may have.
local function field_names(value)
  local names = {}
  for _, class in pairs(CLASSES) do
    if is_object(value, class) then return method_names() end
  end
  if type(value) ~= "table" then return names end
  if core.is_id(rawget(value, "id")) then
    for _, field in ipairs(reference.shape("codeocean.Asset").fields) do
      names[#names + 1] = field[1]
    end
  end
  for key in next, value do
    if type(key) == "string" then names[#names + 1] = key end
  end
  table.sort(names)
  return names
end

--- field(source) -> the hint for a statement that is only a field, such as asset.tgas, whose value
-- is nil, if its table has a field of nearly that name; or for item 0 of a list; or nil.
function Advice:field(source)
  if source:find "%[0%]%s*$" then return "lists count from 1" end
  local path, name = source:match "^%s*=?%s*([%a_][%w_.%[%]\"']*)%.([%a_][%w_]*)%s*$"
  local names = path and field_names(value_at(self, path)) or {}
  local hint = name and near_name.hint(name, names)
  return hint and ("there is no field '%s'; %s"):format(name, hint) or nil
end

-- The hint for { query = ecephys }: a name without a value, where a text was meant.
local function unquoted(self, source)
  local bare = source:gsub("([\"'])[^\"']*%1", "")
  for name in bare:gmatch "[{,]%s*[%a_][%w_]*%s*=%s*([%a_][%w_]*)%s*%f[,}]" do
    local _, count = bare:gsub("%f[%w_]" .. name .. "%f[^%w_]", "")
    local is_word = name == "nil" or name == "true" or name == "false"
    if count == 1 and not is_word and not select(2, self.known:lookup(name)) then
      return ("there is no variable '%s'; a text needs quotes: \"%s\""):format(name, name)
    end
  end
end

-- The hint for asset = page[0].
local function counts_from_0(self, source)
  local name = source:match "^%s*([%a_][%w_]*)%s*=[^=].*%[%s*0%s*%]%s*$"
  return name and self.known:lookup(name) == nil and name .. " is nil; lists count from 1" or nil
end

--- result(source) -> the hint for a statement that most likely gives another value than the user
-- expects; or nil.
function Advice:result(source)
  local hint = counts_from_0(self, source) or unquoted(self, source)
  if hint then return hint end
  -- os.date(asset.created): the time is the first argument, which is the format.
  local time = source:match "^%s*=?%s*os%.date%(%s*([%a_][%w_.%[%]]*)%s*%)%s*$"
  return time and ('the form of a date comes first: os.date("!%%Y-%%m-%%d", %s)'):format(time)
end

-- Words of other languages for nil, true and false.
local NOTHING = { None = "nil", null = "nil", NULL = "nil", undefined = "nil", True = "true",
  False = "false" }

--- name(source) -> the message for a statement that is only an unknown name; nil for any other.
function Advice:name(source)
  local name = source:match "^%s*([%a_][%w_]*)%s*$" or source:match "^%s*([%a_][%w_]*)%s+%-%-"
  if not name or name == "nil" or name == "true" or name == "false"
    or select(2, self.known:lookup(name)) then return nil end
  local owner = owner_of(name)
  if NOTHING[name] then
    return ("there is no variable '%s'; write %s"):format(name, NOTHING[name])
  end
  return ("there is no variable '%s'%s"):format(name, owner and ("; there is %s(…)"):format(owner)
    or near_name.behind(name, variable_names(self)))
end

return M
