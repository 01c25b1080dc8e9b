-- A user's own bulk run, killed by the specs: journal, address, token as arguments. Goes on with
-- the journal if there is something in it, and says what became of all.

local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local tags = require "codeocean.tags"

local journal, domain, token = arg[1], arg[2], arg[3]
local file = io.open(journal)
local resume = file and (file:seek("end") > 0) and journal or nil
if file then file:close() end

local client = assert(codeocean.client { domain = domain, token = token, jobs = 8 })
local report = assert(bulk.run(client, {
  select = { archived = "any" }, journal = journal, resume = resume,
  change = function(asset) return { tags = (tags.change(asset.tags, { add = { "done" } })) } end,
}))
print(codeocean.json.encode(report.counts))
