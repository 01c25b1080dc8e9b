--- An actor at the prompt: lines that write, now and then Ctrl-C, and undo(). After a session was
-- killed, another process undoes its journal.
--
--   undo   what a line wrote is as before it, unless others wrote it too

local jobs = require "jobs"
local kinds = require "kinds"
local platforms = require "platform"

local M = {}

local function new_job(history, k, dice)
  local job = { k = k, name = "session" .. k, dice = dice, agreed = true, selected = {},
    leaves_no_trace = true,
    may = { "description", "key p" .. k, "archived", "+p" .. k, "-p" .. k,
      ("share user p%d@x"):format(k) } }
  for _, id in ipairs(history.platform.ids) do job.selected[id] = true end
  return job
end

local EDITS = {
  function(assets, id, job, i)
    assets:update(id, { description = ("line %d-%d"):format(job.k, i) })
  end,
  function(assets, id, job, i) assets:update(id, { custom_metadata = { ["p" .. job.k] = i } }) end,
  function(assets, id, _, i) assets:archive(id, i % 2 == 0) end,
  function(assets, id, job, i)
    local mail = ("p%d@x"):format(job.k)
    assets:share(id, { users = { [mail] = i % 2 == 0 and "none" or "viewer" } })
  end,
}

local function bulk_line(history, job, env, client)
  local ids = jobs.some_ids(history, job.dice)
  env.require("codeocean.bulk").run(client, { ids = ids, name = "at the prompt",
    rule = { tags = { add = { "p" .. job.k } } } })
end

local function write_line(history, job, env, client)
  local dice = job.dice
  if dice:chance(0.3) then return bulk_line(history, job, env, client) end
  for i = 1, dice:random(3) do
    local id = history.platform.ids[dice:random(history.plan.assets)]
    dice:pick(EDITS)(client.data_assets, id, job, i)
  end
end

-- What is there when a line begins.
local function remember(history, own)
  own.line = { commits = {}, assets = {}, archived = {} }
  for _, id in ipairs(history.platform.ids) do
    own.line.commits[id] = #(history.touched[id] or {})
    own.line.assets[id] = platforms.copy(history.platform.assets[id])
    own.line.archived[id] = history.platform.archived[id] == true
  end
end

local function is_ours(history, job, id, from)
  local commits = history.touched[id] or {}
  for i = from + 1, #commits do
    local run = commits[i].actor.run
    if run ~= job and not (run and run.undoes == job) then return false end
  end
  return true
end

-- Each asset that nobody else wrote since is as it was when the line began.
local function check_line(history, job, line)
  for id, before in pairs(line.assets) do
    local after = history.platform.assets[id]
    if after and is_ours(history, job, id, line.commits[id]) then
      local name = next(kinds.difference { before = before, after = after,
        archived_before = line.archived[id],
        archived_after = history.platform.archived[id] == true })
      if name then
        history:fail("undo", "%s: after undo(), %s of %s is not as before", job.name, name, id)
      end
    end
  end
end

local function is_settled(report)
  local counts = report.counts
  return counts.failed + counts.unknown + counts.pending + counts.conflict == 0
end

local function undo_journal(history, job, own, undo)
  history:count "undo() of a line"
  local report, err = undo()
  jobs.check_error(history, job, err)
  local is_whole = report and own.changed and not own.interrupted and is_settled(report)
  if is_whole then check_line(history, job, own.line) end
end

local function lines(history, job, own, env, client)
  local undo = env.require("colua.undo").new { deployment = { client = client },
    show = { line = function() return true end } }
  own.journals = {}
  client:on("progress", function(event) own.journals[#own.journals + 1] = event.journal end)
  client:on("request", function()
    own.journals[#own.journals + 1] = undo.journal and undo.journal.path
  end)
  for _ = 1, job.dice:random(4) do
    history.world:wait(job.dice:random(60) / 10)
    undo:begin()
    remember(history, own)
    local interrupted = history.world:fault("interrupt", 0.2)
    own.interrupted = own.interrupted or interrupted -- what was on its way arrives later
    if interrupted then
      history.world:at(history.world.now + job.dice:random(30) / 100, function()
        if not own:is_over() then client:cancel() end
      end)
    end
    write_line(history, job, env, client)
    local _, pushed = undo:finish(interrupted)
    own.changed = pushed ~= nil
    if job.dice:chance(0.5) then undo_journal(history, job, own, undo) end
  end
end

function M.new(history, k, dice)
  local job = new_job(history, k, dice)
  local process = jobs.process(history, job, function(_, client, own, env)
    lines(history, job, own, env, client)
  end)
  jobs.threaten(history, process, 60)
  return job
end

return M
