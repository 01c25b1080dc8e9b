--- An actor whose script makes two runs of one name over assets from a file in its folder. It is
-- killed and resumed from another folder; now and then the script or the file is edited before.
--
--   edited   a script or an input that changed is refused, and with force confirmed again
--
-- What each run may write is in its own job; terms() says which of them an asset belongs to.

local jobs = require "jobs"

local M = {}

local FOLDER = "/home/work"

local TEXT = [[
local ids = require "codeocean.ids"
local list = assert(ids.load "my%d.ids")
for i, row in ipairs(list) do list[i] = row.id end
local half = #list // 2
for position, tag in ipairs { "%s", "%s" } do
  local own = table.move(list, (position - 1) * half + 1, position * half, 1, {})
  if #own > 0 then
    simulated(position, { ids = own, change = function(asset)
      table.insert(asset.tags, tag)
      return { tags = asset.tags }
    end })
  end
end
]]

local function write_files(history, job, tags)
  history.files:put(job.script, TEXT:format(job.k, tags[1], tags[2]))
  history.files:put(("%s/my%d.ids"):format(FOLDER, job.k), table.concat(job.list, "\n") .. "\n")
end

-- What one run of the script may do.
local function new_run(job, position, tag)
  local run = { name = job.name .. "/" .. position, may = { "+" .. tag }, selected = {},
    agreed = not job.asks, dice = job.dice }
  local half = #job.list // 2
  for i = (position - 1) * half + 1, position * half do run.selected[job.list[i]] = true end
  return run
end

local function new_job(history, k, dice)
  local job = { k = k, name = "script" .. k, dice = dice, asks = dice:chance(0.5),
    script = ("%s/script%d.lua"):format(FOLDER, k) }
  job.list, job.selected = jobs.some_ids(history, dice)
  job.tags = { ("a%d"):format(k), ("b%d"):format(k) }
  job.runs = { new_run(job, 1, job.tags[1]), new_run(job, 2, job.tags[2]) }
  job.may = {}
  function job.terms(id)
    return job.runs[1].selected[id] and job.runs[1] or job.runs[2]
  end
  return job
end

-- Who says yes to what an edited script plans agrees to all that it may do.
local function agree(history, job)
  for _, run in ipairs(job.runs) do run.agreed = true end
  if not job.edited then return end
  local all = { name = job.name, agreed = true, selected = {},
    may = { "+" .. job.tags[1], "+" .. job.tags[2], "+evil" .. job.k } }
  for _, id in ipairs(history.platform.ids) do all.selected[id] = true end
  function job.terms() return all end
end

local function confirm_anew(history, job)
  return function(plan)
    agree(history, job)
    return plan.count > 0 or history:fail("confirmed", "%s asks about nothing", job.name)
  end
end

local function person(history, job, run)
  local confirm = jobs.confirmation(history, run)
  return function(plan)
    local yes = confirm(plan)
    if yes and job.edited then agree(history, job) end
    return yes
  end
end

-- What the script calls as simulated(position, spec).
local function runner(history, job, own, env, client)
  return function(position, spec)
    local run = job.runs[position]
    function spec.on_event(event)
      if event.journal then own.journal = event.journal end
    end
    if job.asks then spec.confirm = person(history, job, run) end
    job.journal = nil -- until this run has its own
    local report, err = env.require("codeocean.bulk").run(client, spec)
    jobs.check_error(history, job, err)
    if err or jobs.has_left(report) then
      job.journal = own.journal
      error(err or report.error or "left", 0)
    end
  end
end

local function perform(history, job, own, env, client, chunk)
  env.simulated = runner(history, job, own, env, client)
  local ok, problem = pcall(chunk)
  own.left = not ok
  if not ok and type(problem) == "string" and problem ~= "left" then error(problem, 0) end
  return nil, nil
end

local function resume_run(history, job, own, env, client)
  local resume = env.require "codeocean.bulk.resume"
  local ledger, err = resume.read(own.resumes)
  if not ledger then return nil, err end
  if not resume.needs_script(ledger) then
    local spec = assert(resume.spec(own.resumes))
    spec.confirm = confirm_anew(history, job)
    local report, problem = env.require("codeocean.bulk").run(client, spec)
    own.left = not report or report.counts.pending + report.counts.unknown > 0
    return nil, problem
  end
  local forced = job.edited == "unseen" and job.dice:chance(0.5)
  local provenance = env.require "codeocean.bulk.provenance"
  local chunk, problem = provenance.prepare_rerun(own.resumes, ledger.header,
    { force = forced, confirm = confirm_anew(history, job) })
  if not chunk then
    own.given_up = true
    return nil, problem
  elseif job.edited == "unseen" and not forced then
    history:fail("edited", "%s runs again though it was edited", job.name)
  end
  history:count(forced and "script forced" or "script again")
  job.edited = job.edited and "agreed to"
  return perform(history, job, own, env, client, chunk)
end

local function start(history, job, path)
  local facts = { script = path and "resume" or job.script,
    folder = path and "/elsewhere" or FOLDER,
    resumes = path, journal = path }
  return jobs.process(history, job, function(_, client, own, env)
    if path then return resume_run(history, job, own, env, client) end
    return perform(history, job, own, env, client, assert(env.loadfile(job.script)))
  end, facts)
end

-- Somebody edits the script, or the list of its assets.
local function edit(history, job)
  if job.edited or not job.dice:chance(0.2) then return end
  job.edited = "unseen"
  history:count "script or list edited"
  if job.dice:chance(0.5) then
    write_files(history, job, { "evil" .. job.k, "evil" .. job.k })
  else
    table.insert(job.list, 1, history.platform.ids[job.dice:random(history.plan.assets)])
    write_files(history, job, job.tags)
  end
end

-- The journal of the run that was interrupted, if it came that far.
local function last_journal(job, process)
  local path = job.journal or process and process.journal
  return path
end

function M.new(history, k, dice)
  local job = new_job(history, k, dice)
  write_files(history, job, job.tags)
  local last
  function job.start(resumes)
    local path = resumes and last_journal(job, last) or nil
    last = start(history, job, path)
    return last
  end
  function job.between() if last_journal(job, last) then edit(history, job) end end
  jobs.supervise(history, job)
  return {}
end

return M
