--- Completion: the words that may stand at the cursor, and the signature of the call around it.
-- Called by colua.session for Tab and the hint. What must hold: values are read by raw access only,
-- so that no code of the user's runs and no request is sent.
--
-- `known` (colua.complete.variables) has the names of the session: known:lookup(name) -> value,
-- found; known:names() -> set of all names; known:row(path, value) -> the reference's row of a
-- function; known.seen (colua.complete.seen_values); known.commands (rows of colua.dot_commands);
-- known.files(folder) -> list of its files; known.schema() -> the fields of custom metadata by
-- name, once they were read.

local cursor = require "colua.complete.cursor"
local known_fields = require "codeocean.assets.fields"
local lexer = require "colua.complete.lexer"
local metadata = require "colua.complete.metadata"
local reference = require "codeocean.reference"
local texts = require "codeocean.text"

local M = {}

local LISTED = 120 -- candidates shown at most
local text_of = cursor.text_of

-- Values, by raw access --------------------------------------------------------------------------

local function class_of(value)
  local meta = debug.getmetatable(value)
  return type(meta) == "table" and rawget(meta, "__index") or nil, meta
end

local function raw_field(value, name)
  for _ = 1, 10 do
    local field
    if type(value) == "table" then field = rawget(value, name) end
    if field ~= nil then return field end
    value = class_of(value)
    if type(value) ~= "table" then return nil end
  end
end

-- A field of a value; of a page also an item of its results.
local function member(value, key)
  local _, meta = class_of(value)
  local is_page = type(meta) == "table" and rawget(meta, "__name") == "codeocean.Page"
  if is_page and math.type(key) == "integer" then value = rawget(value, "results") end
  return raw_field(value, key)
end

local function resolve(path, known)
  local value, found = known:lookup(path[1])
  for i = 3, #path, 2 do
    if not found then return nil end
    value = member(value, path[i])
    found = value ~= nil
  end
  return value, found
end

local SECTION_OF = { ["codeocean.client"] = "client", ["codeocean.data_assets"] = "assets",
  ["codeocean.sandbox"] = "sandbox" }

-- The documented fields of an object of the library.
local function documented(section, only_methods)
  local names = {}
  for _, row in ipairs(reference.of_section(section)) do
    local separator, name = row.name:match("([.:])([%w_]+)$")
    if separator == ":" then names[name] = true end
  end
  if only_methods then return names end
  for _, field in ipairs(reference.object(section .. ":").fields) do names[field[1]] = true end
  return names
end

local function is_name(key)
  return type(key) == "string" and key:find("^[%a_][%w_]*$") ~= nil and not lexer.KEYWORDS[key]
end

local function members(value, only_methods)
  local _, meta = class_of(value)
  local section = type(meta) == "table" and SECTION_OF[rawget(meta, "__name")]
  if section then return documented(section, only_methods) end
  local names = {}
  for _ = 1, 10 do
    if type(value) == "table" then
      for name, field in next, value do
        if is_name(name) and (not only_methods or type(field) == "function") then
          names[name] = true
        end
      end
    end
    value = class_of(value)
    if type(value) ~= "table" then break end
  end
  return names
end

-- Candidates -------------------------------------------------------------------------------------

local function matching(names, word, suffix)
  local list = {}
  for name in pairs(names) do
    local hidden = name:sub(1, 1) == "_" and word:sub(1, 1) ~= "_"
    if name:sub(1, #word) == word and not hidden then
      list[#list + 1] = { name = name, text = name .. (suffix or "") }
    end
  end
  table.sort(list, function(a, b) return a.name < b.name end)
  return list
end

local function field_of(fields, name)
  for _, field in ipairs(fields) do
    if field[1] == name then return field end
  end
end

-- The fields of a table of options that do not stand in it yet.
local function field_names(fields, tokens, brace, word)
  local names = {}
  for _, field in ipairs(fields) do names[field[1]] = true end
  for i = brace, #tokens do
    if text_of(tokens[i + 1]) == "=" then names[tokens[i].text] = nil end
  end
  return matching(names, word, " = ")
end

local function choices(field, quote, word)
  local names = {}
  for _, choice in ipairs(field and reference.values(field) or {}) do
    if type(choice) ~= "string" and not quote then
      names[tostring(choice)] = true
    elseif type(choice) == "string" then
      names[quote and choice or ('"%s"'):format(choice)] = true
    end
  end
  return matching(names, word, quote)
end

-- Calls ------------------------------------------------------------------------------------------

-- The row of the function whose call is open after `last`, the number of the argument, the brace of
-- its table of options; nil: no known function. `quoted`: a string follows, which may be the
-- argument of a call without parentheses.
local function call_at(tokens, last, known, quoted)
  local path, argument, brace = quoted and cursor.path(tokens, last), 1, nil
  if not path then path, argument, brace = cursor.call(tokens, last) end
  local row = path and known:row(path, resolve(path, known))
  if row then return row, argument, brace end
end

-- Candidates among the options of a call: names, and values of the option before the cursor.
local function in_options(tokens, last, word, quote, known)
  local row, argument, brace = call_at(tokens, last, known)
  local fields = brace and row.params and reference.options(row.params[argument])
  if not fields then return nil end
  local before = text_of(tokens[last])
  if before == "=" then
    local found = choices(field_of(fields, text_of(tokens[last - 1])), quote, word)
    return #found > 0 and found or nil
  elseif not quote and (before == "{" or before == "," or before == ";") then
    return field_names(fields, tokens, brace, word)
  end
end

-- Candidates in custom metadata: keys, and values of the key before the cursor.
local function in_metadata(tokens, last, word, quote, known)
  local names, suffix = metadata.names(tokens, last, quote, known.schema)
  return names and matching(names, word, suffix)
end

-- Strings ----------------------------------------------------------------------------------------

local function help_names()
  local names = { errors = true, query = true, environment = true, session = true }
  for _, row in ipairs(reference.rows) do names[row.name] = true end
  return names
end

-- The modules of the library, and those that are loaded.
local function module_names()
  local names = { codeocean = true }
  for _, section in ipairs { "bulk", "ids", "json", "output", "sandbox", "tags" } do
    names["codeocean." .. section] = true
  end
  for _, loaded in ipairs { package.loaded, package.preload } do
    for name in pairs(loaded) do
      if type(name) == "string" and name ~= "_G" then names[name] = true end
    end
  end
  return names
end

-- The texts that a function takes, by the function's name.
local NAMED = { help = help_names, require = module_names }
-- The kind of the texts in a table, by the name that the table is assigned to.
local LISTS = { fields = "fields", tags = "tags", add = "tags", remove = "tags", ids = "assets" }

-- Ids with the names of their assets, for the list.
local function seen_ids(known, word, quote)
  local list = matching(known.seen:all "assets", word, quote)
  for _, entry in ipairs(list) do
    local name = known.seen:name(entry.name)
    entry.shown = name and entry.name .. "  " .. texts.escape(name)
  end
  return list
end

-- The fields of an asset: those of the API and those seen in answers.
local function asset_fields(known)
  local names = {}
  for _, name in ipairs(known_fields.NAMES) do names[name] = true end
  for name in pairs(known.seen:all "fields") do names[name] = true end
  return names
end

local function seen_values(kind, known, word, quote)
  if kind == "assets" then return seen_ids(known, word, quote) end
  local names = kind == "fields" and asset_fields(known) or known.seen:all(kind)
  return matching(names, word, quote)
end

local function takes_id(row, argument)
  local param = row and row.params and row.params[argument]
  return param and param[1] == "id"
end

local function file_names(word, quote, known)
  local folder, start = word:match("^(.*/)([^/]*)$")
  local names = {}
  for _, name in ipairs(known.files(folder or ".")) do
    local hidden = name:sub(1, 1) == "." and (start or word):sub(1, 1) ~= "."
    if not hidden then names[(folder or "") .. name] = true end
  end
  local list = matching(names, word)
  for _, entry in ipairs(list) do
    if entry.name:sub(-1) ~= "/" then entry.text = entry.name .. quote end
  end
  return list
end

local function in_string(tokens, known)
  local quote, word = tokens[#tokens].text:match("^([\"'])(.*)$")
  if not quote then return {}, "" end
  local last = #tokens - 1
  local named = NAMED[text_of(tokens[text_of(tokens[last]) == "(" and last - 1 or last])]
  if named then return matching(named(), word, quote), word end
  local own = in_options(tokens, last, word, quote, known)
    or in_metadata(tokens, last, word, quote, known)
  if own then return own, word end
  local kind = LISTS[cursor.table_key(tokens, last)]
  if kind then return seen_values(kind, known, word, quote), word end
  local row, argument, brace = call_at(tokens, last, known, true)
  if not brace and takes_id(row, argument) then return seen_ids(known, word, quote), word end
  return file_names(word, quote, known), word
end

-- Code -------------------------------------------------------------------------------------------

local function in_code(tokens, word, known)
  local last = #tokens
  if cursor.joins(tokens, last) then
    local path = cursor.path(tokens, last - 1)
    local value, found
    if path then value, found = resolve(path, known) end
    if not found then return {} end
    return matching(members(value, tokens[last].text == ":"), word)
  end
  local own = in_options(tokens, last, word, nil, known)
    or in_metadata(tokens, last, word, nil, known)
  if own and (#own > 0 or word == "") then return own end
  if word == "" then return {} end
  local names = known:names()
  for keyword in pairs(lexer.KEYWORDS) do names[keyword] = true end
  return matching(names, word)
end

-- Commands ---------------------------------------------------------------------------------------

local SWITCHES = { [".trace"] = true, [".dry"] = true }
local FILES = { [".save"] = true, [".csv"] = true }

local function command_names(known, text)
  local list = {}
  for _, row in ipairs(known.commands) do
    if row[1]:sub(1, #text) == text then
      list[#list + 1] = { name = row[1], text = row[1] .. (row[2] ~= "" and " " or "") }
    end
  end
  return list
end

local function in_command(text, known)
  if text:find("^%.%a*$") then return command_names(known, text), text end
  local name, word = text:match("^(%.%a+)%s+(.*)$")
  if SWITCHES[name] then return matching({ on = true, off = true }, word), word end
  if FILES[name] then return file_names(word, "", known), word end
  if name == ".columns" then
    word = word:match("[^,%s]*$")
    return matching(asset_fields(known), word), word
  end
end

--- candidates(text, known) -> list of {name, text} that may replace the last word of `text`, and
-- that word.
function M.candidates(text, known)
  if text:find("^%s*%.%a") or text:find("^%s*%.$") then
    local list, word = in_command(text:match("^%s*(.*)$"), known)
    if list then return list, word end
    text = text:gsub("^%s*%.time%s", "")
  end
  local tokens = lexer.tokens(text)
  local last = tokens[#tokens]
  if not last or last.kind == "comment" and not last.complete then return {}, "" end
  if last.kind == "string" and not last.complete then return in_string(tokens, known) end
  local word = ""
  local is_word = last.kind == "name" or last.kind == "keyword"
  if is_word and last.first + #last.text - 1 == #text then
    word = last.text
    tokens[#tokens] = nil
  elseif last.kind == "number" and last.first + #last.text - 1 == #text then
    return {}, ""
  end
  return in_code(tokens, word, known), word
end

-- The hint ---------------------------------------------------------------------------------------

-- The hint about the option whose value follows `last`: "limit: at most …".
local function option_hint(tokens, last, row, argument, brace)
  if not brace or text_of(tokens[last]) ~= "=" then return nil end
  local fields = row.params and reference.options(row.params[argument])
  local field = fields and field_of(fields, text_of(tokens[last - 1]))
  return field and ("%s: %s"):format(field[1], field[3])
end

--- hint(text, known) -> the signature of the call around the end of `text`, or the meaning of the
-- option whose value stands there; nil: no call of a known function.
function M.hint(text, known)
  local tokens = lexer.tokens(text)
  local last = tokens[#tokens]
  if not last then return nil end
  local is_open = not last.complete or last.kind == "number" or last.first + #last.text - 1 == #text
    and (last.kind == "name" or last.kind == "keyword")
  if is_open then tokens[#tokens] = nil end
  local row, argument, brace = call_at(tokens, #tokens, known, last.kind == "string")
  if not row then return nil end
  return option_hint(tokens, #tokens, row, argument, brace) or reference.signature(row)
end

-- The answer to Tab ------------------------------------------------------------------------------

local function common_prefix(list)
  local prefix = list[1].name
  for _, entry in ipairs(list) do
    while entry.name:sub(1, #prefix) ~= prefix do prefix = prefix:sub(1, -2) end
  end
  return prefix
end

local function in_columns(list, width)
  local shown, widest = {}, 0
  for i = 1, math.min(#list, LISTED) do
    shown[i] = texts.clip(list[i].shown or list[i].name, width)
    widest = math.max(widest, texts.width(shown[i]))
  end
  local per_line = math.max(1, (width + 2) // (widest + 2))
  local rows, lines = (#shown + per_line - 1) // per_line, {}
  for row = 1, rows do
    local cells = {}
    for i = row, #shown, rows do
      cells[#cells + 1] = shown[i] .. (" "):rep(widest - texts.width(shown[i]))
    end
    lines[row] = table.concat(cells, "  "):gsub(" +$", "")
  end
  if #list > #shown then lines[#lines + 1] = ("… %d more"):format(#list - #shown) end
  return table.concat(lines, "\n")
end

--- insertion(text, known, width) -> the text to insert after `text`, or nil; the list to show
-- below, or nil.
function M.insertion(text, known, width)
  local list, word = M.candidates(text, known)
  if #list == 0 then return nil end
  if #list == 1 then return list[1].text:sub(#word + 1) end
  local more = common_prefix(list):sub(#word + 1)
  if more == "" then return nil, in_columns(list, width or 80) end
  return more, more == '"' and in_columns(list, width or 80) or nil
end

return M
