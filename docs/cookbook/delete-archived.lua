-- Deletes what archived.csv says was archived, if it still is and nobody used it since.
local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local ids = require "codeocean.ids"

local listed, year_ago = {}, os.time() - 365 * 24 * 60 * 60
for _, row in ipairs(assert(ids.load "archived.csv")) do
  listed[ids.canonical(row.id)] = row.row.status == "ok"
end

local client = assert(codeocean.client())
local found = client.data_assets:each { archived = true, ownership = "owner" }
local function expired()
  for asset in found do
    local unused = (asset.last_used or 0) < year_ago
    if unused and listed[ids.canonical(asset.id)] then return asset.id end
  end
end
os.exit(bulk.main(client, { name = "delete", ids = expired, action = "delete", max_delete = 500 }))
