-- The same work by the least that Lua-cURL and lua-cjson need, one after another.
--
--   lua5.4 luacurl.lua get|update BASE COUNT [CA]

local cjson = require "cjson"
local curl = require "cURL"

local kind, base, count, ca = arg[1], arg[2], tonumber(arg[3]), arg[4]
local file = assert(io.open(os.getenv "BENCH_BODY", "rb"))
local fields = cjson.decode(file:read "a")
file:close()

local parts
local easy = curl.easy {
  username = "cop_bench", password = "", cainfo = ca, accept_encoding = "",
  httpheader = { "Accept: application/json", "Content-Type: application/json", "Expect:" },
  writefunction = function(text) parts[#parts + 1] = text end,
}
if kind == "update" then easy:setopt { customrequest = "PUT" } end

for n = 0, count - 1 do
  parts = {}
  easy:setopt_url(("%s/api/v1/data_assets/00000000-0000-4000-8000-%012d"):format(base, n))
  if kind == "update" then easy:setopt_postfields(cjson.encode(fields)) end
  easy:perform()
  assert(easy:getinfo_response_code() == 200)
  assert(cjson.decode(table.concat(parts)).id)
end
