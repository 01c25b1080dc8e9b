-- A colleague at work on the same assets while a run is killed and resumed: adds tag after tag
-- until the file STOP is there, then says how many it added: DOMAIN TOKEN STOP.

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
