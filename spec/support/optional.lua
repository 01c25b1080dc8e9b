-- Lua modules that some systems do not package for Lua 5.4 (those marked optional in
-- .ci/packages).
--
--   local cjson = optional.module "cjson"            -- nil where it is not to be had
--   optional.it("cjson", "agrees with ours", fn)     -- pending, by name, where it is not
--   optional.names { "cqueues", "luv" }              -- those that are; the others are pending

local busted = require "busted"

local optional = {}

-- Whether Lua finds the module. It is not loaded: busted forgets between two spec files what they
-- loaded, and libuv does not survive that a second luv is loaded beside the first.
local function is_here(name)
  return (package.searchpath(name, package.path) or package.searchpath(name, package.cpath)) ~= nil
end

--- module(name) -> the module, or nil. Only one spec file loads luv.
function optional.module(name)
  return is_here(name) and require(name) or nil
end

function optional.it(name, title, fn)
  if is_here(name) then return busted.it(title, fn) end
  busted.pending(title .. ": Lua 5.4 has no " .. name .. " on this system")
end

function optional.names(names)
  local found = {}
  for _, name in ipairs(names) do
    if is_here(name) then
      found[#found + 1] = name
    else
      busted.pending("Lua 5.4 has no " .. name .. " on this system")
    end
  end
  return found
end

return optional
