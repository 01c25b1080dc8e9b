--- An actor who creates assets with a journal, is killed, and resumes with the same requests.
--
--   once   each request makes one asset; never more, however the run was interrupted

local jobs = require "jobs"
local watch = require "watch"

local M = {}

local function new_requests(k, dice)
  local list = {}
  for i = 1, dice:random(5) do
    local twin = i > 1 and dice:chance(0.2)
    local name = twin and list[i - 1].name or ("new %d-%d"):format(k, i)
    list[i] = { name = name, tags = { "made" }, mount = name, source = { aws = { bucket = "b" .. k,
      prefix = name, access_key_id = watch.KEY, secret_access_key = watch.KEY } } }
  end
  return list
end

-- The journal to resume, or a new one if the earlier one holds no request.
local function open(job, creates, client, resumes)
  if resumes then
    local run, err = creates.resume(client, job.journal, job.requests)
    if run or not err.message:find("start a new create", 1, true) then return run, err end
    job.journal = job.journal .. "x"
  end
  return creates.begin(client, job.requests, { journal = job.journal,
    unless_exists = job.unless_exists })
end

local function create_all(job, client, run, own)
  own.left = false
  for _, asset, err in client:each_done(job.requests, function(_, i) return run:create(i) end,
    { jobs = job.jobs }) do
    if not asset then
      own.left, own.ambiguous = true, own.ambiguous or err.kind == "ambiguous"
    end
  end
  own.given_up = own.ambiguous
  local ended, err = run:finish()
  own.left = own.left or not ended
  return nil, err
end

local function start(history, job, resumes)
  return jobs.process(history, job, function(require_in, client, own)
    local run, err = open(job, require_in "codeocean.bulk.journal.creates", client, resumes)
    if not run then return nil, err end
    return create_all(job, client, run, own)
  end)
end

local function count_by_name(list)
  local counts = {}
  for _, item in ipairs(list) do counts[item.name] = (counts[item.name] or 0) + 1 end
  return counts
end

local function made_by(history, job)
  local assets = {}
  for _, commit in ipairs(history.created) do
    if commit.actor.run == job then assets[#assets + 1] = commit.after end
  end
  return count_by_name(assets)
end

local function check(history, job)
  local made, wanted = made_by(history, job), count_by_name(job.requests)
  local is_done = job.process and not jobs.left(job.process)
  for name, n in pairs(wanted) do
    local most, there = job.unless_exists and 1 or n, made[name] or 0
    if there > most or is_done and there < most then
      history:fail("once", "%s: %d assets %s, %d wanted", job.name, there, name, most)
    end
  end
end

function M.new(history, k, dice)
  history.most_wrong = 50 -- an interrupted create is looked for by its time, give or take a minute
  local job = { name = "creates" .. k, dice = dice, requests = new_requests(k, dice),
    jobs = dice:random(4), unless_exists = dice:chance(0.3) or nil,
    journal = ("/state/creates%d.jsonl"):format(k) }
  function job.start(resumes)
    return start(history, job, resumes and history.files.by_path[job.journal] ~= nil)
  end
  function job:check() check(history, self) end
  jobs.supervise(history, job)
  return job
end

return M
