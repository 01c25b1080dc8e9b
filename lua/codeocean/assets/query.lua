--- Search queries: built from a table, so that quoting is nobody's worry.

local core = require "codeocean.core"

local M = {}

local FIELDS = { "name", "tag", "run_script", "commit_id" }

local function refuse(problem)
  core.complain("search", "query", problem)
end

-- The server knows no wildcards and no way to write a quote inside a phrase.
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

local function known(query)
  local names = { text = true }
  for _, field in ipairs(FIELDS) do names[field] = true end
  for name in pairs(query) do
    if not names[name] then
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

--- The query that is sent: of a table {name =, tag =, run_script =, commit_id =, text =}, each a
-- string or (not text) a list of strings, every value quoted; the same field twice means OR,
-- different fields AND. A string is taken as it is. Raises for a wildcard: the server would look
-- for the star itself.
function M.build(query)
  if type(query) == "string" then
    if query:find("*", 1, true) then refuse("the server has no wildcards (*)") end
    return query
  elseif type(query) ~= "table" then
    refuse("string or table expected, got " .. type(query))
  end
  known(query)
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

--- A query that finds at least the assets of this very name; nil if only a whole listing does. What
-- cannot stand in a phrase divides the name; its longest part is looked for.
function M.for_name(name)
  local longest = ""
  for part in name:gmatch('[^"*\\]+') do
    if #part > #longest then longest = part end
  end
  return longest:find("[%w\x80-\xff]") and ('name:"%s"'):format(longest) or nil
end

return M
