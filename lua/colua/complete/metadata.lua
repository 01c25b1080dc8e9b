--- Completes keys and values of custom metadata from the deployment's schema, as it was last read
-- (client:custom_metadata(), or the plan of a run). Called by colua.complete. Sends no request.

local cursor = require "colua.complete.cursor"
local lexer = require "colua.complete.lexer"

local M = {}

local text_of = cursor.text_of

-- A key as Lua writes it: `rig`, or `["session date"]`.
local function written(key)
  local is_name = key:find "^[%a_][%w_]*$" and not lexer.KEYWORDS[key]
  return is_name and key or ('["%s"]'):format(key)
end

-- The key before the `=`: of `rig =` or `["session date"] =`.
local function key_before(tokens, last)
  local text = text_of(tokens[last - 1])
  local quoted = text == "]" and text_of(tokens[last - 2])
  return quoted and quoted:match "^[\"'](.*)[\"']$" or text
end

local function values(field, quote)
  local names = {}
  for _, value in ipairs(field and field.allowed_values or {}) do
    local bare = type(value) ~= "string" or quote
    names[bare and tostring(value) or ('"%s"'):format(value)] = true
  end
  return names
end

--- names(tokens, last, quote, schema) -> set of the words that may follow the token `last`, and the
-- text that follows each; nil outside `custom_metadata = {…}`, or without a schema. quote: of an
-- open string, or nil. schema() -> the fields by name, or nil.
function M.names(tokens, last, quote, schema)
  local inside = cursor.table_key(tokens, last) == "custom_metadata"
  local fields = inside and schema and schema()
  if not fields then return nil end
  local before = text_of(tokens[last])
  if before == "=" then return values(fields[key_before(tokens, last)], quote), quote end
  if quote or not (before == "{" or before == "," or before == ";") then return nil end
  local names = {}
  for key in pairs(fields) do names[written(key)] = true end
  return names, " = "
end

return M
