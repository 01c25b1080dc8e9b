--- The invariants that are checked at each line that becomes durable and at each committed write.
--
--   intent      no write of a run without its intent durable in the run's journal
--   confirmed   nothing written before somebody agreed, nor what was not selected
--   patch       no field, tag or key changed that the run does not name; where another write came
--               between its read and its write, that is a race, which the API leaves open
--   drift       no value written over that somebody changed since it was planned
--   fresh       and such a read is not older than a round trip
--   archived    deletes only of assets that are archived, or were a moment ago
--   brake       a run writes to no more assets than its max_changes says
--   dry         a dry run writes nothing
--   secret      the token and the keys of a request occur nowhere
--
-- A job is what a person wants done: {name, journal, may (names of what may change, kinds.lua),
-- selected (set of ids), agreed, most, dry}; terms(id), if it has that, gives the job for one
-- asset. leaves_no_trace: a write that changes nothing has no intent. Each process that works on
-- a job has it as process.run.

local kinds = require "kinds"

local M = {}

local UNARCHIVED_LATELY = 60 -- seconds: how old a listing of the archive may be in a slow storm
local ROUND_TRIP = 9 -- seconds: two ways in a slow storm, and the start of a repeat between them

M.TOKEN = "cop_simulated_token"
M.KEY = "simulated-secret-key"

-- A run that is done has nothing left.
local function check_ending(history, path, line)
  if not line:find('"state":"done"', 1, true) then return end
  for _, status in ipairs { "pending", "unknown" } do
    local n = line:match(('"%s":(%%d+)'):format(status))
    if n and n ~= "0" then
      history:fail("counts", "%s says done with %s %s", path, n, status)
    end
  end
end

-- What a line plans to write over: a description, or the tags as a whole.
local function record_plan(history, path, id, line)
  history.planned[path] = history.planned[path] or {}
  local tags = line:match '"tags":(%b{})'
  history.planned[path][id] = {
    description = line:match '"description":{"after":"[^"]*","before":"([^"]*)"}',
    tags = tags and tags:find('"whole":true', 1, true) and tags:match '"before":(%b[])' }
end

--- ids_in(text) -> the ids that these lines of a journal list. A list fits one line here; the last
-- one counts, since a resume selects again if the selection was interrupted.
function M.ids_in(text)
  local ids = {}
  for id in (text:match '.*{"ids":(%b[])' or ""):gmatch "[%x-]+" do ids[#ids + 1] = id end
  return ids
end

-- The id that a line is about: its own, or that of its input in the list of ids above it.
local function id_of(history, path, line)
  local listed = M.ids_in(line)
  if listed[1] then history.ids[path] = listed end
  local ids = history.ids[path] or {}
  local index = line:match '"intent":(%d+)' or line:match '"plan":(%d+)'
  return line:match '"id":"([%x-]+)"' or index and ids[tonumber(index)]
end

local function on_line(history, path, line)
  for _, secret in ipairs { M.TOKEN, M.KEY } do
    if line:find(secret, 1, true) then history:fail("secret", "%s holds a secret", path) end
  end
  if line:find('"end":', 1, true) then check_ending(history, path, line) end
  local id, name = id_of(history, path, line), line:match '"intent":%d+,"name":"([^"]+)"'
  if name and line:find('"request":', 1, true) then
    local key = path .. name
    history.to_create[key] = (history.to_create[key] or 0) + 1
  end
  if id and line:find '"plan":%d' then record_plan(history, path, id, line) end
  if not (id and line:find '"intent":%d') then return end
  history.intents[path] = history.intents[path] or {}
  history.intents[path][id] = true
end

-- The read that a write is made from, when it is submitted: permissions and the other fields have a
-- request each.
local function read_of(history, actor, operation, id)
  local read = operation == "set_permissions" and "get_permissions" or "get"
  local reads = (history.reads[actor] or {})[read] or {}
  return reads[id] or { commits = 0, at = 0 }
end

-- Whether another process wrote between the read and the write, and how old the read is.
local function race(history, commit)
  local read = commit.read
  return (history.commits[commit.id] or 0) > read.commits, history.world.now - read.at
end

-- A session has a journal for each line; a request may arrive after the end of its line.
local function has_intent(history, process, job, id)
  for _, path in ipairs(process.journals or { process.journal or job.journal }) do
    if (history.intents[path] or {})[id] then return true end
  end
  return false
end

local function check_permission(history, commit, job)
  local id = commit.id
  if job.dry then history:fail("dry", "%s wrote %s in a dry run", job.name, id) end
  if not has_intent(history, commit.actor, job, id) then
    history:fail("intent", "%s wrote %s without a durable intent", job.name, id)
  end
  if not job.agreed then history:fail("confirmed", "%s wrote %s unasked", job.name, id) end
  if not job.selected[id] then
    history:fail("confirmed", "%s wrote %s, which was not selected", job.name, id)
  end
end

-- A copy of a journal is a run of its own, with a brake of its own.
local function check_brake(history, commit, job)
  local path = commit.actor.journal or job.journal or job.name -- a session has no single one
  job.written = job.written or {}
  job.written[path] = job.written[path] or { count = 0 }
  local written = job.written[path]
  if written[commit.id] then return end
  written[commit.id] = true
  written.count = written.count + 1
  if job.most and written.count > job.most then
    history:fail("brake", "%s wrote %d assets, at most %d may", job.name, written.count, job.most)
  end
end

local function check_patch(history, commit, job, difference)
  local beyond = kinds.beyond(job.may, difference)
  if not beyond then return end
  local is_race, age = race(history, commit)
  if is_race and age <= ROUND_TRIP then
    history.races = history.races + 1
  elseif is_race then
    history:fail("fresh", "%s wrote %s of %s as it was %.0f s ago", job.name, beyond, commit.id,
      age)
  else
    history:fail("patch", "%s changed %s of %s", job.name, beyond, commit.id)
  end
end

local function listed(tags)
  return #tags > 0 and '["' .. table.concat(tags, '","') .. '"]' or "[]"
end

local function check_drift(history, commit, job, difference)
  local planned = (history.planned[commit.actor.journal or job.journal] or {})[commit.id]
  if not planned or race(history, commit) then return end
  local described = difference.description and planned.description
  if described and described ~= commit.before.description then
    history:fail("drift", "%s wrote over the description of %s", job.name, commit.id)
  end
  if planned.tags and next(difference) and planned.tags ~= listed(commit.before.tags) then
    history:fail("drift", "%s wrote over the tags of %s", job.name, commit.id)
  end
end

local function check_archived(history, commit)
  if commit.operation == "delete" then
    local lately = history.world.now - (history.unarchived[commit.id] or -1e9) < UNARCHIVED_LATELY
    if not commit.archived_before and not lately then
      history:fail("archived", "%s deleted %s, which is not archived", commit.actor.name, commit.id)
    end
  elseif commit.archived_before and not commit.archived_after then
    history.unarchived[commit.id] = history.world.now
  end
end

local function check_run(history, commit, job)
  local difference = kinds.difference(commit)
  local terms = job.terms and job.terms(commit.id) or job
  local trace = not job.leaves_no_trace or next(difference) ~= nil and not race(history, commit)
  if trace then
    check_permission(history, commit, terms)
  end
  check_patch(history, commit, terms, difference)
  check_drift(history, commit, job, difference)
  if next(difference) == nil then return end
  check_brake(history, commit, job)
  local journal = commit.actor.journal or job.journal
  if journal then
    history.wrote[journal] = history.wrote[journal] or {}
    history.wrote[journal][commit.id] = true
  end
end

-- Each write to an asset, in order.
local function remember(history, commit)
  local id = commit.id
  history.commits[id] = (history.commits[id] or 0) + 1
  history.touched[id] = history.touched[id] or {}
  table.insert(history.touched[id], commit)
end

-- Each create has a durable intent of its own.
local function check_create(history, commit, job)
  local key = job.journal .. commit.after.name
  history.to_create[key] = (history.to_create[key] or 0) - 1
  if history.to_create[key] < 0 then
    history:fail("intent", "%s created %s without a durable intent", job.name, commit.after.name)
  end
end

local function on_commit(history, commit)
  local job = commit.actor.run
  if commit.operation == "create" then
    check_create(history, commit, job)
    history.created[#history.created + 1] = commit
    return
  end
  check_archived(history, commit)
  if job and job.may then check_run(history, commit, job) end
  remember(history, commit)
end

--- listeners(history) -> on_line, on_commit, on_read, read_of, for files and platform.
function M.listeners(history)
  return function(...) on_line(history, ...) end,
    function(commit) on_commit(history, commit) end,
    function(actor, id, operation)
      local reads = history.reads[actor] or { get = {}, get_permissions = {} }
      history.reads[actor] = reads
      reads[operation][id] = { commits = history.commits[id] or 0, at = history.world.now }
    end,
    function(...) return read_of(history, ...) end
end

return M
