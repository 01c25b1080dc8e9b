--- One history: actors, a storm, and what must hold throughout and at the end.
--
-- The invariants:
--   intent      no write of a run without its intent durable in the run's journal
--   confirmed   nothing written before somebody agreed, nor what was not shown
--   patch       no field, tag or key changed that the run does not name; one round trip between
--               read and write remains, which is counted (races) and which verify repairs
--   archived    deletes only of assets that are archived, or were a moment ago
--   outcome     an `ok` is done, a refused or unsent write is not
--   counts      one record for each input, and they sum
--   resume      a run that was killed and resumed ends as one that was not
--   undo        what the run changed is taken back, what others changed stays
--   lock        one writer of a journal
--   foreign     a file that is not ours is as it was
--   secret      the token stands nowhere

local files = require "files"
local kinds = require "runs"
local machines = require "machine"
local platforms = require "platform"
local storms = require "storm"
local worlds = require "world"

local M = {}

local TOKEN = "cop_simulated_token"
local MOST_EVENTS = 200000
local FOREIGN = "my notes, no journal"
local UNARCHIVED_LATELY = 30 -- seconds: how old a listing of the archive may be in a slow storm

local History = {}
History.__index = History

local function fail(self, invariant, form, ...)
  self.problem = self.problem or ("%s: %s"):format(invariant, form:format(...))
end

-- Watching ---------------------------------------------------------------------------------------

local function on_line(self)
  return function(path, line)
    if line:find(TOKEN, 1, true) then fail(self, "secret", "the token stands in %s", path) end
    local id = line:find '"intent":%d' and line:match '"id":"([%x-]+)"'
    if not id then return end
    self.intents[path] = self.intents[path] or {}
    self.intents[path][id] = true
  end
end

-- Somebody else wrote between this process's read and its write.
local function is_race(self, commit)
  local read = self.reads[commit.actor] and self.reads[commit.actor][commit.id] or 0
  return (self.commits[commit.id] or 0) > read
end

local function check_run(self, commit, run)
  local difference = kinds.difference(commit)
  if next(difference) == nil then return end
  if not (self.intents[run.journal] or {})[commit.id] then
    fail(self, "intent", "%s wrote %s without a durable intent", run.name, commit.id)
  end
  if not run.agreed then fail(self, "confirmed", "%s wrote %s unasked", run.name, commit.id) end
  if not run.selected[commit.id] then
    fail(self, "confirmed", "%s wrote %s, which was not selected", run.name, commit.id)
  end
  if run.allows(difference) then return end
  if is_race(self, commit) then
    self.races = self.races + 1
    return
  end
  local names = {}
  for name in pairs(difference) do names[#names + 1] = name end
  table.sort(names)
  fail(self, "patch", "%s changed %s of %s", run.name, table.concat(names, ", "), commit.id)
end

local function on_commit(self)
  return function(commit)
    local run = commit.actor.run
    if commit.operation == "delete" then
      local lately = self.world.now - (self.unarchived[commit.id] or -1e9) < UNARCHIVED_LATELY
      if not commit.archived_before and not lately then
        fail(self, "archived", "%s deleted %s, which is not archived", commit.actor.name, commit.id)
      end
    elseif commit.archived_before and not commit.archived_after then
      self.unarchived[commit.id] = self.world.now
    end
    if run then check_run(self, commit, run) end
    self.commits[commit.id] = (self.commits[commit.id] or 0) + 1
    local touched = self.touched[commit.id] or {}
    self.touched[commit.id] = touched
    touched[#touched + 1] = { actor = commit.actor, commit = commit }
  end
end

-- What a process has read, for telling a race from a mistake.
local function watch_reads(self)
  local get = self.platform.get
  function self.platform.get(platform, actor, request)
    self.reads[actor] = self.reads[actor] or {}
    self.reads[actor][request.id] = self.commits[request.id] or 0
    return get(platform, actor, request)
  end
end

-- Actors -----------------------------------------------------------------------------------------

local function some_ids(self)
  local list, set = {}, {}
  for _, id in ipairs(self.platform.ids) do
    if self.world:chance(0.6) then
      list[#list + 1] = id
      set[id] = true
    end
  end
  if not list[1] then list[1], set[self.platform.ids[1]] = self.platform.ids[1], true end
  return list, set
end

-- A person at the prompt: thinks, then says yes, mostly.
local function confirmation(self, run)
  return function(plan)
    self.world:wait(self.world:random(600) / 10)
    if plan.count < 1 then fail(self, "confirmed", "%s asks about nothing", run.name) end
    run.agreed = run.agreed or self.world:chance(0.9)
    return run.agreed
  end
end

local function spec_of(self, run)
  local spec = run.kind.spec(run.k)
  spec.name, spec.ids, spec.journal = run.name, run.ids, run.journal
  spec.max_delete, spec.verify, spec.jobs = 1000, run.verify or nil, run.jobs
  if run.asks then spec.confirm = confirmation(self, run) end
  return spec
end

local function check_report(self, run, report)
  local sum = 0
  for _, count in pairs(report.counts) do sum = sum + count end
  if sum ~= #run.ids then
    fail(self, "counts", "%s: %d of %d inputs are counted", run.name, sum, #run.ids)
  end
  local records = 0
  for _ in ipairs(report.records) do records = records + 1 end
  if records ~= #run.ids then
    fail(self, "counts", "%s: %d records of %d inputs", run.name, records, #run.ids)
  end
end

-- A mistake of the library's own, wherever it was caught.
local function check_error(self, run, err)
  if err and err.kind == "script" then fail(self, "traceback", "%s: %s", run.name, err.message) end
end

-- A process that runs, or goes on with, a bulk run.
local function start_run(self, run, resume)
  local process
  process = self.world:start(run.name, function(own)
    own.run = run
    local require_in = self.machine:library(own)
    local client = assert(require_in("codeocean").client { domain = "simulated.example",
      token = TOKEN, dialect = "current" })
    local spec = spec_of(self, run)
    if resume then spec.journal, spec.resume = nil, run.journal end
    local report, err = require_in("codeocean.bulk").run(client, spec)
    own.report, own.err = report, err
    if report then check_report(self, run, report) end
    check_error(self, run, err)
  end)
  process.run = run
  return process
end

local function new_run(self, k)
  local world = self.world
  local name = world:pick(kinds.NAMES)
  local kind = kinds.KINDS[name]
  local run = { k = k, name = name .. k, kind = kind, journal = ("/state/run%d.jsonl"):format(k),
    asks = world:chance(0.5), verify = world:chance(0.3), jobs = world:random(8) }
  run.agreed = not run.asks
  run.ids, run.selected = some_ids(self)
  function run.allows(difference) return kind.allows(k, difference) end
  return run
end

-- A person who edits by hand: reads, thinks a little, writes the whole.
local function start_editor(self, k)
  local world, platform = self.world, self.platform
  world:start("editor" .. k, function(own)
    for i = 1, world:random(6) do
      world:wait(world:random(300) / 10)
      local id = world:pick(platform.ids)
      local asset = platform:get(own, { id = id }).body
      if asset and asset.id then
        local choice = world:random(4)
        if choice == 1 then
          asset.tags[#asset.tags + 1] = ("h%d-%d"):format(k, i)
        elseif choice == 2 then
          asset.description = ("hand %d-%d"):format(k, i)
        elseif choice == 3 then
          asset.custom_metadata["h" .. k] = i
        end
        if choice == 4 then
          platform:archive(own, { id = id, params = { archive = not platform.archived[id] } })
        else
          platform:update(own, { id = id, params = asset })
        end
      end
    end
  end)
end

local start_undo

-- Kills, power cuts -------------------------------------------------------------------------------

local function is_over(process) return process.ended or process.killed end

-- Ends every process of the machine; people and other machines go on.
local function power_cut(self)
  for _, process in ipairs(self.world.processes) do
    if process.run and not is_over(process) then self.world:kill(process) end
  end
  self.files:power_cut()
end

local function kill_at_random(self, process)
  local world = self.world
  if not world:chance(0.6) then return end
  world:at(world.now + world:random(400) / 100, function()
    if is_over(process) then return end
    world:kill(process)
    if world:chance(0.4) then power_cut(self) end
  end)
end

-- Starts the run, kills it, goes on with it, now and then twice at once; the last time in calm.
local function supervise(self, run)
  local world = self.world
  world:start("supervisor of " .. run.name, function()
    local tries = 0
    local process = start_run(self, run)
    kill_at_random(self, process)
    repeat
      while not is_over(process) do world:wait(5) end
      local open = process.killed or process.err or process.report and (process.report.error
        or process.report.interrupted or process.report.stopped
        or process.report.counts.unknown + process.report.counts.pending
          + process.report.counts.failed > 0)
      local done = not open or process.report and process.report.refused or tries > 6
      run.process, run.finished = process, not open
      if not done then
        tries = tries + 1
        if tries > 3 then world.calm = true end
        world:wait(world:random(20))
        local again = self.files.by_path[run.journal] ~= nil
        process = start_run(self, run, again)
        if again and world:chance(0.2) then
          local other = start_run(self, run, true)
          run.second = other
        end
        if tries <= 3 then kill_at_random(self, process) end
      end
    until done
    if world:chance(0.4) and process.report and not process.report.refused then
      start_undo(self, run)
    end
  end)
end

-- Undo --------------------------------------------------------------------------------------------

-- Takes the run back once it is over; in calm, since what a storm does to a run is seen above.
function start_undo(self, run)
  self.world.calm = true
  run.undo = self.world:start("undo of " .. run.name, function(own)
    own.run = { name = "undo-" .. run.name, journal = run.journal .. ".undo", agreed = true,
      selected = run.selected, allows = function() return true end, undoes = run }
    local require_in = self.machine:library(own)
    local client = assert(require_in("codeocean").client { domain = "simulated.example",
      token = TOKEN, dialect = "current" })
    local spec, err = require_in("codeocean.bulk.undo").spec(run.journal)
    if spec then
      spec.journal = own.run.journal
      own.report, own.err = require_in("codeocean.bulk").run(client, spec)
      err = own.err
    end
    own.refused = err
    check_error(self, run, err)
  end)
end

-- The asset as it was before the run's first write to it; nil if others wrote it too.
local function before_run(self, run, id)
  local first
  for _, entry in ipairs(self.touched[id] or {}) do
    local own = entry.actor.run
    if own ~= run and not (own and own.undoes == run) then return nil end
    if own == run then first = first or entry.commit end
  end
  return first
end

local function check_undo(self, run)
  local undo = run.undo
  if undo.killed then return end -- by a power cut that was on its way
  if undo.problem then return fail(self, "traceback", "%s: %s", undo.name, undo.problem) end
  if run.kind.destroys then
    if not undo.refused then fail(self, "undo", "a deletion was undone") end
    return
  end
  if not undo.report then return fail(self, "undo", "%s: %s", undo.name, tostring(undo.refused)) end
  for id in pairs(run.selected) do
    local commit = before_run(self, run, id)
    local asset = self.platform.assets[id]
    if commit and asset then
      commit.after, commit.archived_after = asset, self.platform.archived[id] == true
      for name in pairs(kinds.difference(commit)) do
        fail(self, "undo", "after the undo of %s, %s of %s is not as before", run.name, name, id)
      end
    end
  end
end

-- The end ----------------------------------------------------------------------------------------

-- Whether somebody else wrote the asset after this run did, or at the same time.
local function others_wrote(self, run, id)
  for _, entry in ipairs(self.touched[id] or {}) do
    if entry.actor.run ~= run then return true end
  end
  return false
end

local function check_end(self, run)
  local process = run.process
  if process and process.problem then
    return fail(self, "traceback", "%s: %s", run.name, process.problem)
  end
  if run.second and run.second.problem then
    return fail(self, "traceback", "%s: %s", run.name, run.second.problem)
  end
  if run.undo then return check_undo(self, run) end
  local report = process and process.report
  if not report then return end
  for _, record in ipairs(report.records) do
    check_error(self, run, record.error)
    local asset = self.platform.assets[record.id]
    local archived = self.platform.archived[record.id] == true
    local contested = run.kind.contested and others_wrote(self, run, record.id)
    local ok = record.status == "ok" or record.status == "unchanged"
    if ok and not contested and not others_wrote(self, run, record.id)
      and not (asset == nil and not run.kind.destroys)
      and not run.kind.done(run.k, asset, archived) then
      fail(self, "outcome", "%s says %s of %s, which is not so", run.name, record.status, record.id)
    end
  end
end

local function check_foreign(self)
  if self.files:content "/state/notes" ~= FOREIGN then
    fail(self, "foreign", "a file that is not ours was changed")
  end
end

--- play(seed [, options]) -> {seed, events, races, problem or nil}. options: actors; storm (false:
-- a calm history).
function M.play(seed, options)
  options = options or {}
  local world = worlds.new(seed)
  local self = setmetatable({ world = world, intents = {}, reads = {}, commits = {}, touched = {},
    unarchived = {}, races = 0 }, History)
  self.platform = platforms.new(2 + world:random(10), on_commit(self))
  self.files = files.new(world, on_line(self))
  self.files.by_path["/state/notes"] = { durable = FOREIGN, written = "" }
  self.machine = machines.new(world, self.platform, self.files)
  watch_reads(self)
  if options.storm ~= false then world.storm = storms.new(world) end
  local runs = {}
  for k = 1, options.actors or world:random(3) do
    runs[k] = new_run(self, k)
    supervise(self, runs[k])
  end
  for k = 1, world:random(3) - 1 do start_editor(self, k) end
  function world.after_event()
    if world.calm then world.storm = {} end
  end
  if world:run(MOST_EVENTS) then fail(self, "end", "no end after %d events", MOST_EVENTS) end
  for _, run in ipairs(runs) do check_end(self, run) end
  check_foreign(self)
  return { seed = seed, events = world.events, races = self.races, problem = self.problem }
end

return M
