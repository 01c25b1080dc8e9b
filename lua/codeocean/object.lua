--- Makes the classes of the objects that the library hands out: clients, data_assets, errors.

local M = {}

--- class(name) -> methods, metatable: where methods and metamethods are defined.
--
-- Neither is handed out: the methods are not their own `__index`, and getmetatable gives only the
-- name. So no program changes a method for everybody by way of one object.
function M.class(name)
  local methods = {}
  return methods, { __name = name, __index = methods, __metatable = name }
end

return M
