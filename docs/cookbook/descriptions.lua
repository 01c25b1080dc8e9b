-- Prints the data_description.json of every dataset as JSON lines, 32 files read at once.
local codeocean = require "codeocean"
local client <close> = assert(codeocean.client())
local assets, json = client.data_assets, codeocean.json
local function described(asset)
  local bytes, err = assets:read_file(asset.id, "data_description.json")
  if not bytes then return nil, err end
  return { id = asset.id, description = assert(json.decode(bytes)) }
end

local found = assets:each { type = "dataset", origin = "internal", fields = { "id" } }
for _, row, err in client:each_done(found, described, { jobs = 32 }) do
  if row then print(json.encode(row)) else io.stderr:write(tostring(err), "\n") end
end
