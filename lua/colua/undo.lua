--- undo() at the prompt: writes back what the last line that wrote has changed, as far as nobody
-- has changed it since. A deletion cannot be taken back.

local text = require "codeocean.output.text"
local errors = require "codeocean.error"
local tags = require "codeocean.tags"

local M = {}

local LINES = 50 -- that can be taken back, the last first

local Undo = { __name = "undo" }
Undo.__index = Undo

-- Noting -----------------------------------------------------------------------------------------

local function note(self, entry)
  self.line[#self.line + 1] = entry
end

-- Read before, so that what to write back is known.
local function update_noted(self, update, assets, id, changes, ...)
  local before = assets:get(id)
  local asset, err = update(assets, id, changes, ...)
  if asset == nil then return nil, err end
  local entry = { id = id, before = {}, after = {} }
  for field in pairs(before and changes or {}) do
    entry.before[field], entry.after[field] = before[field], asset[field]
  end
  if before then note(self, entry) end
  return asset
end

local function archive_noted(self, archive, assets, id, archived)
  local done, err = archive(assets, id, archived)
  if done == nil then return nil, err end
  note(self, { id = id, archived = archived ~= false })
  return done
end

local function wrap(self, assets)
  local update, archive, unarchive = assets.update, assets.archive, assets.unarchive
  self.update, self.archive = update, archive
  assets.update = function(receiver, id, changes, ...)
    if receiver ~= assets or self.muted or type(changes) ~= "table" or assets.client.dry_run then
      return update(receiver, id, changes, ...)
    end
    return update_noted(self, update, assets, id, changes, ...)
  end
  assets.archive = function(receiver, id, archived)
    if receiver ~= assets or self.muted then return archive(receiver, id, archived) end
    return archive_noted(self, archive, assets, id, archived)
  end
  assets.unarchive = function(receiver, id)
    if receiver ~= assets or self.muted then return unarchive(receiver, id) end
    return archive_noted(self, archive, assets, id, false)
  end
  self.originals[assets.update], self.originals[assets.archive] = update, archive
  self.originals[assets.unarchive] = unarchive
end

local ARCHIVED = { archive = true, unarchive = false }

--- A bulk run tells in its report what it has changed; `muted` while it runs.
function Undo:note_report(report, action)
  for _, record in ipairs(type(report) == "table" and report.records or {}) do
    local entry = { id = record.id, before = {}, after = {}, archived = ARCHIVED[action] }
    for field, values in pairs(record.fields or {}) do
      entry.before[field], entry.after[field] = values.before, values.after
    end
    if record.status == "ok" and action ~= "delete" then note(self, entry) end
  end
end

--- begin(): another line begins.
function Undo:begin()
  if #self.line > 0 then self.lines[#self.lines + 1] = self.line end
  if #self.lines > LINES then table.remove(self.lines, 1) end
  self.line = {}
end

-- Taking back ------------------------------------------------------------------------------------

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return a == b or (a or "") == (b or "") end
  if #a > 0 or #b > 0 then return tags.equal(a, b) end
  for key, value in pairs(a) do if not same(value, b[key]) then return false end end
  for key in pairs(b) do if a[key] == nil then return false end end
  return true
end

local function drift(id, field)
  return errors.new { kind = "drift", operation = "undo", id = id, outcome = "not_sent",
    message = ("%s was changed by someone else since: left alone"):format(field) }
end

local function fields_back(entry)
  local back = {}
  for field in pairs(entry.after) do
    back[field] = entry.before[field]
    if back[field] == nil then back[field] = field == "description" and "" or {} end
  end
  return back
end

local function take_back(self, entry)
  local assets = self.assets
  if entry.archived ~= nil then return self.archive(assets, entry.id, not entry.archived) end
  local now, err = assets:get(entry.id)
  if not now then return nil, err end
  for field, value in pairs(entry.after) do
    if not same(now[field], value) then return nil, drift(entry.id, field) end
  end
  return self.update(assets, entry.id, fields_back(entry), { replace = true })
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
  local answer = self.repl.guard:ask(question)
  if answer ~= "y" and answer ~= "yes" then
    self.lines[#self.lines + 1] = reversed(entries)
    return nil, errors.new { kind = "refused", operation = "undo", outcome = "not_sent",
      message = "not confirmed: nothing was written" }
  end
  local function back(entry) return take_back(self, entry) end
  local done, failed = self.assets.client:map(entries, back)
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
  return take_back_all(self, reversed(entries))
end

-- `undo` alone says what it would do.
function Undo:__shown()
  local last = self.lines[#self.lines]
  if not last then return "undo(): there is nothing to take back" end
  return ("undo() takes back %d %s: %s"):format(#last, #last == 1 and "change" or "changes",
    text.escape(last[1].id) .. (#last > 1 and ", …" or ""))
end

--- new(repl) -> what the global `undo` is; `originals` maps the functions that it has put in place
-- of the library's.
function M.new(repl)
  local self = setmetatable({ repl = repl, lines = {}, line = {}, originals = {} }, Undo)
  local client = repl.setting.client
  if client then
    self.assets = client.data_assets
    wrap(self, client.data_assets)
  end
  return self
end

return M
