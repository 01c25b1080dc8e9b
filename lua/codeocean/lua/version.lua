--- Raises where Lua cannot run the module. Each file that programs require begins with it, and can
-- be read by any Lua.

local known = { ["Lua 5.3"] = true, ["Lua 5.4"] = true, ["Lua 5.5"] = true }

if not known[_VERSION] then
  error("codeocean needs Lua 5.3, 5.4 or 5.5, this is " .. _VERSION .. ", whose numbers have no"
    .. " 64-bit integers; run `colua … --jsonl` as a program instead", 0)
elseif _VERSION == "Lua 5.3" and not pcall(require, "codeocean.lua.close_after") then
  error("codeocean for Lua 5.3 is made by `make rock LUA_VERSION=5.3`, these files are for 5.4", 0)
end

return _VERSION
