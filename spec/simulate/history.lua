--- One history: the plan of its seed, its events in virtual time, and whether all invariants held.
--
-- Invariants that hold at each event are in watch.lua, those of reports in jobs.lua, and each actor
-- has its own in its check().

local dice_of = require "dice"
local files = require "files"
local jobs = require "jobs"
local library = require "library"
local platforms = require "platform"
local storms = require "storm"
local watch = require "watch"
local weather = require "weather"
local worlds = require "world"

local M = {}

local MOST_EVENTS = 200000
local LONGEST = 3 * 3600 -- seconds of virtual time in which all must have ended
local FOREIGN = "my notes, no journal"

local ACTORS = {}
for _, name in ipairs { "run", "plan", "script", "creates", "session", "clumsy", "editor" } do
  ACTORS[name] = require("actors." .. name)
end

-- How often each kind is drawn.
local DRAWN = { "run", "run", "run", "run", "run", "run", "plan", "plan", "script", "script",
  "creates", "creates", "session", "session", "session", "clumsy" }

local History = {}
History.__index = History

--- fail(invariant, form, …): something does not hold; the first is kept.
function History:fail(invariant, form, ...)
  self.problem = self.problem or ("%s: %s"):format(invariant, form:format(...))
end

--- count(name): it happened once more, for the table that a run prints.
function History:count(name) self.world:count(name) end

--- calm(): no fault happens any more, and those that last are over.
function History:calm()
  self.world:calm()
  self.platform.revoked, self.platform.forbidden = false, {}
end

-- Planning ----------------------------------------------------------------------------------------

local function draw_actors(dice)
  local actors = {}
  for _ = 1, dice:random(3) do
    actors[#actors + 1] = { kind = dice:pick(DRAWN), seed = dice:random(1 << 30) }
  end
  for _ = 1, dice:random(3) - 1 do
    actors[#actors + 1] = { kind = "editor", seed = dice:random(1 << 30) }
  end
  return actors
end

--- plan(seed) -> {seed, assets (their number), lag, actors = list of {kind, seed}, storm}.
function M.plan(seed)
  local dice = dice_of.new(seed)
  return { seed = seed, assets = 1 + dice:random(10), lag = dice:random(4) - 1,
    actors = draw_actors(dice), storm = storms.new(dice) }
end

-- Playing -----------------------------------------------------------------------------------------

local function new(plan, only)
  local storm = {}
  for name, often in pairs(plan.storm) do
    if not only.storm or only.storm[name] then storm[name] = often end
  end
  local world = worlds.new(plan.seed + (1 << 40), storm, only.faults)
  local self = setmetatable({ plan = plan, world = world, intents = {}, ids = {}, planned = {},
    reads = {}, commits = {}, touched = {}, created = {}, unarchived = {}, wrote = {},
    to_create = {}, races = 0 }, History)
  local on_line, on_commit, on_read, read_of = watch.listeners(self)
  self.names = dice_of.new(plan.seed + (1 << 41)) -- of files; those of the world stay as they are
  local began = world.clock
  self.began = began
  self.platform = platforms.new(plan.assets, function() return began + world.now end, on_commit)
  self.platform.on_read, self.platform.read_of, self.platform.lag = on_read, read_of, plan.lag
  self.files = files.new(world, on_line)
  self.files:put("/state/notes", FOREIGN)
  return self
end

local function start_actors(self, only)
  local list = {}
  for k, actor in ipairs(self.plan.actors) do
    if not only.actors or only.actors[k] then
      list[#list + 1] = ACTORS[actor.kind].new(self, k, dice_of.new(actor.seed))
    end
  end
  return list
end

local function check_files(self)
  if self.files:content "/state/notes" ~= FOREIGN then
    self:fail("foreign", "a file that is not ours was changed")
  end
  if self.files.problem then self:fail("lock", "%s", self.files.problem) end
end

--- play(plan [, only]) -> {seed, events, faults, races, happened = {name = how often}, problem or
-- nil}. plan: of plan(), or its seed. only: {actors = set of numbers, storm = set of names, faults
-- = set of numbers}, each optional: what else the plan has is left out.
function M.play(plan, only)
  if type(plan) ~= "table" then plan = M.plan(plan) end
  local self = new(plan, only or {})
  library.enter(self)
  weather.start(self)
  local actors = start_actors(self, only or {})
  local endless = self.world:run(MOST_EVENTS) or self.last_event and self.last_event > LONGEST
  if endless then self:fail("end", "no end after %d events", self.world.events) end
  jobs.check_processes(self)
  for _, actor in ipairs(actors) do
    if actor.check then actor:check(self) end
  end
  check_files(self)
  return { seed = plan.seed, events = self.world.events, faults = self.world.faults,
    races = self.races, happened = self.world.happened, problem = self.problem }
end

return M
