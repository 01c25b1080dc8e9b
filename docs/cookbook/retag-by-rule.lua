-- Gives every dataset the tags that its name spells out, and those of quality control one spelling.
local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local tags = require "codeocean.tags"

local function rule(asset)
  local modality, subject = asset.name:match("^([%w-]+)_(%d+)_20%d%d%-")
  if not modality then return nil end
  return { tags = (tags.change(asset.tags, {
    replace = { ["QC-passed"] = "qc-passed", ["QC-Failed"] = "qc-failed" },
    add = { modality, "subject-" .. subject },
  })) }
end

os.exit(bulk.main(assert(codeocean.client()), {
  name = "retag-by-rule", select = { type = "dataset" }, change = rule,
}))
