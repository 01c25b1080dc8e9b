--- Search queries: builds them from tables, with the quotes they need, and checks them for
-- mistakes. Called by searches, and by bulk runs and commands before they select anything.

local ascii = require "codeocean.ascii"
local core = require "codeocean.core"
local escape = require("codeocean.text").escape

local M = {}

local FIELDS = { "name", "tag", "run_script", "commit_id", "contained_data_id" }

local IS_FIELD = {}   -- in small letters
for _, field in ipairs(FIELDS) do IS_FIELD[field] = true end

local function refuse(problem)
  core.complain("search", "query", problem)
end

-- Refuses a value that the server cannot search for: it has no wildcards, and no escape for a quote
-- inside a phrase.
local function check(value, name)
  if type(value) ~= "string" or value == "" then
    refuse(("%s: string or list of strings expected, got %s"):format(name, value == "" and
      "an empty one" or type(value)))
  elseif value:find("*", 1, true) then
    refuse(("%s: the server has no wildcards (*)"):format(name))
  elseif value:find('"', 1, true) then
    refuse(("%s: a quote cannot be searched for"):format(name))
  end
end

local function check_names(query)
  for name in pairs(query) do
    if name ~= "text" and not IS_FIELD[name] then
      refuse(("no such field '%s'; there are %s, text"):format(tostring(name),
        table.concat(FIELDS, ", ")))
    end
  end
end

local function add(terms, field, value)
  for _, one in ipairs(type(value) == "table" and value or { value }) do
    check(one, field)
    terms[#terms + 1] = ('%s:"%s"'):format(field, one)
  end
end

--- build(query) -> the query to send. A table {name =, tag =, run_script =, commit_id =, text =}
-- has strings or (except text) lists of strings; every value is quoted. Values of one field are
-- joined by OR, different fields by AND. A string is sent unchanged. Raises for a wildcard: the
-- server would search for the star itself.
function M.build(query)
  if type(query) == "string" then
    if query:find("*", 1, true) then refuse("the server has no wildcards (*)") end
    return query
  elseif type(query) ~= "table" then
    refuse("string or table expected, got " .. type(query))
  end
  check_names(query)
  local terms = {}
  for _, field in ipairs(FIELDS) do
    if query[field] ~= nil then add(terms, field, query[field]) end
  end
  if query.text ~= nil then
    check(query.text, "text")
    terms[#terms + 1] = query.text
  end
  return table.concat(terms, " ")
end

-- Reading ----------------------------------------------------------------------------------------

-- Blanks that are not ASCII: U+00A0, U+2000 to U+200B, U+3000, U+FEFF.
local BLANKS = { "\u{A0}", "\xE2\x80[\x80-\x8B]", "\u{3000}", "\u{FEFF}" }

--- terms(text) -> list of {field or nil, value} of a query in the server's language (words,
-- "phrases", field:word, field:"phrase"); and whether a quote is not closed.
function M.terms(text)
  for _, blank in ipairs(BLANKS) do text = text:gsub(blank, " ") end
  local list, at, open = {}, 1, false
  while true do
    at = text:find("%S", at)
    if not at then return list, open end
    local field, after = text:match("^([%a_][%w_%-]*):()", at)
    at = after or at
    local value, stop = text:match('^"([^"]*)"()', at)
    if not value then
      open = open or text:sub(at, at) == '"'
      value, stop = text:match('^"?([^%s"]*)()', at)
    end
    list[#list + 1], at = { field = field, value = value }, stop
  end
end

--- is_blank(query) -> whether a query has no term, so that it finds every asset: nil, "", " ",
-- '""', "tag:", {}. A value without a letter or digit does not count as a term.
function M.is_blank(query)
  for _, term in ipairs(M.terms(query and M.build(query) or "")) do
    if term.value:find("[%w\x80-\xFF]") then return false end
  end
  return true
end

-- The terms with a field that is not one of the API's, and the near field that was perhaps meant.
local function foreign_fields(query)
  local list = {}
  for _, term in ipairs((M.terms(M.build(query)))) do
    if term.field and not IS_FIELD[ascii.lower(term.field)] then
      list[#list + 1] = { field = escape(term.field), near = core.nearest(term.field, FIELDS) }
    end
  end
  return list
end

-- Words that join terms in other query languages, and what joins terms here.
local JOINS = {
  AND = "different fields must all match, but one field twice is either: --where joins with and",
  OR = "one field twice finds either; --where joins with or",
  NOT = "--where 'not has(tags, \"…\")' leaves assets out",
}

-- The first of these words that is a term of the query; nil if there is none.
local function foreign_join(query)
  for _, term in ipairs((M.terms(M.build(query)))) do
    if not term.field and JOINS[term.value] then return term.value end
  end
end

--- hint(query) -> a line about an odd query, printed before the search; or nil. The query is
-- not refused, since a field of custom metadata may have any name.
function M.hint(query)
  local _, open = M.terms(M.build(query))
  if open then return "the query has a quote that is not closed" end
  local join = foreign_join(query)
  if join then return ("%s is a word to search for; %s"):format(join, JOINS[join]) end
  for _, own in ipairs(foreign_fields(query)) do
    if own.near then
      return ("the query's field '%s' is not one of %s: did you mean '%s:'?"):format(own.field,
        table.concat(FIELDS, ", "), own.near)
    end
  end
end

-- The query without the quotes around the whole of it, which make it a phrase; nil if it has none.
local function without_quotes(query)
  local quote, inner = M.build(query):match "^([\"'])([%a_]+:.*)%1$"
  return quote and not inner:find(quote, 1, true) and escape(inner) or nil
end

--- with_colon(query) -> tag:raw for the first term such as tag=raw; nil if there is none.
function M.with_colon(query)
  for _, term in ipairs((M.terms(M.build(query)))) do
    local field, value = term.value:match "^([%a_]+)=+(.+)$"
    local known = field and (IS_FIELD[ascii.lower(field)] and field or core.nearest(field, FIELDS))
    if known and not term.field then return ("%s:%s"):format(known, escape(value)) end
  end
end

-- "tag:a tag:b" for the first term such as tag:a,b; nil if there is none.
local function with_terms(query)
  for _, term in ipairs((M.terms(M.build(query)))) do
    local list = {}
    for value in (term.field and term.value:find "," and term.value or ""):gmatch "[^,]+" do
      list[#list + 1] = ("%s:%s"):format(term.field, value:find "%s" and ('"%s"'):format(value)
        or value)
    end
    if #list > 1 then return escape(table.concat(list, " ")) end
  end
end

--- hint_for_nothing(query) -> a line why a query perhaps found nothing, printed after the search;
-- or nil. The names of custom metadata may have blanks ("session date:…"), of which a term has the
-- last word only: the line says so.
function M.hint_for_nothing(query)
  local inner = without_quotes(query)
  if inner then
    return ("nothing was found: the query has quotes of its own; did you mean %s?"):format(inner)
  end
  local meant = M.with_colon(query)
  if meant then
    return ("nothing was found: a field is followed by a colon; did you mean %s?"):format(meant)
  end
  local terms = with_terms(query)
  if terms then
    return ("nothing was found: a comma is part of a value; did you mean %s?"):format(terms)
  end
  for _, own in ipairs(foreign_fields(query)) do
    if not own.near then
      return ("nothing was found: '%s:' is not one of %s; it finds something only if custom "
        .. "metadata has a field of that name, or one that ends so"):format(own.field,
        table.concat(FIELDS, ", "))
    end
  end
end

--- for_name(name) -> a query that finds at least all assets of exactly this name; nil if only a
-- whole listing would. The name is split at characters that a phrase cannot hold, and its longest
-- part is used.
function M.for_name(name)
  local longest = ""
  for part in name:gmatch('[^"*\\]+') do
    if #part > #longest then longest = part end
  end
  return longest:find("[%w\x80-\xff]") and ('name:"%s"'):format(longest) or nil
end

return M
