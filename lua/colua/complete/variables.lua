--- Variables: looks up the variables of a session, locals before globals, by raw access only. A
-- module of the library that was not used yet is loaded. Called by Tab and advice.

local deployment = require "colua.deployment"
local reference = require "codeocean.reference"

local M = {}

local Variables = { __name = "colua.complete.variables" }
Variables.__index = Variables

--- new(options) -> variables. options: session (colua.evaluate), globals, help (row_of(value) ->
-- row); and further sources of completion: seen (colua.complete.seen_values), commands (rows of
-- colua.dot_commands), schema() -> fields of custom metadata or nil, files(folder) -> list of its
-- files' names, those of folders with a "/".
function M.new(options)
  return setmetatable(options, Variables)
end

function Variables:lookup(name)
  local value, found = self.session:value(name)
  if found then return value, true end
  value = rawget(self.globals, name)
  deployment.load(value)
  return value, value ~= nil
end

function Variables:names()
  local names = {}
  for name in next, self.globals do
    if type(name) == "string" and name:find("^[%a_][%w_]*$") then names[name] = true end
  end
  for name in pairs(self.session.cells) do names[name] = true end
  return names
end

--- row(path, value) -> the row of the reference for the function `value`, whatever it is called;
-- without a value (no deployment is set) for the path.
function Variables:row(path, value)
  if value ~= nil then return self.help:row_of(value) end
  return reference.find(table.concat(path))
end

return M
