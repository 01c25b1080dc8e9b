--- Tab: what may stand at the cursor. Looks at values by raw access only, so that nothing runs and
-- nothing is asked of a server.
--
-- `known` is what the session knows (colua.names): known:lookup(name) -> value, found;
-- known:names() -> set of all names; known:row(path, value) -> the reference's row of a function.

local texts = require "codeocean.output.text"
local lexer = require "colua.lexer"
local reference = require "codeocean.reference"

local M = {}

local LISTED = 120 -- candidates shown at most

-- Where the cursor is ----------------------------------------------------------------------------

local function text_of(token)
  return token and token.text
end

local function joins_names(tokens, at)
  local text = text_of(tokens[at])
  return (text == "." and text_of(tokens[at - 1]) ~= ".") or text == ":"
end

-- The names and separators that end at `last`: {"assets", ":", "search"}; nil if something else
-- stands before them (a call, an index).
local function path_ending_at(tokens, last)
  local path, at = {}, last
  while tokens[at] and tokens[at].kind == "name" do
    table.insert(path, 1, tokens[at].text)
    if not joins_names(tokens, at - 1) then
      return path
    end
    table.insert(path, 1, tokens[at - 1].text)
    at = at - 2
  end
  return nil
end

local CLOSING = { [")"] = true, ["}"] = true, ["]"] = true }
local OPENING = { ["("] = true, ["{"] = true, ["["] = true }

-- The place of the bracket that is open at the end.
local function open_bracket(tokens, last)
  local depth = 0
  for i = last, 1, -1 do
    local text = tokens[i].kind == "symbol" and tokens[i].text
    if CLOSING[text] then depth = depth + 1 end
    if OPENING[text] then
      if depth == 0 then return i, text end
      depth = depth - 1
    end
  end
end

-- Which argument begins behind `last`, of the call that opens at `first`.
local function argument_at(tokens, first, last)
  local depth, argument = 0, 1
  for i = first + 1, last do
    local text = tokens[i].kind == "symbol" and tokens[i].text
    if OPENING[text] then depth = depth + 1 end
    if CLOSING[text] then depth = depth - 1 end
    if text == "," and depth == 0 then argument = argument + 1 end
  end
  return argument
end

-- The function in whose call's table the cursor is, as a path; where that table opens; which
-- argument it is.
local function call_around(tokens, last)
  local brace, kind = open_bracket(tokens, last)
  if kind ~= "{" then return nil end
  if text_of(tokens[brace - 1]) == "=" and text_of(tokens[brace - 2]) == "select" then
    return { "assets", ":", "search" }, brace, 1 -- the search inside a bulk run
  end
  local path = path_ending_at(tokens, brace - 1)
  if path then return path, brace, 1 end
  local before = brace > 1 and text_of(tokens[brace - 1])
  if before ~= "(" and before ~= "," then return nil end
  local parenthesis, opener = open_bracket(tokens, brace - 1)
  if opener ~= "(" then return nil end
  return path_ending_at(tokens, parenthesis - 1), brace,
    argument_at(tokens, parenthesis, brace - 1)
end

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

local function resolve(path, known)
  local value, found = known:lookup(path[1])
  for i = 3, #path, 2 do
    if not found then return nil end
    value = raw_field(value, path[i])
    found = value ~= nil
  end
  return value, found
end

local SECTION_OF = { ["codeocean.client"] = "client", ["codeocean.data_assets"] = "assets",
  ["codeocean.sandbox"] = "sandbox" }

-- Of the library's own objects only what is documented.
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

-- Of a table's fields those that it does not have yet.
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

-- Inside the table of a call: parameters, or the values of one.
local function in_call(tokens, last, word, quote, known)
  local path, brace, argument = call_around(tokens, last)
  if not path then return nil end
  local row = known:row(path, resolve(path, known))
  local fields = row and row.params and reference.options(row.params[argument])
  if not fields then return nil end
  local before = text_of(tokens[last])
  if before == "=" then
    local found = choices(field_of(fields, text_of(tokens[last - 1])), quote, word)
    return #found > 0 and found or nil
  elseif not quote and (before == "{" or before == "," or before == ";") then
    return field_names(fields, tokens, brace, word)
  end
end

local function in_string(tokens, known)
  local token = tokens[#tokens]
  local quote, word = token.text:match("^([\"'])(.*)$")
  if not quote then return {}, "" end
  local last = #tokens - 1
  if text_of(tokens[last]) == "(" then last = last - 1 end
  if text_of(tokens[last]) == "help" then
    local names = { errors = true }
    for _, row in ipairs(reference.rows) do names[row.name] = true end
    return matching(names, word, quote), word
  end
  return in_call(tokens, #tokens - 1, word, quote, known) or {}, word
end

-- A word of a chunk.
local function in_code(tokens, word, known)
  local last = #tokens
  if joins_names(tokens, last) then
    local path = path_ending_at(tokens, last - 1)
    local value, found
    if path then value, found = resolve(path, known) end
    if not found then return {} end
    return matching(members(value, tokens[last].text == ":"), word)
  end
  local own = in_call(tokens, last, word, nil, known)
  if own and (#own > 0 or word == "") then return own end
  if word == "" then return {} end
  local names = known:names()
  for keyword in pairs(lexer.KEYWORDS) do names[keyword] = true end
  return matching(names, word)
end

local COMMANDS = { [".time"] = " ", [".trace"] = " ", [".dry"] = " ", [".save"] = " ",
  [".help"] = "" }

local function in_command(text)
  local name, word = text:match("^(%.%a+)%s+(%a*)$")
  if name == ".trace" or name == ".dry" then
    return matching({ on = true, off = true }, word), word
  elseif text:find("^%.%a*$") then
    local list = matching(COMMANDS, text)
    for _, entry in ipairs(list) do entry.text = entry.name .. COMMANDS[entry.name] end
    return list, text
  end
end

--- candidates(text, known) -> list of {name, text} that may take the place of the word that `text`
-- ends in, and that word.
function M.candidates(text, known)
  if text:find("^%s*%.%a") or text:find("^%s*%.$") then
    local list, word = in_command(text:match("^%s*(.*)$"))
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

-- What Tab does with them ------------------------------------------------------------------------

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
    shown[i] = list[i].name
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

--- answer(text, known, width) -> what to insert behind `text`, or nil; what to list below, or nil.
function M.answer(text, known, width)
  local list, word = M.candidates(text, known)
  if #list == 0 then return nil end
  if #list == 1 then return list[1].text:sub(#word + 1) end
  local more = common_prefix(list):sub(#word + 1)
  if more == "" then return nil, in_columns(list, width or 80) end
  return more, more == '"' and in_columns(list, width or 80) or nil
end

return M
