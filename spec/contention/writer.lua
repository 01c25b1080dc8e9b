-- One writer of contention_spec.lua, in a process of its own: adds its tag to every asset.
--
--   colua writer.lua DOMAIN TOKEN TAG VERIFY     VERIFY: yes or no

local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local tags = require "codeocean.tags"

local domain, token, tag, verify = table.unpack(arg)
local client <close> = assert(codeocean.client { domain = domain, token = token })
local report = assert(bulk.run(client, {
  select = { archived = "any" }, all = true, journal = false, verify = verify == "yes",
  change = function(asset) return { tags = (tags.change(asset.tags, { add = { tag } })) } end,
}))
print(codeocean.json.encode { ok = report.counts.ok + report.counts.unchanged,
  repaired = report.repaired or 0, selected = #report.records,
  error = report.error and tostring(report.error) or nil })
