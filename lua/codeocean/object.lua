--- Makes the classes of the objects that the library hands out: clients, data_assets, errors.

local core = require "codeocean.core"

local M = {}

--- class(name) -> methods, metatable: where methods and metamethods are defined.
--
-- A program gets neither table from an object: the methods are not their own `__index`, and
-- getmetatable gives only the name. So a program cannot change a method of all objects.
function M.class(name)
  local methods = {}
  return methods, { __name = name, __index = methods, __metatable = name }
end

-- Wraps a method: the wrapper refuses a first argument without `field`. Each call goes through the
-- wrapper; three named parameters are passed on faster than "...".
local function with_colon(method, object, name, field)
  local facts = debug and debug.getinfo(method, "u")
  assert(not facts or facts.nparams <= 4 and not facts.isvararg, name)
  return function(self, a, b, c)
    if type(self) ~= "table" or self[field] == nil then
      core.complain(name, "self", ("write a colon: %s:%s(…)"):format(object, name))
    end
    return method(self, a, b, c)
  end
end

--- need_colon(methods, object, field [, names]): makes the methods (of these names, else all)
-- refuse a first argument without `field`, which their own object has: `assets.get(id)` in place
-- of `assets:get(id)`. `object`: what the reference calls it.
function M.need_colon(methods, object, field, names)
  for name, method in pairs(methods) do
    if not names or names[name] then
      methods[name] = with_colon(method, object, name, field)
    end
  end
end

return M
