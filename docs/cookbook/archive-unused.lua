-- Archives your assets that nobody used for a year; one never used counts from its creation.
local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"

local client = assert(codeocean.client())
local year_ago = os.time() - 365 * 24 * 60 * 60
local found = client.data_assets:each { ownership = "owner" }

local function unused()
  for asset in found do
    local last = math.max(asset.last_used or 0, asset.created or os.time())
    if asset.state == "ready" and last < year_ago then return asset.id end
  end
end

os.exit(bulk.main(client, { name = "archive-unused", ids = unused, action = "archive" }))
