-- Adds tags to the same assets while a run is killed and resumed, until the file STOP exists; then
-- prints how many it added. Arguments: DOMAIN TOKEN STOP.

local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local tags = require "codeocean.tags"

local client <close> = assert(codeocean.client { domain = arg[1], token = arg[2], jobs = 4 })
local n = 0
repeat
  n = n + 1
  local tag = "theirs-" .. n
  local report = assert(bulk.run(client, { select = { archived = "any" }, all = true,
    journal = false, verify = true, change = function(asset)
      return { tags = (tags.change(asset.tags, { add = { tag } })) }
    end }))
  assert(report.counts.ok + report.counts.unchanged == #report.records, tostring(report.error))
  local stop = io.open(arg[3])
until stop
print(n)
