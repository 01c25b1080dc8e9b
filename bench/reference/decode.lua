-- Decodes every page of a listing, from files, with lua-cjson.
--
--   lua5.4 decode.lua FOLDER COUNT

local cjson = require "cjson"

local folder, count = arg[1], math.tointeger(arg[2])
local seen, start = 0, 0
repeat
  local file = assert(io.open(folder .. "/" .. start, "rb"))
  local page = cjson.decode(file:read "a")
  file:close()
  for _ in ipairs(page.results) do seen = seen + 1 end
  start = start + #page.results
until not page.has_more
assert(seen == count)
