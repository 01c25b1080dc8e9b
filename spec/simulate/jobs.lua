--- What actors that make bulk runs have in common: jobs, their processes, kills and resumes, and
-- what must hold of each report.
--
--   counts      one record for each input, and they sum
--   outcome     a record with `ok` was written; one with another status was not
--   resume      a job that was killed and resumed ends as one that was not
--   deployment  a journal is resumed where it was begun
--   revoked     after a token was refused nothing more is begun
--   traceback   no mistake of the library's own
--
-- A process that works on a job has .report and .err, and .left: whether something is left to do.

local kinds = require "kinds"
local library = require "library"
local watch = require "watch"

local M = {}

local DONE = { ok = true, unchanged = true }
local MAY_BE_WRITTEN = { ok = true, unknown = true, conflict = true, drift = true, missing = true }
local TRIES_IN_STORM, TRIES = 3, 8

--- some_ids(history, dice) -> list, set: some of the assets that were there from the beginning.
function M.some_ids(history, dice)
  local list, set = {}, {}
  for i = 1, history.plan.assets do
    if dice:chance(0.6) then list[#list + 1] = history.platform.ids[i] end
  end
  list[1] = list[1] or history.platform.ids[1]
  for _, id in ipairs(list) do set[id] = true end
  return list, set
end

--- process(history, job, fn [, facts]) -> a process that works on the job. fn(require, client, own)
-- -> report, err. facts: fields of the process: script, folder, journal.
function M.process(history, job, fn, facts)
  local process
  process = history.world:start(job.name, function(own)
    local env = library.environment(own)
    local client = assert(env.require("codeocean").client { domain = "simulated.example",
      token = watch.TOKEN, dialect = "current" })
    own.report, own.err = fn(env.require, client, own, env)
    M.check_report(history, own)
  end)
  process.run = job
  for name, value in pairs(facts or {}) do process[name] = value end
  return process
end

-- A person at the prompt: thinks, then says yes, mostly.
function M.confirmation(history, job)
  return function(plan)
    history.world:wait(job.dice:random(600) / 10)
    if plan.count < 1 then history:fail("confirmed", "%s asks about nothing", job.name) end
    job.agreed = job.agreed or job.dice:chance(0.9)
    return job.agreed
  end
end

--- spec_of_journal(history, job, require, path) -> the bulk spec that resumes a journal without its
-- program; or nil, err.
function M.spec_of_journal(history, job, require_in, path)
  local resume = require_in "codeocean.bulk.resume"
  local spec, err = resume.spec(path)
  if not spec then return nil, err end
  spec.jobs = job.jobs
  if job.asks then spec.confirm = M.confirmation(history, job) end
  return spec
end

-- Reports -----------------------------------------------------------------------------------------

--- check_error(history, job, err): a mistake of the library's own, wherever it was caught.
function M.check_error(history, job, err)
  if not err then return end
  if err.kind == "script" then history:fail("traceback", "%s: %s", job.name, err.message) end
  if tostring(err):find(watch.TOKEN, 1, true) then
    history:fail("secret", "an error has the token")
  end
end

local function check_counts(history, job, report)
  local sum, records = 0, 0
  for _, count in pairs(report.counts) do sum = sum + count end
  for _ in ipairs(report.records) do records = records + 1 end
  local inputs = job.ids and #job.ids or records -- nobody knows what a search finds in a storm
  if sum ~= inputs or records ~= inputs then
    history:fail("counts", "%s: %d counted, %d records, %d inputs", job.name, sum, records, inputs)
  end
end

-- Whatever a process of the run wrote is in the report, as done or as unknown.
local function check_written(history, job, process)
  local wrote = history.wrote[process.journal or job.journal] or {}
  for _, record in ipairs(process.report.records) do
    M.check_error(history, job, record.error)
    local told = MAY_BE_WRITTEN[record.status]
    if wrote[record.id] and not told then
      history:fail("outcome", "%s says %s of %s, which it wrote", job.name, record.status,
        record.id)
    end
  end
end

local function check_revoked(history, job, process)
  local later = process.refused_at and process.requests - process.refused_at
  if later and later > 2 * (job.jobs or 16) + 2 then
    history:fail("revoked", "%s: %d requests after the token was refused", job.name, later)
  end
end

local function count_report(history, report)
  for status, n in pairs(report.counts) do
    if n > 0 then history:count("status " .. status) end
  end
  for _, name in ipairs { "refused", "interrupted", "stopped" } do
    if report[name] then history:count("run " .. name) end
  end
end

--- check_report(history, process): of a bulk run that ended. A journal that could not be read to
-- the end gives no report.
function M.check_report(history, process)
  local job, report = process.run, process.report
  M.check_error(history, job, process.err)
  check_revoked(history, job, process)
  if process.err then history:count("error " .. tostring(process.err.kind)) end
  if not report then return end
  count_report(history, report)
  check_counts(history, job, report)
  check_written(history, job, process)
end

--- has_left(report) -> whether a bulk run's report leaves something to do.
function M.has_left(report)
  local counts = report.counts
  return report.error or report.interrupted or report.stopped
    or counts.unknown + counts.pending + counts.failed > 0
end

--- left(process) -> whether a resume has something to do.
function M.left(process)
  if process.killed or process.err then return true end
  if process.left ~= nil then return process.left end
  return process.report and not process.report.refused and M.has_left(process.report)
end

-- Crashes -----------------------------------------------------------------------------------------

-- Ends every process of the machine; people and other machines go on.
local function power_cut(history)
  for _, process in ipairs(history.world.processes) do
    if process.run and not process:is_over() then history.world:kill(process) end
  end
  history.files:power_cut()
end

--- threaten(history, process [, span]): within `span` seconds it may be killed, or the power fail.
function M.threaten(history, process, span)
  local world = history.world
  local at = world.now + world:random(100 * (span or 4)) / 100
  world:at(at, function()
    if process:is_over() or not world:fault("kill", 0.6) then return end
    world:kill(process)
    if world:fault("power cut", 0.4) then power_cut(history) end
  end)
end

local function is_done(process, tries)
  local refused = process.report and process.report.refused
  return not M.left(process) or refused or process.given_up or tries > TRIES
end

--- supervise(history, job): starts the job, and resumes it until it is done; in the end in
-- calm. job.start(resumes) -> process; job.between(): what happens between two tries;
-- job.after(): called at its end.
function M.supervise(history, job)
  local world = history.world
  world:start("supervisor of " .. job.name, function()
    local tries, process = 0, job.start(false)
    M.threaten(history, process)
    world:wait_for(process)
    while not is_done(process, tries) do
      tries = tries + 1
      if tries > TRIES_IN_STORM then history:calm() end
      world:wait(world:random(20))
      if job.between then job.between() end
      history:count "resume"
      process = job.start(true)
      M.threaten(history, process)
      world:wait_for(process)
    end
    job.process = process
    if job.after then job.after(process) end
  end)
end

-- The end -----------------------------------------------------------------------------------------

--- is_own(commit, job) -> whether the job wrote it, by its own journal and not by a copy of it.
function M.is_own(commit, job)
  return commit.actor.run == job and (commit.actor.journal or job.journal) == job.journal
end

-- Whether somebody else changed of the asset what the job is about, or deleted it; of a deletion
-- also, whether it is archived.
local function is_disputed(history, job, id)
  local about = job.kind.destroys and { "deleted", "archived" } or job.may
  for _, commit in ipairs(history.touched[id] or {}) do
    local others = not M.is_own(commit, job)
    local one_value = kinds.is_one_value(commit.before.tags)
    if others and kinds.touches(about, kinds.difference(commit), one_value) then return true end
  end
  return false
end

local function check_record(history, job, record)
  local asset = history.platform.assets[record.id]
  local is_doubtful = record.status == "conflict" and history.platform.doubtful[record.id]
  if is_doubtful or is_disputed(history, job, record.id) then return end
  local done = job.kind.done(job.k, asset, history.platform.archived[record.id] == true)
  if DONE[record.status] and not done then
    history:fail("outcome", "%s says %s of %s, which is not so", job.name, record.status, record.id)
  end
  if record.status == "drift" or record.status == "conflict" then
    history:fail("resume", "%s says %s of %s, which nobody disputes", job.name, record.status,
      record.id)
  end
end

--- check_processes(history): none ended by a mistake.
function M.check_processes(history)
  for _, process in ipairs(history.world.processes) do
    if process.problem then history:fail("traceback", "%s: %s", process.name, process.problem) end
  end
end

--- check_end(history, job): the last report agrees with each asset.
function M.check_end(history, job)
  local report = job.process and job.process.report
  if not report then return end
  for _, record in ipairs(report.records) do check_record(history, job, record) end
end

return M
