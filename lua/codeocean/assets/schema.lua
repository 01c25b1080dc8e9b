--- The deployment's schema of custom metadata: which keys there are, and what each may hold.
--
-- Called by client:custom_metadata, by the plans of bulk runs, by sheets and by `colua fields`. A
-- deployment without a schema (404), one whose schema we may not read (403), and one whose schema
-- has no fields take everything: nothing is checked then. Dates are seconds since 1970, as numbers;
-- people write "2024-02-29".

local core = require "codeocean.core"
local dates = require "codeocean.input.date"
local errors = require "codeocean.error"
local json = require "codeocean.json"
local near_name = require "codeocean.near_name"
local object = require "codeocean.object"
local options = require "codeocean.options"
local text = require "codeocean.text"

local M = {}

local OLD = 60 -- seconds that a schema is good for

local Schema, metatable = object.class "codeocean.assets.schema"

--- new(client) -> schema of the client's deployment; it is read when it is first needed.
function M.new(client) return setmetatable({ client = client }, metatable) end

-- Reading ----------------------------------------------------------------------------------------

local function by_name(answer)
  local fields, any = {}, false
  for _, field in ipairs(type(answer.fields) == "table" and answer.fields or {}) do
    if type(field) == "table" and type(field.name) == "string" then
      fields[field.name], any = field, true
    end
  end
  return any and fields or nil
end

--- read() -> what the deployment answers, {fields = list, categories}; or nil, err, and true if it
-- has no custom metadata.
function Schema:read()
  local client = self.client
  local call = client:call_of "custom_metadata"
  self.reading = client:submit("custom_metadata", nil, nil, call)
  local answer, err = client:finish(self.reading, nil, "custom_metadata", nil, call)
  local none = err and (err.kind == "missing" or err.status == 403)
  if answer or none then
    self.fields, self.loaded = answer and by_name(answer), core.now()
  end
  return answer, err, none
end

local function is_fresh(self) return self.loaded and core.now() - self.loaded < OLD end

--- load() -> true once self.fields holds the fields by name (nil: everything is accepted), read at
-- most a minute ago; or nil, err if the schema cannot be read. One caller reads; the others wait
-- for its transfer, and read themselves if it was given up or failed.
function Schema:load()
  if is_fresh(self) then return true end
  local reading = self.reading
  if reading and not reading:done() then
    local waited, problem = self.client:await_other(reading)
    if problem then return nil, problem end
    if waited and is_fresh(self) then return true end
  end
  local answer, err, none = self:read()
  if answer or none then return true end
  return nil, err
end

--- dates() -> {name = true} of the fields that are dates, as last read; nil if none is known to be.
function Schema:dates()
  local names = {}
  for name, field in pairs(self.fields or {}) do names[name] = field.type == "date" or nil end
  return next(names) and names or nil
end

-- Checking ---------------------------------------------------------------------------------------

local function number(value)
  if type(value) ~= "number" then return "number" end
end

-- By a field's type: a function that returns what it expects of a single value; nil: it is good.
local EXPECTED = {
  string = options.utf8,
  number = number,
  date = function(value)
    if type(value) ~= "number" then return 'date such as "2024-02-29"' end
  end,
}

local function is_allowed(field, value)
  local allowed = field.allowed_values
  if type(allowed) ~= "table" or #allowed == 0 then return true end
  for _, other in ipairs(allowed) do
    if other == value then return true end
  end
  return false
end

local function described(list)
  local shown = {}
  for i, value in ipairs(list) do shown[i] = options.describe(value) end
  return table.concat(shown, ", ")
end

local function problem_of_range(range, value)
  if type(range) ~= "table" or type(value) ~= "number" then return nil end
  local low, high = range.min, range.max
  local good = (type(low) ~= "number" or value >= low) and (type(high) ~= "number" or value <= high)
  if good then return nil end
  return ("from %s to %s"):format(low and text.number(low) or "any", high and text.number(high)
    or "any")
end

local function unknown_value(field, value)
  local near = type(value) == "string" and core.nearest(value, field.allowed_values)
  return ("no such value, %s; %s"):format(options.describe(value), near
    and ('did you mean "%s"?'):format(text.escape(near))
    or "there are " .. described(field.allowed_values))
end

local function problem_of_value(field, value)
  local accepts = EXPECTED[field.type]
  local expected = accepts and accepts(value)
  if not expected and not is_allowed(field, value) then return unknown_value(field, value) end
  expected = expected or problem_of_range(field.range, value)
  return expected and ("%s expected, got %s"):format(expected, options.describe(value))
end

local function unknown(fields, key)
  local names = {}
  for name in pairs(fields) do names[#names + 1] = name end
  table.sort(names)
  return "no such key; " .. near_name.or_all(key, names)
end

local function with_date(field, value)
  if field.type ~= "date" or type(value) ~= "string" then return value end
  return dates.seconds(value) or value
end

-- The value as it is sent; nil and what is wrong with it.
local function checked_value(field, value)
  if value == json.null then
    if field.required then return nil, "it is required and cannot be taken out" end
    return value
  end
  local is_list = field.multiple and type(value) == "table"
  local own = {}
  for i, item in ipairs(is_list and value or { value }) do
    own[i] = with_date(field, item)
    local problem = problem_of_value(field, own[i])
    if problem then return nil, problem end
  end
  if is_list then return json.array(own) end
  return own[1]
end

-- A key that is not in the schema may be removed.
local function checked_key(fields, key, value)
  if fields[key] then return checked_value(fields[key], value) end
  if value == json.null then return value end
  return nil, unknown(fields, key)
end

local function refused(key, problem)
  return nil, errors.new { kind = "invalid", outcome = "not_sent",
    message = ("custom_metadata.%s: %s"):format(text.escape(key), problem) }
end

--- checked(metadata) -> the keys and values with their dates as numbers; or nil, err of kind
-- `invalid` that names the first key, in alphabetical order, that is not in the schema or whose
-- value the schema refuses.
function Schema:checked(metadata)
  local loaded, err = self:load()
  if not loaded then return nil, err end
  if not self.fields then return metadata end
  local own, keys = {}, {}
  for key in pairs(metadata) do keys[#keys + 1] = key end
  table.sort(keys)
  for _, key in ipairs(keys) do
    local value, problem = checked_key(self.fields, key, metadata[key])
    if value == nil then return refused(key, problem) end
    own[key] = value
  end
  return own
end

-- The first required key, in alphabetical order, that the metadata lacks.
local function first_missing(fields, metadata)
  local names = {}
  for name, field in pairs(fields) do
    if field.required == true and metadata[name] == nil then names[#names + 1] = name end
  end
  table.sort(names)
  return names[1]
end

--- checked_whole(metadata) -> as checked(), for all the custom metadata that an asset will have: a
-- required key that they lack is refused too.
function Schema:checked_whole(metadata)
  local own, err = self:checked(metadata)
  local missing = own and self.fields and first_missing(self.fields, own)
  if missing then return refused(missing, "it is required") end
  return own, err
end

-- From a cell ------------------------------------------------------------------------------------

-- A cell is text, or a number where it reads as one.
local function from_cell(field, value)
  if field.type == "number" and type(value) == "string" then return tonumber(value) or value end
  if field.type == "string" and type(value) == "number" then return text.number(value) end
  return value
end

--- of_cells(metadata) -> the values of a sheet's cells as the types of the schema; the schema has
-- been loaded.
function Schema:of_cells(metadata)
  local own = {}
  for key, value in pairs(metadata) do
    local field = self.fields and self.fields[key]
    own[key] = field and from_cell(field, value) or value
  end
  return own
end

return M
