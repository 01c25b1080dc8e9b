-- Lua modules that not every system has for Lua 5.4 (the wishes of .ci/packages).
--
--   local cjson = optional.module "cjson"            -- nil where it is not to be had
--   optional.it("cjson", "agrees with ours", fn)     -- pending, by name, where it is not
--   optional.names { "cqueues", "luv" }              -- those that are; the others are pending

local busted = require "busted"

local optional = {}

function optional.module(name)
  local found, module = pcall(require, name)
  return found and module or nil
end

function optional.it(name, title, fn)
  if optional.module(name) then return busted.it(title, fn) end
  busted.pending(title .. ": Lua 5.4 has no " .. name .. " on this system")
end

function optional.names(names)
  local found = {}
  for _, name in ipairs(names) do
    if optional.module(name) then
      found[#found + 1] = name
    else
      busted.pending("Lua 5.4 has no " .. name .. " on this system")
    end
  end
  return found
end

return optional
