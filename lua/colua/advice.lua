--- Advice: what to say of a mistake at the prompt that Lua's own message leaves unclear: a dot
-- where a colon belongs, a name that is nearly another. Called by colua.session for errors.

local core = require "codeocean.core"
local reference = require "codeocean.reference"

local M = {}

local Advice = { __name = "colua.advice" }
Advice.__index = Advice

--- new(help, known): row_of(value) of colua.help, names() of colua.complete.names.
function M.new(help, known)
  return setmetatable({ help = help, known = known }, Advice)
end

-- The objects whose methods are called with a colon: what their class is called.
local CLASSES = { client = "codeocean.client", assets = "codeocean.data_assets" }

local function is_object(value, class)
  local meta = debug.getmetatable(value)
  return type(meta) == "table" and rawget(meta, "__name") == class
end

-- assets.get("x"): the method has something else than its object first.
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

local function method_names()
  local names = {}
  for _, row in ipairs(reference.rows) do names[#names + 1] = row.name:match("[.:]([%w_]+)$") end
  return names
end

-- Of what may be called, or indexed.
local function variable_names(self, action)
  local names = {}
  for name in pairs(self.known:names()) do
    local callable = type(self.known:lookup(name)) == "function"
    if callable == (action == "call") then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

-- "attempt to call a nil value (method 'serach')"
local function near(self, message)
  local action, kind, name = message:match("to (%l+) a nil value %((%l+) '([%w_]+)'%)")
  if not kind then return nil end
  local names = kind == "global" and variable_names(self, action) or method_names()
  local found = core.nearest(name, names)
  return found and found ~= name and ("%s; did you mean '%s'?"):format(message, found)
end

--- explain(value, calls) -> what to say instead of the error value, or nil.
function Advice:explain(value, calls)
  if type(value) ~= "string" then return nil end
  return colon(self, calls) or near(self, value)
end

return M
