-- A bulk run over COUNT assets: a get and a put for each, with a journal.
--
--   colua bulk.lua DOMAIN COUNT IN_FLIGHT JOURNAL

package.path = arg[0]:gsub("[^/]+$", "?.lua") .. ";" .. package.path
local bulk = require "codeocean.bulk"
local core = require "codeocean.core"
local work = require "work"

local domain, count, jobs = arg[1], math.tointeger(arg[2]), math.tointeger(arg[3])
local ids, tags = work.ids(count), work.fields().tags

local began = core.now()
local client <close> = work.client(domain, { jobs = jobs })
local report = assert(bulk.run(client, { ids = ids, journal = arg[4],
  change = function() return { tags = tags } end }))
print("wall", core.now() - began)
os.remove(arg[4])
assert(report.counts.ok == count and not report.error, tostring(report.error))
