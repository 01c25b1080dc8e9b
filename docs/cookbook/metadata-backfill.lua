-- Fills custom metadata from the name of each dataset; a value that is there already stays.
local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"

local function fill(asset)
  local modality, subject, day = asset.name:match("^([%w-]+)_(%d+)_(20%d%d%-%d%d%-%d%d)")
  if not modality then return nil end
  local metadata = { modality = modality, subject = subject, acquired = day }
  for key, value in pairs(asset.custom_metadata or {}) do metadata[key] = value end
  return { custom_metadata = metadata }
end

os.exit(bulk.main(assert(codeocean.client()), {
  name = "metadata-backfill", select = { type = "dataset", archived = "any" }, change = fill,
}))
