--- Expressions over the fields of an asset: --where and --print.
--
-- Called by the options of commands, and by the resume of a bulk run, whose journal has the text of
-- its --where. An expression is Lua over the names of fields and a few functions, and has access to
-- nothing else. A field that an asset does not have is nil; comparing, calculating with or indexing
-- nil gives false or nil and is not an error. An unknown name or a syntax error is refused before
-- anything is sent, with its column.

local cells = require "codeocean.input.cell"
local dates = require "codeocean.input.date"
local errors = require "codeocean.error"
local fields = require "codeocean.assets.fields"
local near_name = require "codeocean.near_name"
local text = require "codeocean.text"

local M = {}

-- Words ------------------------------------------------------------------------------------------

local function has(list, item)
  for _, one in ipairs(type(list) == "table" and list or {}) do
    if one == item then return true end
  end
  return false
end

local function match(value, pattern)
  return type(value) == "string" and value:find(pattern) ~= nil
end

local function days(count) return count * 86400 end

-- "2024", "2024-02" or "2024-02-29": the seconds at which it begins, in UTC.
local function date(word)
  local seconds = dates.seconds(tostring(word))
  if seconds then return seconds end
  error(("date: '%s' is not a date such as 2024-02-29"):format(tostring(word)), 0)
end

local WORDS = { has = has, match = match, days = days, date = date }
for i, letter in ipairs { "K", "M", "G", "T", "P" } do
  WORDS[letter .. "B"], WORDS[letter .. "iB"] = math.tointeger(1000 ^ i), 1 << 10 * i
end

-- Names whose values are computed from an asset.
local DERIVED = {
  now = function() return os.time() end,
  age = function(asset) return asset.created and os.time() - asset.created end,
  idle = function(asset)
    local used = asset.last_used and asset.last_used > 0 and asset.last_used or asset.created
    return used and os.time() - used
  end,
}

local KEYWORDS = { ["and"] = true, ["or"] = true, ["not"] = true, ["nil"] = true, ["true"] = true,
  ["false"] = true }

local names = table.move(fields.NAMES, 1, #fields.NAMES, 1, {})
for _, list in ipairs { WORDS, DERIVED } do
  for name in pairs(list) do names[#names + 1] = name end
end

local known = {}
for _, name in ipairs(names) do known[name] = true end

-- Names whose values depend on the asset.
local OF_ASSET = { age = true, idle = true }
for _, name in ipairs(fields.NAMES) do OF_ASSET[name] = true end

-- Errors -----------------------------------------------------------------------------------------

local function parses(prefix)
  local chunk, problem = load("return " .. prefix, "=where", "t", {})
  return chunk or problem:find("near <eof>$") or problem:find("unfinished", 1, true)
end

-- The column at which the text stops being Lua.
local function column_of_fault(expression)
  for last = #expression, 0, -1 do
    if parses(expression:sub(1, last)) then
      return expression:find("%S", last + 1) or #expression + 1
    end
  end
end

local function syntax_problem(expression, message)
  local reason = message:gsub("^where:%d+: ", "")
  return ("column %d: %s"):format(column_of_fault(expression), text.escape(reason))
end

local function blank(literal) return (" "):rep(#literal) end

-- The text with its quoted parts replaced by blanks of the same length.
local function without_texts(expression)
  local bare = expression:gsub("\\.", "  ")
  bare = bare:gsub("([\"'])(.-)%1", function(_, inner) return '"' .. blank(inner) .. '"' end)
  return (bare:gsub("%[(=*)%[.-%]%1%]", blank))
end

local function without_literals(expression)
  return (without_texts(expression):gsub("%f[%w_]%d[%w.]*", blank))
end

-- Operators of other languages: the pattern, outside of quotes, and the Lua for it. If several
-- begin at the same column, the first row counts. The rows that only IN_CONDITIONS has mean
-- something else in a statement.
local FOREIGN = {
  { "===", "==" }, { "!==?", "~=" }, { "<>", "~=" }, { "=>", ">=" }, { "=<", "<=" },
  { "&&", "and" }, { "||", "or" }, { "!", "not" }, { "%->", "." }, { "%?%.", "." },
  { "\u{201C}", '"' }, { "\u{201D}", '"' }, { "\u{2018}", "'" }, { "\u{2019}", "'" },
}
local IN_CONDITIONS = table.move(FOREIGN, 1, #FOREIGN, 1, {})
for _, row in ipairs {
  { "%f[%w_]%d[%d.]*%s*[KMGTPkmgtp]i?[Bb]%f[^%w_]", function(found)
    local number, unit = found:match "^([%d.]*)%s*(.*)$"
    return number .. "*" .. unit:upper():gsub("I", "i")
  end },
  { "^%s*[%l_]+:[%w_-]+%s*$", function(found) return "--query " .. found:gsub("%s", "") end },
  { "%f[=~<>!]=%f[^=]", "==" },
  { "%f[%w_]len%s*%b()", function(found) return "#" .. found:match "%((.*)%)" end },
} do
  IN_CONDITIONS[#IN_CONDITIONS + 1] = row
end
for foreign, lua in pairs { AND = "and", And = "and", OR = "or", Or = "or", NOT = "not",
  Not = "not", TRUE = "true", True = "true", FALSE = "false", False = "false", NULL = "nil",
  null = "nil", None = "nil", none = "nil", is = "==", IS = "==", like = 'match(name, "…")',
  LIKE = 'match(name, "…")', contains = 'has(tags, "…")', CONTAINS = 'has(tags, "…")',
  ["in"] = 'has(tags, "…")', IN = 'has(tags, "…")' } do
  IN_CONDITIONS[#IN_CONDITIONS + 1] = { "%f[%w_]" .. foreign .. "%f[^%w_]", lua }
end

-- Comparisons that hold for no asset: the pattern of the field and the text, and the right form.
local NEVER = {
  { "%f[%w_]()(tags)%s*[=~]=%s*([\"'])([^\"']*)%3", 'tags is a list; write has(tags, "%s")' },
  { "%f[%w_]()(created)%s*[<>=~]=?%s*([\"'])([^\"']*)%3", 'created is a time; write date "%s"' },
  { "%f[%w_]()(last_used)%s*[<>=~]=?%s*([\"'])([^\"']*)%3",
    'last_used is a time; write date "%s"' },
}

-- The hint for a method that is called with a dot, or that Lua does not have; nil for other names.
local function of_method(field, name)
  if #field < 2 or not OF_ASSET[field] then return nil end
  if string[name] then return ("a method has a colon: %s:%s(…)"):format(field, name) end
  local form = { startswith = "^…", endswith = "…$", contains = "…", includes = "…" }
  return form[name] and ('write match(%s, "%s")'):format(field, form[name])
end

-- The hint for a number of seconds that was most likely meant as days: 7 to 3650, and nothing is
-- calculated with it. In seconds, idle > 90 holds for almost every asset.
local function of_days(field, number, operator)
  local days_given = tonumber(number)
  local is_alone = not operator:find "[*/+^%%-]"
  if is_alone and days_given >= 7 and days_given <= 3650 then
    return ("%s is in seconds; write days(%s)"):format(field, number)
  end
end

-- Texts that are Lua and mean something else than in other languages: the pattern, outside of
-- quotes, which captures the column and the words for the hint; and the hint, with the first word
-- in place of %s, or a function of all words that returns the hint, or nil where nothing is wrong.
local MISTAKEN = {
  { "()%f[%w_](%d%d%d%d%-%d%d?%-%d%d?)%f[^%w_]", 'write date "%s" for a date' },
  { "%f[%w_]()created%s*[<>=~]=?%s*([12]%d%d%d)%f[^%w_.]", 'created is a time; write date "%s"' },
  { "%f[%w_]()last_used%s*[<>=~]=?%s*([12]%d%d%d)%f[^%w_.]",
    'last_used is a time; write date "%s"' },
  { "%f[%w_]()(idle)%s*>=?%s*(%d+)%f[^%w_.]%s*(.?)", of_days },
  { "%f[%w_]()(age)%s*>=?%s*(%d+)%f[^%w_.]%s*(.?)", of_days },
  { "%f[%w_]()(tags)%[%s*0%s*%]", "lists count from 1: %s[1]" },
  { "%f[%w_]()(tags)%[%s*%-%s*1%s*%]", "the last of a list is %s[#tags]" },
  { "%f[%w_]()(%l[%l_]*)%.(%l+)%s*%(", of_method },
}

local function mistaken_problem(expression)
  local bare = without_texts(expression)
  for _, row in ipairs(MISTAKEN) do
    local found = table.pack(bare:match(row[1]))
    local hint = found[1] and (type(row[2]) == "string" and row[2]:format(found[2])
      or type(row[2]) == "function" and row[2](table.unpack(found, 2)))
    if hint then return ("column %d: %s"):format(found[1], hint) end
  end
end

-- The problem of the first of these forms in the text, with the Lua for it; nil if there is none.
local function foreign_problem(expression, forms)
  local bare, first, last, form = without_texts(expression), nil, nil, nil
  for _, row in ipairs(forms) do
    local from, to = bare:find(row[1])
    if from and (not first or from < first) then first, last, form = from, to, row[2] end
  end
  if not first then return nil end
  local found = expression:sub(first, last)
  return ("column %d: write %s for '%s'"):format(first,
    type(form) == "function" and form(found) or form, text.escape(found))
end

local function never_problem(expression)
  local bare = without_texts(expression)
  for _, row in ipairs(NEVER) do
    local column, field, _, value = expression:match(row[1])
    if column and bare:sub(column, column + #field - 1) == field then
      return ("column %d: "):format(column) .. row[2]:format(text.escape(value))
    end
  end
end

-- The names in an expression, with their columns. A name after a dot or a colon is left out: it is
-- a field of a value.
local function names_in(expression)
  local bare, list = without_literals(expression), {}
  for column, name in bare:gmatch "()%f[%w_]([%a_][%w_]*)" do
    local before = bare:sub(1, column - 1):match "(%S?%S?)%s*$"
    local inside = before:find "[^.]%.$" or before == "." or before:find ":$"
    if not inside then list[#list + 1] = { name, column } end
  end
  return list
end

-- The first unknown name, and its column; nil if there is none.
local function unknown_name(list)
  for _, found in ipairs(list) do
    if not known[found[1]] and not KEYWORDS[found[1]] then return found[1], found[2] end
  end
end

local function names_field(list)
  for _, found in ipairs(list) do
    if OF_ASSET[found[1]] then return true end
  end
  return false
end

-- The hint: a near name; or quotes, if the name is compared or passed as a value.
local function problem_of_name(expression, name, column)
  local hint = near_name.behind(name, names)
  local is_value = expression:sub(1, column - 1):find "[=~,]=?%s*$"
  if hint == "" and is_value then hint = ('; a text needs quotes: "%s"'):format(name) end
  return ("column %d: no field is called '%s'%s"):format(column, name, hint)
end

-- Why a text is not an expression; nil if it is one. `message`: the complaint of load(), or nil.
local function problem_of(expression, list, message)
  local name, column = unknown_name(list)
  if not message and not name then
    return never_problem(expression) or mistaken_problem(expression)
  end
  return foreign_problem(expression, IN_CONDITIONS)
    or message and syntax_problem(expression, message)
    or problem_of_name(expression, name, column)
end

-- Evaluating -------------------------------------------------------------------------------------

local function nothing() return nil end
local function no() return false end

-- The metatable of nil while an expression runs.
local LENIENT = { __lt = no, __le = no, __index = nothing, __len = nothing, __unm = nothing,
  __concat = function(a, b) return (a or "") .. (b or "") end }
for _, name in ipairs { "add", "sub", "mul", "div", "idiv", "mod", "pow" } do
  LENIENT["__" .. name] = nothing
end

-- The fields with a number, which comes as text if it is beyond 64 bits.
local NUMBERS = { created = true, last_used = true, files = true, size = true }

local function environment(current)
  return setmetatable({}, { __index = function(_, name)
    local derive = DERIVED[name]
    if derive then return derive(current.asset) end
    if WORDS[name] ~= nil then return WORDS[name] end
    local value = current.asset[name]
    return NUMBERS[name] and tonumber(value) or value
  end, __newindex = function() error("nothing can be assigned here", 0) end })
end

local function evaluate(chunk, current, asset)
  current.asset = asset
  local before = debug.getmetatable(nil)
  debug.setmetatable(nil, LENIENT)
  local results = table.pack(pcall(chunk))
  debug.setmetatable(nil, before)
  return results
end

-- The texts of the functions that compile() returned.
local texts = setmetatable({}, { __mode = "k" })
local constants = setmetatable({}, { __mode = "k" })

--- text_of(fn) -> the text from which compile() made the function; nil for any other function.
function M.text_of(fn) return texts[fn] end

--- is_constant(fn) -> whether compile() made the function from a text without any field of an
-- asset, such as "true", which selects every asset or none.
function M.is_constant(fn) return constants[fn] or false end

--- foreign(statement) -> the Lua for the first operator of another language in a statement that is
-- not Lua, with its column; nil if there is none.
function M.foreign(statement) return foreign_problem(statement, FOREIGN) end

--- compile(expression) -> a function from an asset to the expression's values; or nil and what is
-- wrong, with its column. The function raises a text with the asset's id if an asset's values do
-- not fit the expression (a text compared with a number, say).
function M.compile(expression)
  if not expression:find "%S" then return nil, "it is empty" end
  local current = {}
  local chunk, message = load("return " .. expression, "=where", "t", environment(current))
  local list = names_in(expression)
  local problem = problem_of(expression, list, not chunk and message or nil)
  if problem then return nil, problem end
  local function fn(asset)
    local results = evaluate(chunk, current, asset)
    if results[1] then return table.unpack(results, 2, results.n) end
    if errors.is_interrupt(results[2]) then error(results[2], 0) end
    local reason = tostring(results[2]):gsub("^where:%d+: ", ""):gsub("global '", "'")
    error(("%s (asset %s)"):format(text.escape(reason), tostring(asset.id)), 0)
  end
  texts[fn], constants[fn] = expression, not names_field(list)
  return fn
end

-- What is wrong with an expression of --print: a form without values or without quotes; or nil.
local function problem_of_form(expression)
  if expression:find "^%s*%%" then
    return ("a form is a text in quotes, and values follow: \"%s\", name"):format(
      text.escape(expression:match "^%s*(.-)%s*$"))
  end
  local form = expression:match "^%s*(\"[^\"]*%%%a[^\"]*\")%s*$"
    or expression:match "^%s*('[^']*%%%a[^']*')%s*$"
  return form and ("values follow the form: %s, name"):format(text.escape(form))
end

--- line(expression) -> as compile(), for --print.
function M.line(expression)
  local problem = problem_of_form(expression)
  if problem then return nil, problem end
  return M.compile(expression)
end

--- condition(expression) -> as compile(), for --where: an expression of several values is refused,
-- since only the first would count.
function M.condition(expression)
  local fn, problem = M.compile(expression)
  if not fn then return nil, problem end
  if load("return (" .. expression .. "\n)", "=where", "t", {}) then return fn end
  return nil, "one condition expected; a comma stands between values (1,000 is two)"
end

--- format(value, …) -> the line that --print writes: by string.format if the first value is a text
-- with a %, else the values with tabs between them. nil is written as an empty text.
function M.format(...)
  local values = table.pack(...)
  for i = 1, values.n do
    if values[i] == nil then values[i] = "" end
    if math.type(values[i]) == "float" then values[i] = math.tointeger(values[i]) or values[i] end
  end
  local first = values[1]
  if values.n > 1 and type(first) == "string" and first:find("%", 1, true) then
    return first:format(table.unpack(values, 2, values.n))
  end
  for i = 1, values.n do values[i] = cells.shown(values[i]) end
  return table.concat(values, "\t")
end

return M
