--- codeocean: a client of the Code Ocean Data Asset API.
--
--   local codeocean = require "codeocean"
--   local client = assert(codeocean.client())
--   for asset in client.data_assets:each { query = "name:2021" } do print(asset.name) end

-- Before any file that an older Lua cannot even read.
if _VERSION ~= "Lua 5.4" then error("codeocean needs Lua 5.4, this is " .. _VERSION, 0) end

local client = require "codeocean.client"
local core = require "codeocean.core"
local errors = require "codeocean.error"
local json = require "codeocean.json"

return {
  version = core.version,
  --- client(options) -> client; or nil, err. See codeocean.client.
  client = client.new,
  --- is_id(value) -> whether it is a data asset's id.
  is_id = core.is_id,
  --- is_error(value) -> whether it is one of this library's errors.
  is_error = errors.is,
  json = json,
  null = json.null,
}
