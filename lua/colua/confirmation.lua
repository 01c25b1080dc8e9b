--- Confirmation at the prompt: asks before a deletion and before a bulk run writes, with the words
-- of the commands, and counts the writes that a dry run held back. Subscribes to the client's
-- hooks; the session makes one.

local ascii = require "codeocean.ascii"
local text = require "codeocean.text"
local errors = require "codeocean.error"
local confirmation = require "codeocean.cli.confirmation"

local M = {}

local Confirmation = { __name = "colua.confirmation" }
Confirmation.__index = Confirmation

-- Asking -----------------------------------------------------------------------------------------

local YES = { y = true, yes = true }

-- The answer in lower case; nil at the end of the input or on Ctrl-C.
local function read_answer(self, question)
  local answer = self.repl.terminal.read(question .. " ")
  return answer and ascii.lower(answer):match("^%s*(.-)%s*$")
end

local function described(self, id)
  local name = self.repl.seen:name(id)
  return name and (' "%s"'):format(text.escape(name)) or ""
end

-- Asks about each deletion of a line; from the second on, "all" allows the rest of the line.
local function may_delete(self, id)
  if self.deleting == "all" then return true end
  local several = self.deletions > 0
  local question = ("Delete %s%s for good? [y/N%s]"):format(text.escape(tostring(id)),
    described(self, id), several and "/all" or "")
  local answer = read_answer(self, question)
  if several and answer == "all" then self.deleting = "all" end
  return YES[answer] or self.deleting == "all"
end

local function refused(id)
  return errors.new { kind = "refused", operation = "delete", id = id, outcome = "not_sent",
    message = "not confirmed: nothing was deleted" }
end

local function confirm(self, plan)
  for _, line in ipairs(confirmation.lines(plan)) do
    self.repl.show:line(line, confirmation.style(line))
  end
  return confirmation.agrees(plan,
    read_answer(self, (confirmation.question(plan):gsub(" $", ""))))
end

-- The client's hooks ------------------------------------------------------------------------------

-- Refuses a deletion that is not confirmed; not those of a bulk run, whose plan was confirmed.
local function before_write(self, call)
  if call.operation ~= "delete" or call.run or self.client.dry_run then return end
  if not may_delete(self, call.id) then return refused(call.id) end
  self.deletions = self.deletions + 1
end

-- Counts the writes that a dry run held back.
local function after_answer(self, call, _, err)
  if err and err.kind == "dry_run" then
    self.held[call.operation] = (self.held[call.operation] or 0) + 1
  end
end

local function subscribe(self)
  self.client:on("write", function(call) return before_write(self, call) end)
  self.client:on("plan", function(plan) return confirm(self, plan) end)
  self.client:on("answer", function(...) after_answer(self, ...) end)
end

--- new(repl) -> the confirmations of a session, which subscribe to the hooks of its client.
function M.new(repl)
  local self = setmetatable({ repl = repl, client = repl.deployment.client }, Confirmation)
  self:begin()
  if self.client then subscribe(self) end
  return self
end

--- begin(): starts a line. What was allowed for the last line is not allowed for this one.
function Confirmation:begin()
  self.deleting, self.deletions, self.held = nil, 0, {}
end

--- notes() -> lines about the writes of the last line that were held back.
function Confirmation:notes()
  local operations, total = {}, 0
  for operation, count in pairs(self.held) do
    operations[#operations + 1] = ("%d %s"):format(count, operation)
    total = total + count
  end
  if total == 0 then return {} end
  table.sort(operations)
  return { ("dry run: %s held back (%s)"):format(total == 1 and "1 write was"
    or ("%d writes were"):format(total), table.concat(operations, ", ")) }
end

return M
