--- codeocean: a client of the Code Ocean Data Asset API.
--
--   local codeocean = require "codeocean"
--   local client = assert(codeocean.client())
--   for asset in client.data_assets:each { query = "name:2021" } do print(asset.name) end

require "codeocean.lua.version"

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
