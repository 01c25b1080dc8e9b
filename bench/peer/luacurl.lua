-- The same work with the least code that Lua-cURL and lua-cjson need, one request after another.
-- Debian has Lua-cURL for Lua 5.1.
--
--   lua5.1 luacurl.lua get|update BASE COUNT [CA]

local cjson = require "cjson"
local curl = require "curl"

local kind, base, count, ca = arg[1], arg[2], tonumber(arg[3]), arg[4]
local file = assert(io.open(os.getenv "BENCH_BODY", "rb"))
local fields = cjson.decode(file:read "*a")
file:close()

local parts
local easy = curl.easy_init()
local function set(name, value) easy:setopt(curl["OPT_" .. name], value) end

set("USERPWD", "cop_bench:")
set("ACCEPT_ENCODING", "")
if ca then set("CAINFO", ca) end
set("HTTPHEADER", { "Accept: application/json", "Content-Type: application/json", "Expect:" })
set("WRITEFUNCTION", function(text)
  parts[#parts + 1] = text
  return #text
end)
if kind == "update" then set("CUSTOMREQUEST", "PUT") end

for n = 0, count - 1 do
  parts = {}
  set("URL", ("%s/api/v1/data_assets/00000000-0000-4000-8000-%012d"):format(base, n))
  if kind == "update" then set("POSTFIELDS", cjson.encode(fields)) end
  assert(easy:perform())
  assert(cjson.decode(table.concat(parts)).id)
end
