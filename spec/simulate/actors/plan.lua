--- An actor with a plan file. One process plans; others edit for some minutes; now and then the
-- file is cut; then it is applied, killed and resumed.
--
--   plan   a plan that is not whole is refused, and a file that exists is not written over

local jobs = require "jobs"
local runs = require "actors.run"
local undo = require "actors.undo"

local M = {}

-- A job that changes fields: actions have no plan files.
local function new_job(history, k, dice)
  local job
  repeat job = runs.new_job(k, dice) until not job.kind.acts
  job.dry, job.plan = false, ("/home/plan%d.jsonl"):format(k)
  job.ids, job.selected = jobs.some_ids(history, dice)
  return job
end

local function write_plan(history, job)
  local planner = { name = "planner" .. job.k, dry = true, may = {}, selected = {} }
  return jobs.process(history, planner, function(require_in, client, own)
    local spec = job.kind.spec(job.k)
    spec.ids, spec.dry_run = job.ids, true
    local report, err = require_in("codeocean.bulk").run(client, spec)
    if not report then return nil, err end
    own.written, err = require_in("codeocean.bulk.plan_file").write(job.plan, { name = job.name },
      report)
    return nil, err
  end)
end

-- Some lines of the end are lost.
local function cut(history, job)
  local content = history.files:content(job.plan)
  local shorter = content:match "^(.*\n)[^\n]+\n$"
  if not shorter then return end
  history.files:put(job.plan, shorter)
  job.is_cut = true
  history:count "plan cut"
end

-- Repeats until the plan is complete; an actor that finds an incomplete one uses another name.
local function plan(history, job)
  local process
  repeat
    job.plan = job.plan .. "x"
    process = write_plan(history, job)
    jobs.threaten(history, process)
    history.world:wait_for(process)
    if not process.written then history:calm() end
  until process.written
  if job.dice:chance(0.15) then cut(history, job) end
end

local function apply(history, job, resumes)
  history:count(resumes and "apply resumed" or "apply")
  return jobs.process(history, job, function(require_in, client, own)
    local spec, err
    if resumes then
      spec, err = jobs.spec_of_journal(history, job, require_in, own.journal)
    else
      spec, err = require_in("codeocean.bulk.plan_file").spec(job.plan)
      if spec and job.is_cut then history:fail("plan", "%s is cut, and was read", job.plan) end
      own.given_up = spec == nil
    end
    if not spec then return nil, err end
    if not resumes then
      spec.journal, spec.verify, spec.max_changes = job.journal, job.verify or nil, job.most or nil
    end
    spec.jobs, spec.confirm = job.jobs, job.asks and jobs.confirmation(history, job) or nil
    return require_in("codeocean.bulk").run(client, spec)
  end, { journal = job.journal })
end

function M.new(history, k, dice)
  local job = new_job(history, k, dice)
  function job.start(resumes)
    return apply(history, job, resumes and history.files.by_path[job.journal] ~= nil)
  end
  function job.after(process) undo.perhaps(history, job, process) end
  function job:check() undo.check_end(history, self) end
  history.world:start("planning " .. job.name, function()
    plan(history, job)
    job.ids = nil -- the inputs of the run are those of the plan
    history.world:wait(dice:random(200))
    jobs.supervise(history, job)
  end)
  return job
end

return M
