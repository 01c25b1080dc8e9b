--- An actor with a bulk run of any kind. It is killed and resumed, now and then twice at once or
-- from a copy of its journal, and undone at the end.

local jobs = require "jobs"
local kinds = require "kinds"
local undo = require "actors.undo"
local watch = require "watch"

local M = {}

local SHARED_BY_ALL = 10 -- inputs: below, a share of max_changes would be none

local function is_even(asset) return tonumber(asset.id:sub(1, 8), 16) % 2 == 0 end

-- Ids, or a search that finds all that there are, of which a function may let half pass.
local function choose_selection(history, job, dice)
  job.ids, job.selected = jobs.some_ids(history, dice)
  if not dice:chance(0.25) or job.kind.destroys then return end
  job.search, job.ids, job.selected = { query = "name:asset", archived = "any" }, nil, {}
  job.where = job.kind.fn and dice:chance(0.5) and is_even or nil
  for i, id in ipairs(history.platform.ids) do
    if not job.where or i % 2 == 0 then job.selected[id] = true end
  end
end

--- new_job(k, dice) -> a job of a random kind.
function M.new_job(k, dice)
  local name = dice:pick(kinds.NAMES)
  local kind = kinds.KINDS[name]
  local job = { k = k, name = name .. k, kind = kind, may = kind.may(k), dice = dice,
    journal = ("/state/run%d.jsonl"):format(k), asks = dice:chance(0.5), verify = dice:chance(0.3),
    jobs = dice:random(8), dry = dice:chance(0.05), most = dice:chance(0.15) and dice:random(6) }
  job.agreed = not job.asks
  return job
end

local function spec_of(history, job)
  local spec = job.kind.spec(job.k)
  spec.name, spec.journal, spec.max_delete = job.name, job.journal, SHARED_BY_ALL
  spec.verify, spec.jobs, spec.max_changes = job.verify or nil, job.jobs, job.most or nil
  spec.dry_run = job.dry or nil
  spec.select, spec.ids, spec.where = job.search, job.ids, job.where
  if job.asks then spec.confirm = jobs.confirmation(history, job) end
  return spec
end

-- The program that made the journal resumes it, or a process that has the journal alone.
local function spec_of_resume(history, job, require_in, path)
  if job.dice:chance(0.5) and not job.kind.fn then
    return jobs.spec_of_journal(history, job, require_in, path)
  end
  local spec = spec_of(history, job)
  spec.journal, spec.resume = nil, path
  return spec
end

local function start(history, job, resumes, facts)
  facts = facts or {}
  facts.journal = facts.journal or job.journal
  return jobs.process(history, job, function(require_in, client, own)
    local spec, err = spec_of(history, job), nil
    if resumes then spec, err = spec_of_resume(history, job, require_in, own.journal) end
    if not spec then return nil, err end
    return require_in("codeocean.bulk").run(client, spec)
  end, facts)
end

-- Somebody resumes it on another deployment.
local function mistake(history, job)
  history:count "other deployment"
  local process = start(history, job, true, { host = "elsewhere.example" })
  history.world:wait_for(process)
  if not process.killed and not process.err then
    history:fail("deployment", "%s resumed another deployment's journal", job.name)
  end
end

-- A second process with the same journal, or with a copy of it.
local function disturb(history, job)
  local choice = job.dice:random(10)
  if choice <= 2 then
    history:count "second process"
    start(history, job, true)
  elseif choice == 3 then
    local copy = job.journal .. ".copy"
    if history.files.by_path[copy] then return end
    local content = history.files:content(job.journal)
    history:count "copied journal"
    history.files:put(copy, content)
    history.ids[copy] = watch.ids_in(content)
    history.intents[copy] = history.intents[job.journal]
    start(history, job, true, { journal = copy })
  elseif choice == 4 then
    mistake(history, job)
  end
end

-- Somebody edits the journal: its header (another action, another change), or what is to be
-- written.
local function edit_journal(history, job)
  local content = history.files:content(job.journal)
  local is_free = content and not history.files:busy(job.journal)
  if job.is_edited or not is_free or not job.dice:chance(0.1) then return end
  local header, rest, torn = content:match "^(.-\n)(.-)([^\n]*)$"
  if not header then return end
  if job.dice:chance(0.5) then
    header = header:gsub('"action":"%l+"', '"action":"delete"'):gsub("base", "evil")
  else
    rest = rest:gsub('"patch":{', '"patch":{"name":{"before":"a","after":"b"},', 1)
  end
  local edited = header .. rest .. torn
  if edited == content then return end
  job.is_edited = true
  history:count "journal edited"
  history.files:put(job.journal, edited)
end

-- A run whose journal somebody edited writes nothing.
local function check_edited(history, job)
  local process = job.process
  if job.is_edited and process and not process.killed and not process.err then
    history:fail("edited", "%s resumed an edited journal", job.name)
  end
end

function M.new(history, k, dice)
  local job = M.new_job(k, dice)
  choose_selection(history, job, dice)
  function job.start(resumes)
    local there = resumes and history.files.by_path[job.journal] ~= nil
    if there and not job.is_edited then disturb(history, job) end
    return start(history, job, there)
  end
  function job.after(process)
    undo.perhaps(history, job, process)
  end
  function job.between() edit_journal(history, job) end
  function job:check()
    check_edited(history, self)
    undo.check_end(history, self)
  end
  jobs.supervise(history, job)
  return job
end

return M
