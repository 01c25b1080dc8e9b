-- A user's bulk run, which the specs kill. Arguments: journal, address, token. Resumes the journal
-- if it is not empty, and prints the result.

local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local core = require "codeocean.core"
local tags = require "codeocean.tags"

local journal, domain, token = arg[1], arg[2], arg[3]

-- Notes beside the journal how much of it outlives a power cut.
local function record_syncs(log)
  local seen = {}
  function seen.sync()
    local file = assert(io.open(journal))
    local length = file:seek "end"
    file:close()
    local ok, problem = log:sync()
    local note = assert(io.open(journal .. ".synced.new", "w"))
    note:write(length)
    note:close()
    os.rename(journal .. ".synced.new", journal .. ".synced")
    return ok, problem
  end
  return setmetatable(seen, { __index = function(_, name)
    return function(_, ...) return log[name](log, ...) end
  end })
end

local new = core.journal_file
function core.journal_file() return record_syncs(new()) end

local file = io.open(journal)
local resume = file and (file:seek("end") > 0) and journal or nil
if file then file:close() end

local client = assert(codeocean.client { domain = domain, token = token, jobs = 8 })
local report = assert(bulk.run(client, {
  select = { archived = "any" }, all = true, journal = journal, resume = resume,
  change = function(asset) return { tags = (tags.change(asset.tags, { add = { "done" } })) } end,
}))
print(codeocean.json.encode(report.counts))
