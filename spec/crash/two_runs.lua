-- A user's script with two runs over the same assets, which the specs kill. Arguments: DOMAIN
-- TOKEN. It reads its list of ids from its own folder.

local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local files_of_ids = require "codeocean.ids"
local tags = require "codeocean.tags"

local client <close> = assert(codeocean.client { domain = arg[1], token = arg[2], jobs = 8 })

for _, tag in ipairs { "one", "two" } do
  local ids = {}
  for i, row in ipairs(assert(files_of_ids.load "ids.txt")) do ids[i] = row.id end
  local report = assert(bulk.run(client, { ids = ids, verify = true, change = function(asset)
    return { tags = (tags.change(asset.tags, { add = { tag } })) }
  end }))
  assert(report.counts.ok + report.counts.unchanged == #ids, tostring(report.error))
end
