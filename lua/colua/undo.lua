--- undo() at the prompt: writes back what the last line that wrote has changed, as far as nobody
-- has changed it since. A deletion cannot be taken back.

local text = require "codeocean.output.text"
local errors = require "codeocean.error"
local equal = require "codeocean.equal"

local M = {}

local REPLACE = { replace_metadata = true }
local LINES = 50 -- that can be taken back, the last first

local Undo = { __name = "undo" }
Undo.__index = Undo

-- Recording --------------------------------------------------------------------------------------

local ARCHIVED = { archive = true, unarchive = false }
-- What is written where a field had no value before.
local EMPTY = { description = "", mount = "", tags = {}, custom_metadata = {} }

local function value_of(asset, field)
  local value = asset[field]
  if value == nil then return EMPTY[field] end
  return value
end

local function entry_of(call)
  if call.operation == "archive" then return { id = call.id, archived = call.params.archive } end
  local entry = { id = call.id, before = {}, after = {} }
  for field, after in pairs(call.params) do
    local before = value_of(call.before, field)
    if not equal(before, after) then entry.before[field], entry.after[field] = before, after end
  end
  return entry
end

local RECORDED = { update = true, archive = true }

-- An update that read nothing itself: what to write back must be known.
local function before_write(self, call)
  if call.operation ~= "update" or call.before or call.run or self.client.dry_run then return end
  call.before = self.client.data_assets:get(call.id)
end

local function after_answer(self, call, value)
  if not RECORDED[call.operation] or call.run or self.busy or value == nil then return end
  if call.operation == "archive" or call.before then
    self.line[#self.line + 1] = entry_of(call)
  end
end

-- A bulk run tells in its report what it has changed.
local function after_run(self, report, spec)
  for _, record in ipairs(report.records) do
    local entry = { id = record.id, before = {}, after = {}, archived = ARCHIVED[spec.action] }
    for field, values in pairs(record.fields or {}) do
      entry.before[field], entry.after[field] = values.before, values.after
    end
    if record.status == "ok" and spec.action ~= "delete" then
      self.line[#self.line + 1] = entry
    end
  end
end

--- begin(): another line begins.
function Undo:begin()
  if #self.line > 0 then self.lines[#self.lines + 1] = self.line end
  if #self.lines > LINES then table.remove(self.lines, 1) end
  self.line, self.busy = {}, false
end

-- Taking back ------------------------------------------------------------------------------------

local function left_alone(id, fields, why)
  table.sort(fields)
  return errors.new { kind = "drift", operation = "undo", id = id, outcome = "not_sent",
    message = ("%s: %s"):format(table.concat(fields, ", "), why) }
end

-- What to write back where a field still is as the line wrote it; the fields that someone changed
-- since; those that this deployment does not show (mount and metadata in the 2022 release).
local function sides(entry, now)
  local back, changed, hidden = {}, {}, {}
  for field, after in pairs(entry.after) do
    if equal(value_of(now, field), after) then
      back[field] = value_of(entry.before, field)
    else
      table.insert(now[field] == nil and hidden or changed, field)
    end
  end
  return back, changed, hidden
end

local function write_back(self, entry, now)
  local back, changed, hidden = sides(entry, now)
  local asset, err = now, nil
  if next(back) then asset, err = self.client.data_assets:update(entry.id, back, REPLACE) end
  if not asset then return nil, err end
  if #changed > 0 then
    return nil, left_alone(entry.id, changed, "changed by someone else since, left alone")
  elseif #hidden > 0 then
    return nil, left_alone(entry.id, hidden, "the deployment does not show it, left as written")
  end
  return asset
end

local function take_back(self, entry)
  local assets = self.client.data_assets
  if entry.archived ~= nil then return assets:archive(entry.id, not entry.archived) end
  local now, err = assets:get(entry.id)
  if not now then return nil, err end
  return write_back(self, entry, now)
end

local function reversed(list)
  local back = {}
  for i = #list, 1, -1 do back[#back + 1] = list[i] end
  return back
end

-- One asset as such; of many their number and what went wrong.
local function take_back_all(self, entries)
  if #entries == 1 then return take_back(self, entries[1]) end
  local question = ("Take back %d changes? [y/N]"):format(#entries)
  local answer = self.repl.confirmation:ask(question)
  if answer ~= "y" and answer ~= "yes" then
    self.lines[#self.lines + 1] = reversed(entries)
    return nil, errors.new { kind = "refused", operation = "undo", outcome = "not_sent",
      message = "not confirmed: nothing was written" }
  end
  local function back(entry) return take_back(self, entry) end
  local done, failed = self.client:map(entries, back)
  local good = 0
  for i = 1, #entries do
    if done[i] ~= nil then good = good + 1 end
    if failed[i] then self.repl.show:failure(failed[i]) end
  end
  self.repl.show:line(("%d taken back, %d not"):format(good, #entries - good))
end

function Undo:__call()
  local entries = table.remove(self.lines)
  if not entries then return nil, errors.new { kind = "missing", operation = "undo",
    message = "no line of this session has changed anything that can be taken back" } end
  self.busy = true
  return take_back_all(self, reversed(entries))
end

-- `undo` alone says what it would do.
function Undo:__shown()
  local last = self.lines[#self.lines]
  if not last then return "undo(): there is nothing to take back" end
  return ("undo() takes back %d %s: %s"):format(#last, #last == 1 and "change" or "changes",
    text.escape(last[1].id) .. (#last > 1 and ", …" or ""))
end

local function subscribe(self)
  self.client:on("write", function(call) before_write(self, call) end)
  self.client:on("answer", function(...) after_answer(self, ...) end)
  self.client:on("report", function(...) after_run(self, ...) end)
end

--- new(repl) -> what the global `undo` is. Subscribes to the hooks of the session's client.
function M.new(repl)
  local self = setmetatable({ repl = repl, client = repl.deployment.client, lines = {}, line = {} },
    Undo)
  if self.client then subscribe(self) end
  return self
end

return M
