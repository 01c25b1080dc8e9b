--- An actor who confuses file names and arguments. Everything is refused, nothing is written.
--
--   refused   each of these is an error, and the file that was named is as before (foreign)

local jobs = require "jobs"

local M = {}

local NOTES = "/state/notes"

local function add_tag(asset)
  asset.tags[#asset.tags + 1] = "clumsy"
  return { tags = asset.tags }
end

-- A run with these fields.
local function run(fields)
  return function(bulk, client, ids)
    local spec = { ids = not fields.select and ids or nil, change = add_tag }
    for name, value in pairs(fields) do spec[name] = value end
    return bulk.run(client, spec)
  end
end

local REQUEST = { name = "x", mount = "x", tags = {}, source = { aws = { bucket = "b" } } }

-- Each returns value, err as the library does, or raises.
local ATTEMPTS = {
  run { journal = NOTES }, run { resume = NOTES }, run { dryrun = true },
  run { select = { query = " " } }, run { select = {} }, run { action = "delete" },
  run { action = "delete", change = "x" }, run { limt = 1 }, run { confirm = true },
  function(_, client, _, require_in)
    local creates = require_in "codeocean.bulk.journal.creates"
    return creates.begin(client, { REQUEST }, { journal = NOTES })
  end,
  function(_, _, _, require_in) return require_in("codeocean.bulk.undo").spec(NOTES) end,
  function(_, _, _, require_in) return require_in("codeocean.bulk.resume").read(NOTES) end,
  function(_, _, _, require_in) return require_in("codeocean.bulk.plan_file").spec(NOTES) end,
  function(_, client, _, require_in)
    return require_in("codeocean.bulk.journal.creates").resume(client, NOTES)
  end,
  function(_, _, _, require_in)
    return require_in("codeocean.bulk.plan_file").write(NOTES, { name = "x" },
      { counts = { pending = 0 }, records = {} })
  end,
}

-- A change that no update takes fails in the plan: every input, and nothing is written.
local function misspelt(history, bulk, client, ids)
  local report = bulk.run(client, { ids = ids, confirm = function() return true end,
    change = function() return { tag = { "clumsy" } } end })
  if report and report.counts.ok + report.counts.unchanged > 0 then
    history:fail("refused", "a misspelt field was taken")
  end
end

function M.new(history, k, dice)
  local job = { name = "clumsy" .. k, may = {}, selected = {}, agreed = false }
  local ids = jobs.some_ids(history, dice)
  jobs.process(history, job, function(require_in, client)
    local bulk = require_in "codeocean.bulk"
    for i, attempt in ipairs(ATTEMPTS) do
      local ok, value = pcall(attempt, bulk, client, ids, require_in)
      if ok and value then history:fail("refused", "attempt %d of %s was not", i, job.name) end
    end
    misspelt(history, bulk, client, ids)
  end)
  return job
end

return M
