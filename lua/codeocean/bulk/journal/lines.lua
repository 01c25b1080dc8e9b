--- The kinds of lines of a journal: their effect on the ledger, and the checks of a line that was
-- read. codeocean.bulk.journal.ledger lists the kinds.
--
-- Used by the ledger alone. `self` is the ledger. What must hold: apply() returns false for a line
-- that a run cannot have written. The file is damaged then, and no write depends on it.

local ascii = require "codeocean.ascii"
local core = require "codeocean.core"
local id_list = require "codeocean.bulk.journal.id_list"
local patches = require "codeocean.bulk.plan.patch"

local M = {}

local STATUS_NAMES = { "ok", "unchanged", "skipped", "missing", "drift", "conflict", "failed",
  "unknown", "pending" }
local STATE_NAMES = { "given", "planned", "agreed", "open", table.unpack(STATUS_NAMES) }
local STATUSES = {}
for _, name in ipairs(STATUS_NAMES) do STATUSES[name] = true end

--- The set of the statuses that an outcome may have.
M.STATUSES = STATUSES

--- begin(self): gives the ledger an empty index. The index has, for each input, the id, the state,
-- and the places of the lines of its change and its outcome.
function M.begin(self)
  self.ids, self.states = id_list.new(), core.column(STATE_NAMES)
  self.changes, self.outcomes = core.column(), core.column()
end

local STATES = { done = true, interrupted = true, refused = true }

local function add_ids(self, line)
  if type(line.ids) ~= "table" or self.selected then return false end
  for _, id in ipairs(line.ids) do
    if not self.ids:add(id) then return false end
  end
  return true
end

local function select(self, line)
  local count = line.selected
  if self.header.journal == 1 then count = self.ids.count end
  self.selected, self.count = true, count
  self.ids:seal()
  return math.type(count) == "integer" and (self.ids.count == 0 or count == self.ids.count)
end

local function is_count(n) return math.type(n) == "integer" and n >= 0 end

local function fits_count(_, _, n) return is_count(n) end

-- Whether the line is about an input of this journal.
local function names_input(self, line, index)
  local count = self.selected and self.count or self.ids.count
  if math.type(index) ~= "integer" or index < 1 or index > count then return false end
  if type(line.name or "") ~= "string" then return false end
  if line.id == nil then return true end
  local id = self.ids:get(index)
  return type(line.id) == "string" and (not id or ascii.lower(line.id) == id)
end

local NO_PATCH = { delete = true, create = true }

-- Checks a change of format 1, which has the fields before and after; only an update needs `after`.
local function fits_old(self, line)
  local after = line.after
  if after == nil then after = self.header.action ~= "update" and {} end
  return type(line.before or {}) == "table" and type(after) == "table"
end

local function fits_change(self, line, index)
  if not names_input(self, line, index) then return false end
  if self.header.journal == 1 then return fits_old(self, line) end
  return line.patch == nil and NO_PATCH[self.header.action] or patches.valid(line.patch)
end

local function fits_given(self, line, index)
  if type(line.values) == "table" then return names_input(self, line, index) end
  return fits_change(self, line, index)
end

local ERROR_FIELDS = { string = { "kind", "message", "operation", "outcome" },
  number = { "status", "attempts", "retry_after" } } -- by type

-- Whether a value is the error of an outcome; in format 1 an error is only a text.
local function fits_error(err)
  if type(err) ~= "table" then return err == nil or type(err) == "string" end
  for expected, names in pairs(ERROR_FIELDS) do
    for _, name in ipairs(names) do
      if err[name] ~= nil and type(err[name]) ~= expected then return false end
    end
  end
  return true
end

local OF_A_CHANGE = { pending = true, unknown = true } -- statuses of an input that has a change

-- Checks an outcome. Before `pending` or `unknown` there must be a line of the input's change.
local function fits_outcome(self, line, index)
  if not names_input(self, line, index) or not STATUSES[line.status] then return false end
  local has_change = self.states[index] ~= nil and self.changes[index] ~= nil
  return fits_error(line.error) and (has_change or not OF_A_CHANGE[line.status])
end

local function change(kind, state)
  return function(self, line, at)
    self.states[line[kind]], self.changes[line[kind]] = state, at
    if line.patch and line.patch.archived then self.archives = true end
    return true
  end
end

-- A revoked intent (`pending`) leaves its input confirmed. An outcome without a plan has no change:
-- an earlier plan that was declined does not belong to it.
local function outcome(self, line, at)
  local index, revoked = line.outcome, line.status == "pending"
  if self.states[index] == nil then self.changes[index] = nil end
  self.states[index] = revoked and "agreed" or line.status
  self.outcomes[index] = not revoked and at or nil
  return true
end

local function set_planned(self, state)
  local states = self.states
  for index = 1, #states do
    if states[index] == "planned" then states[index] = state end
  end
end

-- Confirms the plans so far, not later ones.
local function confirm(self, line)
  self.confirmed = line.all and "all" or true
  set_planned(self, "agreed")
  return true
end

-- Drops plans that were not confirmed. Changes from a plan file or an undo stay planned.
local function unplan(self)
  local selection = self.header.selection
  if selection and selection.patches then return end
  set_planned(self, nil)
end

-- Drops the plans that were declined. A resume plans their inputs again and asks again, even if all
-- changes of the run were confirmed before.
local function refuse(self)
  self.confirmed = self.confirmed and true
  unplan(self)
  return true
end

-- Drops a selection that was interrupted, and the unconfirmed plans of an earlier forced
-- resumption, whose script may have changed again.
local function resume(self, line)
  self.ended = nil
  if not self.selected then M.begin(self) end
  if self.forced then unplan(self) end
  self.forced = line.forced
  return true
end

local function are_counts(counts)
  if type(counts) ~= "table" then return false end
  for status, n in pairs(counts) do
    if not STATUSES[status] or not is_count(n) then return false end
  end
  return true
end

--- is_ending(counts, state) -> whether they are the counts and the state of a last line.
function M.is_ending(counts, state) return are_counts(counts) and STATES[state] == true end

local function finish(self, line)
  if not M.is_ending(line["end"], line.state) then return false end
  self.ended, self.counts = line.state, line["end"]
  return true
end

local function undone(self, line, at)
  self.undone = line.undone
  self.undos[#self.undos + 1] = { path = line.undone, at = at }
  return type(line.undone) == "string"
end

-- By kind, the function that adds a line to the ledger; it returns false for a damaged line.
local KINDS = {
  ids = add_ids,
  selected = select,
  given = change("given", "given"),
  plan = change("plan", "planned"),
  confirmed = confirm,
  refused = refuse,
  intent = change("intent", "open"),
  outcome = outcome,
  resumed = resume,
  undone = undone,
  ["end"] = finish,
}

-- The kinds, the most frequent first.
local OFTEN = { "outcome", "intent", "plan", "given", "ids", "selected", "confirmed", "refused",
  "resumed", "undone", "end" }

-- Checks of a line that was read: journals may have been edited.
local FITS = { given = fits_given, plan = fits_change, intent = fits_change,
  outcome = fits_outcome, confirmed = fits_count, refused = fits_count }

--- apply(self, line, at) -> true once the line at byte `at` is in the ledger; false if it is
-- damaged.
function M.apply(self, line, at)
  for i = 1, #OFTEN do
    local kind = OFTEN[i]
    local value = line[kind]
    if value ~= nil then
      local fits = not FITS[kind] or FITS[kind](self, line, value)
      return fits and KINDS[kind](self, line, at)
    end
  end
  return true
end

--- apply_written(self, kind, line, at): the same, without checks, for a line about an input that
-- this run has just written.
function M.apply_written(self, kind, line, at) KINDS[kind](self, line, at) end

return M
