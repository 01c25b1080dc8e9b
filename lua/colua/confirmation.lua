--- Second thoughts: what cannot be taken back is asked about at the prompt, as the commands do; and
-- what a dry run held back is counted.

local format = require "codeocean.output.format"
local text = require "codeocean.output.text"
local errors = require "codeocean.error"
local face = require "codeocean.cli.bulk"

local M = {}

local EXAMPLES = 5

local Guard = { __name = "colua.confirmation" }
Guard.__index = Guard

-- Asking -----------------------------------------------------------------------------------------

local YES = { y = true, yes = true }

-- nil at the end of the input or on Ctrl-C.
local function ask(self, question)
  local answer = self.repl.terminal.read(question .. " ")
  return answer and answer:lower():match("^%s*(.-)%s*$")
end

local function say(self, form, ...)
  self.repl.show:line(form:format(...))
end

local function described(self, id)
  local asset = type(id) == "string" and self.known[id]
  return asset and asset.name and (' "%s"'):format(text.escape(asset.name)) or ""
end

-- The first asks about itself; from the second on a line may be let through as a whole.
local function may_delete(self, id)
  if self.deleting == "all" then return true end
  local several = self.deletions > 0
  local question = ("Delete %s%s for good? [y/N%s]"):format(text.escape(tostring(id)),
    described(self, id), several and "/all" or "")
  local answer = ask(self, question)
  if several and answer == "all" then self.deleting = "all" end
  return YES[answer] or self.deleting == "all"
end

local function refused(id)
  return nil, errors.new { kind = "refused", operation = "delete", id = id, outcome = "not_sent",
    message = "not confirmed: nothing was deleted" }
end

-- Deletes cannot be undone: there the number itself is asked for.
local function confirm(self, plan)
  say(self, "%s %d %s (%s):", plan.action, plan.count, plan.count == 1 and "asset" or "assets",
    format.size(plan.size))
  for i = 1, math.min(EXAMPLES, plan.count) do
    local item = plan.items[i]
    local line = ("  ~ %s  %s  %s"):format(item.id, text.escape(item.name or ""),
      face.change(item.fields))
    self.repl.show:line(text.clip(line, self.repl.show.width() or 80))
  end
  if plan.count > EXAMPLES then say(self, "  … %d more", plan.count - EXAMPLES) end
  if plan.action ~= "delete" then return YES[ask(self, "Go on? [y/N]")] or false end
  local wanted = tostring(plan.count)
  return ask(self, ("Type the number of assets to delete for good [%s]:"):format(wanted)) == wanted
end

-- Wrapping ---------------------------------------------------------------------------------------

local function wrap(self, holder, name, make)
  local original = holder[name]
  local own = make(original)
  self.originals[own] = original
  holder[name] = own
end

local function wrap_delete(self, assets)
  wrap(self, assets, "delete", function(delete)
    return function(receiver, id, ...)
      local asks = receiver == assets and self.bulk == 0 and not assets.client.dry_run
      if asks and not may_delete(self, id) then return refused(id) end
      self.deletions = self.deletions + 1
      return delete(receiver, id, ...)
    end
  end)
end

-- A spec of the user's own that has no `confirm` gets ours; the spec itself stays as it is.
local function with_confirm(self, spec)
  if type(spec) ~= "table" or spec.confirm ~= nil then return spec end
  local own = { confirm = function(plan) return confirm(self, plan) end }
  for name, value in pairs(spec) do own[name] = value end
  return own
end

local function wrap_run(self, bulk)
  wrap(self, bulk, "run", function(run)
    return function(client, spec)
      local undo = self.repl.undo
      self.bulk, undo.muted = self.bulk + 1, true
      local done, report, err = pcall(run, client, with_confirm(self, spec))
      self.bulk, undo.muted = self.bulk - 1, nil
      if not done then error(report, 0) end
      if client == self.repl.setting.client then undo:note_report(report, spec.action) end
      if report == nil then return nil, err end
      return report
    end
  end)
end

local function remember(self, value)
  if type(value) ~= "table" then return end
  if type(value.id) == "string" then self.known[value.id] = value end
  for _, row in ipairs(type(value.results) == "table" and value.results or {}) do
    if type(row) == "table" and row.id then self.known[row.id] = row end
  end
end

-- Sees every answer: remembers names for the question, counts what a dry run held back.
local function watch(self, client)
  local finish = client.finish
  client.finish = function(...)
    local value, err = finish(...)
    remember(self, value)
    if value ~= nil then return value end
    if err.kind == "dry_run" then
      self.held[err.operation] = (self.held[err.operation] or 0) + 1
    end
    return nil, err
  end
end

--- ask(question) -> the answer in lower case; nil at the end of the input or on Ctrl-C.
Guard.ask = ask

--- new(repl): puts itself around assets:delete and bulk.run of this session.
function M.new(repl)
  local self = setmetatable({ repl = repl, originals = {}, bulk = 0,
    known = setmetatable({}, { __mode = "v" }) }, Guard)
  self:begin()
  local client = repl.setting.client
  if client then
    wrap_delete(self, client.data_assets)
    wrap_run(self, require "codeocean.bulk")
    watch(self, client)
  end
  return self
end

--- begin(): a new line; what was allowed for the last one is not for this.
function Guard:begin()
  self.deleting, self.deletions, self.held, self.bulk = nil, 0, {}, 0
end

--- original(fn) -> the library's function that `fn` stands for.
function Guard:original(fn)
  if fn == nil then return nil end
  return self.originals[fn] or self.repl.undo.originals[fn] or fn
end

--- notes() -> lines on what the last line did not do.
function Guard:notes()
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
