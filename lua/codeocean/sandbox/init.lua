--- codeocean.sandbox: the embedded server, which is the C module of this name. This file is what
-- `require` finds first, and says in any Lua which one is needed; in colua the module is built in.

require "codeocean.lua.version"

local NAME = "codeocean.sandbox"
local path, tried = package.searchpath(NAME, package.cpath)
if not path then
  error(("%s is not installed here:\n\t%s"):format(NAME, tried:match "^%s*(.*)"), 0)
end
local open, problem = package.loadlib(path, "luaopen_codeocean_sandbox")
if not open then error(problem, 0) end

return open(NAME, path)
