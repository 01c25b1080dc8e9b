-- Tags every asset that a search finds with the year in its name.
local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local tags = require "codeocean.tags"

os.exit(bulk.main(assert(codeocean.client()), {
  name = "tag-by-year", select = { type = "dataset" },
  change = function(asset)
    local year = asset.name:match("%f[%d]20%d%d%f[%D]")
    return year and { tags = (tags.change(asset.tags, { add = { "year-" .. year } })) }
  end,
}))
