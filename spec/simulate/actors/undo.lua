--- An actor who undoes a run that is over.
--
--   undo   what the run changed is as before; what others wrote stays; a deletion is not undone;
--          a run that was undone is not resumed
--
-- An undo that was interrupted is resumed, or started again with force.

local jobs = require "jobs"
local kinds = require "kinds"

local M = {}

local function everything(job)
  local may = { "tags", "name", "description", "mount", "archived" }
  for _, name in ipairs(job.may) do
    local sign, rest = name:sub(1, 1), name:sub(2)
    may[#may + 1] = sign == "+" and "-" .. rest or sign == "-" and "+" .. rest or name
  end
  return may
end

-- A list of tags that was set as a whole is restored as a whole, with the tags that others added.
local function comes_back(history, job)
  local may = everything(job)
  for id in pairs(job.selected) do
    for _, commit in ipairs(history.touched[id] or {}) do
      for _, tag in ipairs(commit.before.tags or {}) do may[#may + 1] = "+" .. tag end
    end
  end
  return may
end

-- A resume of the run is now refused.
local function resume_run(history, job)
  return jobs.process(history, { name = job.name .. " again", may = {}, selected = {} },
    function(require_in)
      local ledger = require_in("codeocean.bulk.resume").read(job.journal)
      if ledger then history:fail("undo", "%s is resumed though it was undone", job.name) end
    end)
end

-- One process that takes it back: a new undo, with force where one was begun, or the rest of the
-- one that was interrupted.
local function attempt(history, job, own, number)
  own.may = comes_back(history, job)
  local path = job.undo and job.undo.journal
  local resumes = path and history.files.by_path[path] and not job.undo.err
    and job.dice:chance(0.5)
  if not resumes then path = ("%s.undo%d"):format(job.journal, number) end
  if number > 1 then history:count(resumes and "undo resumed" or "undo with force") end
  return jobs.process(history, own, function(require_in, client)
    local spec, err
    if resumes then
      spec, err = jobs.spec_of_journal(history, own, require_in, path)
    else
      spec, err = require_in("codeocean.bulk.undo").spec(job.journal, number > 1)
      if spec then spec.journal = path end
    end
    if not spec then return nil, err end
    local report, problem = require_in("codeocean.bulk").run(client, spec)
    local is_whole = report and report.counts.ok > 0 and not jobs.has_left(report)
    if history.wrote[path] or is_whole then resume_run(history, job) end
    return report, problem
  end, { journal = path })
end

-- In calm at once, or after some attempts in the storm.
local function attempts(history, job, own)
  local most = job.dice:chance(0.5) and 0 or 3
  local number = 0
  repeat
    number = number + 1
    if number > most then history:calm() end
    job.undo = attempt(history, job, own, number)
    jobs.threaten(history, job.undo)
    history.world:wait_for(job.undo)
  until not jobs.left(job.undo) or number > most + 1
end

--- perhaps(history, job, process): now and then takes back what the process did; called where one
-- may wait.
function M.perhaps(history, job, process)
  local wrote = process.report and not process.report.refused and not job.dry
  if not (wrote and job.dice:chance(0.4)) then return end
  history:count "undo"
  attempts(history, job, { name = "undo-" .. job.name, agreed = true, selected = job.selected,
    undoes = job })
end

-- The first commit of the run to that asset, and the differences that others made.
local function commits_of(history, job, id)
  local first, others = nil, {}
  for _, commit in ipairs(history.touched[id] or {}) do
    local run = commit.actor.run
    if jobs.is_own(commit, job) then
      first = first or commit
    elseif not (run and run.undoes == job) then
      others[#others + 1] = kinds.difference(commit)
    end
  end
  return first, others
end

local function is_of_others(name, others)
  for _, difference in ipairs(others) do
    if kinds.touches({ name }, difference) then return true end
  end
  return false
end

-- Whatever the run changed is as before, unless somebody else changed it too.
local function check_asset(history, job, id)
  local first, others = commits_of(history, job, id)
  local asset = history.platform.assets[id]
  if not (first and asset) then return end
  local difference = kinds.difference { before = first.before, after = asset,
    archived_before = first.archived_before,
    archived_after = history.platform.archived[id] == true }
  for name in pairs(difference) do
    if kinds.touches(job.may, { [name] = true }) and not is_of_others(name, others) then
      history:fail("undo", "after the undo of %s, %s of %s is not as before", job.name, name, id)
    end
  end
end

-- Of a job that was taken back.
local function check(history, job)
  local process = job.undo
  if process.killed then return end -- by a power cut that was on its way
  jobs.check_error(history, process.run, process.err)
  if job.kind.destroys then
    if not process.err then history:fail("undo", "a deletion was undone") end
    return
  end
  if not process.report then
    return history:fail("undo", "%s: %s", process.name, tostring(process.err))
  end
  for id in pairs(job.selected) do check_asset(history, job, id) end
end

--- check_end(history, job): of a job that was taken back, or was not.
function M.check_end(history, job)
  if job.undo then check(history, job) else jobs.check_end(history, job) end
end

return M
