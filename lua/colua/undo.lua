--- Undo: undo() takes back what the last line of the session wrote. Each line that writes has a
-- journal, as a bulk run has; undo() works as `colua undo` does: it reads each asset again and
-- takes back what still stands, also of a write whose outcome is unknown. What could not be taken
-- back stays for the next undo(). A deletion cannot be taken back; the journal keeps the asset.
--
-- Subscribes to the client's hooks; the session makes one and reports where lines begin and end.
-- What must hold: a write that no journal can hold is not sent.

local errors = require "codeocean.error"
local text = require "codeocean.text"

local M = {}

-- Modules of bulk runs, each loaded on its first use, so that a session starts faster.
local LOADERS = {
  archive_state = function() return require "codeocean.bulk.plan.archive_state" end,
  bulk = function() return require "codeocean.bulk" end,
  journals = function() return require "codeocean.bulk.journal" end,
  patches = function() return require "codeocean.bulk.plan.patch" end,
  permissions = function() return require "codeocean.assets.permissions" end,
  provenance = function() return require "codeocean.bulk.provenance" end,
  requests = function() return require "codeocean.input.create_requests" end,
  reports = function() return require "codeocean.bulk.report" end,
  undo = function() return require "codeocean.bulk.undo" end,
}
local modules = setmetatable({}, { __index = function(_, name) return LOADERS[name]() end })

local LINES = 50 -- lines that can be taken back

local Undo = { __name = "undo" }
Undo.__index = Undo

-- The writes of a line ---------------------------------------------------------------------------

-- The change of a create: undo archives the new asset, whose id comes with the answer.
local function creation_of(params)
  return { name = params.name, request = modules.requests.shown(params),
    patch = { archived = { before = true, after = false } } }
end

-- The change of a call: for a deletion the whole asset, else the patch. nil if nothing would
-- change; nil, err if the asset cannot be read.
local function change_of(self, call)
  local assets = self.client.data_assets
  if call.operation == "create" then return creation_of(call.params) end
  if call.operation == "archive" then
    local known, before = pcall(self.is_archived, self, call.id)
    if not known and errors.is(before) then return nil, before end
    if not known then error(before, 0) end
    local after = call.params.archive
    return before ~= after and { patch = { archived = { before = before, after = after } } }
  end
  local asset, err = call.before, nil
  if not asset then asset, err = assets:get(call.id) end
  if err then return nil, err end
  if call.operation == "delete" then return { name = asset.name, asset = asset } end
  local wanted = call.params
  if call.operation == "set_permissions" then
    wanted, err = modules.permissions.wanted(self.client, asset, call.params)
    if not wanted then return nil, err end
  end
  local patch = modules.patches.of(asset, wanted, { replace_metadata = true })
  return patch and { name = asset.name, patch = patch }
end

--- is_archived(id) -> boolean. What this line has archived or unarchived wins over the listing.
function Undo:is_archived(id)
  local own = self.archived[id]
  self.archive = self.archive or modules.archive_state.new(self.client)
  if own == nil then own = self.archive:has(id) end
  return own
end

-- The journal of this line, made on first use; or nil, err.
local function journal_of(self)
  if self.journal then return self.journal end
  local header = modules.provenance.header(self.client, { name = "prompt", action = "update" })
  self.opening = modules.journals.new() -- begin() closes it, if Ctrl-C ends the line here
  local journal, err = self.opening:create(nil, header)
  self.journal, self.count, self.changes = journal, 0, 0
  return journal, err
end

-- Writes the intent to the disk before the request leaves. Returns an error, or nil.
local function intend(self, call, change)
  local journal, err = journal_of(self)
  if not journal then return err end
  self.count = self.count + 1
  call.index, change.id = self.count, call.id
  if change.patch then self.changes = self.changes + 1 end
  journal:extend()
  journal:intend(call.index, change)
  local ok, problem = journal:flush()
  return not ok and problem or nil
end

local RECORDED = { create = true, update = true, archive = true, delete = true,
  set_permissions = true }

-- Returns the error that refuses the write if it cannot be recorded.
local function before_write(self, call)
  if not RECORDED[call.operation] or call.run or self.client.dry_run then return end
  local change, err = change_of(self, call)
  if change then return intend(self, call, change) end
  return err
end

local function status_of(err)
  if err.kind == "missing" then return "missing" end
  return err.outcome == "unknown" and "unknown" or "failed"
end

-- Remembers fields that were written and that the answer does not show (2022: mount).
local function remember_hidden(self, call, asset)
  for _, field in ipairs { "custom_metadata", "mount" } do
    if call.params[field] ~= nil and asset[field] == nil then self.hidden[field] = true end
  end
end

local function after_answer(self, call, value, err)
  if not call.index or not self.journal then return end
  self.journal:add_outcome(call.index, { id = call.id or value and value.id, error = err,
    status = value == nil and status_of(err) or "ok" })
  if call.operation == "archive" and value then self.archived[call.id] = call.params.archive end
  if call.operation == "update" and value then remember_hidden(self, call, value) end
end

-- Remembers the journals of bulk runs; not of an undo, which cannot be taken back.
local function after_progress(self, event, spec)
  if event.journal and not (spec.patches and spec.patches.undoes) then
    self.runs[#self.runs + 1] = { path = event.journal }
  end
end

local function after_run(self, report)
  self:forget_archive()
  local run = self.runs[#self.runs]
  if run and run.path == report.journal then run.whole = true end
end

-- Lines ------------------------------------------------------------------------------------------

function Undo:push(entry)
  self.stack[#self.stack + 1] = entry
  if #self.stack > LINES then table.remove(self.stack, 1) end
end

--- forget_archive(): drops the listing of archived assets; the next use lists them again.
function Undo:forget_archive() self.archive, self.archived = nil, {} end

--- begin(): starts a line, and drops the listing of archived assets: it lacks what the last line
-- archived.
function Undo:begin()
  if self.opening then self.opening:close() end
  self.journal, self.opening, self.runs, self.hidden = nil, nil, {}, {}
  self:forget_archive()
end

local function names_of(set)
  local names = {}
  for name in pairs(set) do names[#names + 1] = name end
  table.sort(names)
  return names
end

-- Counts in words: "3 ok, 1 unknown".
local function words_of(counts)
  local words = {}
  for _, status in ipairs(modules.reports.STATUSES) do
    if counts[status] > 0 then words[#words + 1] = ("%d %s"):format(counts[status], status) end
  end
  return table.concat(words, ", ")
end

-- Whether a write succeeded, or may have.
local function stands(counts)
  return counts.ok + counts.unknown + counts.conflict > 0
end

local function can_be_undone(ledger, counts)
  return stands(counts) and ledger.header.action ~= "delete"
end

-- The message about a bulk run that Ctrl-C or an error has interrupted.
local function interruption_lines(path, counts)
  return { ("the run was interrupted: %s"):format(words_of(counts)), ("journal: %s"):format(path),
    ("colua resume %s goes on; undo() takes back what was written"):format(
      path:match("([^/]+)%.jsonl$") or path) }
end

-- Keeps the bulk runs of this line for undo(). Returns the messages about interrupted runs.
local function end_runs(self, interrupted)
  local lines = {}
  for _, run in ipairs(self.runs) do
    local ledger = modules.journals.read(run.path)
    local counts = ledger and modules.reports.counts(ledger)
    if counts and can_be_undone(ledger, counts) then self:push { path = run.path } end
    local stopped = counts
      and (not run.whole or interrupted and counts.pending + counts.unknown > 0)
    for _, line in ipairs(stopped and interruption_lines(run.path, counts) or {}) do
      lines[#lines + 1] = line
    end
  end
  return lines
end

local function end_journal(self)
  local counts = modules.reports.counts(self.journal.ledger)
  local open = counts.unknown + counts.pending > 0
  self.journal:finish(counts, open and "interrupted" or "done")
  if self.changes > 0 then
    self:push { path = self.journal.path, hidden = names_of(self.hidden) }
  end
  return counts
end

--- finish(interrupted) -> list of messages about an interrupted line; and the entry of this line
-- that undo() would take back, or nil.
function Undo:finish(interrupted)
  local before = self.stack[#self.stack]
  local lines = end_runs(self, interrupted)
  local counts = self.journal and end_journal(self)
  if counts and interrupted and stands(counts) then
    lines[#lines + 1] = ("written before: %s; undo() takes it back"):format(words_of(counts))
  end
  self:begin()
  local last = self.stack[#self.stack]
  return lines, last ~= before and last or nil
end

-- Taking back ------------------------------------------------------------------------------------

local SETTLED = { "ok", "unchanged", "skipped", "missing", "drift" }

local function is_settled(report)
  local settled = 0
  for _, status in ipairs(SETTLED) do settled = settled + report.counts[status] end
  return settled == #report.records
end

local function show_hidden(self, entry)
  for _, field in ipairs(entry.hidden or {}) do
    self.repl.show:line(("%s: the deployment does not show it; left as written"):format(field),
      "yellow")
  end
end

-- The spec of the undo. A single change needs no confirmation.
local function spec_of(entry)
  local spec, err = modules.undo.spec(entry.path, entry.tried)
  if not spec then return nil, err end
  local ledger = modules.journals.read(entry.path)
  if ledger and ledger.count == 1 then
    function spec.confirm() return true end
  end
  return spec
end

function Undo:__call()
  local entry = self.stack[#self.stack]
  if not entry then return nil, errors.new { kind = "missing", operation = "undo",
    message = "no line of this session has changed anything that can be taken back" } end
  local spec, err = spec_of(entry)
  if not spec then return nil, err end
  local tried = entry.tried
  entry.tried = true -- what an undo left open may be tried again
  local report, problem = modules.bulk.run(self.client, spec)
  if not report then
    entry.tried = tried or problem.kind ~= "refused" -- one that was refused left nothing
    return nil, problem
  end
  if is_settled(report) then
    table.remove(self.stack)
    if entry.saved then entry.saved.undone = true end
    show_hidden(self, entry)
  end
  return report
end

-- Shown for `undo` without parentheses.
function Undo:__shown()
  local entry = self.stack[#self.stack]
  local ledger = entry and modules.journals.read(entry.path)
  if not ledger then return "undo(): there is nothing to take back" end
  local first = ledger.ids:get(1) or ledger:record(1).id or "?"
  return ("undo() takes back %d %s: %s"):format(ledger.count,
    ledger.count == 1 and "change" or "changes",
    text.escape(first) .. (ledger.count > 1 and ", …" or ""))
end

local function subscribe(self)
  self.client:on("write", function(call) return before_write(self, call) end)
  self.client:on("answer", function(...) after_answer(self, ...) end)
  self.client:on("progress", function(...) after_progress(self, ...) end)
  self.client:on("report", function(...) after_run(self, ...) end)
end

--- new(repl) -> the value of the global `undo`. Subscribes to the hooks of the session's client.
function M.new(repl)
  local self = setmetatable({ repl = repl, client = repl.deployment.client, stack = {} }, Undo)
  self:begin()
  if self.client then subscribe(self) end
  return self
end

return M
