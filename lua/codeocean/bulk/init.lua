--- Bulk runs: select, plan, confirm, apply, report.
--
--   local report, err = bulk.run(client, {
--     select = { query = "name:2021" },            -- or ids = a list or an iterator of ids
--     change = function(asset) return { tags = … } end,
--   })
--
-- Every id stands in the journal before the first is read, every write is planned from a fresh get
-- and stands there before it is sent, and each input has one record in the report.

local apply = require "codeocean.bulk.apply"
local core = require "codeocean.core"
local errors = require "codeocean.error"
local ids_of_people = require "codeocean.ids"
local journal = require "codeocean.bulk.journal"
local origin = require "codeocean.bulk.provenance"
local plan = require "codeocean.bulk.plan"
local settle = require "codeocean.bulk.resume"
local shard = require "codeocean.bulk.shard"

local M = {}

--- What can become of an input, in the order a report counts them. `pending` was not done: a dry
-- run, a refused confirmation, a run that stopped.
M.STATUSES = { "ok", "unchanged", "skipped", "missing", "drift", "conflict", "failed", "unknown",
  "pending" }

local ACTIONS = { update = true, archive = true, unarchive = true, delete = true }

local MAX_DELETE = 100

-- Select -----------------------------------------------------------------------------------------

local function source_of(client, spec)
  if type(spec.ids) == "table" then
    local i = 0
    return function()
      i = i + 1
      return spec.ids[i]
    end
  elseif spec.ids then
    return spec.ids
  end
  local select = { fields = { "id" } }
  for name, value in pairs(spec.select) do
    if name ~= "fields" then select[name] = value end
  end
  local found = client.data_assets:each(select)
  return function()
    local asset = found()
    return asset and asset.id
  end
end

-- All ids, each once, however it was spelled. Writing while a search pages would shift its pages.
local function collect(client, spec)
  local ids, seen = {}, {}
  for given in source_of(client, spec) do
    local id = ids_of_people.canonical(given)
    if not id then
      core.complain("bulk.run", "ids", ("data asset id expected, got %q"):format(tostring(given)))
    end
    if not seen[id] and shard.holds(spec.shard, id) then ids[#ids + 1] = id end
    seen[id] = true
    if spec.limit and #ids >= spec.limit then break end
  end
  return ids
end

local function select(run)
  if run.journal and run.journal.state.selected then return run.journal.state.ids end
  local ids = collect(run.client, run.spec)
  local ok, err = true, nil
  if run.journal then ok, err = run.journal:select(ids) end
  if not ok then error(err, 0) end
  return ids
end

-- Plan -------------------------------------------------------------------------------------------

local function failed_item(id, err)
  return { id = id, error = err, status = apply.status_of(err) }
end

local function plan_item(run, id)
  local asset, err = run.client.data_assets:get(id)
  if not asset then return failed_item(id, err) end
  if run.spec.change then return plan.update(asset, run.spec.change(asset)) end
  return plan.act(asset, run.spec.action)
end

-- Whoever asks to stop waits for no answer: nothing has been written yet.
local function stopper(run)
  return function()
    if not (run.spec.stop and run.spec.stop()) then return nil end
    run.client:cancel()
    return "interrupted"
  end
end

local function check_stopped(run, problem)
  local kind = problem and problem.kind
  if kind == "cancelled" or kind == "pending" and run.poll() then
    error(errors.new { kind = "cancelled", message = "interrupted" }, 0)
  end
end

-- The items of those places that a resumed journal does not settle already.
local function plan_all(run, ids, items)
  local open = {}
  for index = 1, #ids do if not items[index] then open[#open + 1] = index end end
  local done = 0
  local function work(index) return plan_item(run, ids[index]) end
  local options = { jobs = run.spec.jobs, poll = run.poll }
  for place, item, err in run.client:each_done(open, work, options) do
    local index = open[place]
    check_stopped(run, item and item.error or err)
    items[index] = item or failed_item(ids[index], err)
    items[index].index = index
    if run.journal and items[index].status ~= "pending" then
      run.journal:settle(index, items[index])
    end
    done = done + 1
    run.notify { type = "planned", done = done, total = #open, item = items[index] }
  end
end

local function pending_of(items)
  local pending, size = {}, 0
  for _, item in ipairs(items) do
    if item.status == "pending" then
      pending[#pending + 1] = item
      size = size + (math.tointeger(item.size) or 0)
    end
  end
  return pending, size
end

-- Confirm ----------------------------------------------------------------------------------------

local function refusal(form, ...)
  return errors.new { kind = "refused", outcome = "not_sent", message = form:format(...) }
end

-- A deletion takes only what was put into the archive before, and not too much at once.
local function check_deletion(run, pending)
  local most = run.spec.max_delete or MAX_DELETE
  if #pending > most then
    error(refusal("%d assets to delete, at most %d are (max_delete, --max-delete)", #pending,
      most), 0)
  end
  if run.spec.allow_unarchived then return end
  local archived = {}
  for asset in run.client.data_assets:each { archived = true } do archived[asset.id] = true end
  for _, item in ipairs(pending) do
    if not archived[item.id] then
      error(refusal("%s is not archived: archive it first, or say allow_unarchived "
        .. "(--allow-unarchived)", item.id), 0)
    end
  end
end

-- By the run's own `confirm`, else by the client's hooks.
local function confirmed(run, planned)
  if run.spec.confirm then return run.spec.confirm(planned) end
  return run.client:notify("plan", planned, run.spec) ~= false
end

local function agreed(run, pending, size)
  if run.spec.action == "delete" then check_deletion(run, pending) end
  local state = run.journal and run.journal.state
  if state and state.confirmed then return true end
  local planned = { items = pending, count = #pending, size = size,
    action = run.spec.action or "update" }
  local yes = confirmed(run, planned)
  if yes and run.journal then
    local ok, err = run.journal:confirm(#pending)
    if not ok then error(err, 0) end
  end
  return yes
end

-- Report -----------------------------------------------------------------------------------------

local function report_of(run, items)
  local report = { counts = {}, records = {}, journal = run.journal and run.journal.path }
  for _, status in ipairs(M.STATUSES) do report.counts[status] = 0 end
  for i, item in ipairs(items) do
    report.counts[item.status] = report.counts[item.status] + 1
    report.records[i] = { id = item.id, name = item.name, status = item.status,
      fields = item.fields, error = item.error }
  end
  return report
end

local function finish(run, report, failure)
  report.error = failure
  report.interrupted = run.spec.stop and run.spec.stop() and report.counts.pending > 0 or nil
  if not run.journal then return report end
  local open = failure or report.interrupted or report.counts.unknown > 0
  local ok, err = run.journal:finish(report.counts, open and "interrupted" or "done")
  if not ok then report.error = report.error or err end
  return report
end

-- Run --------------------------------------------------------------------------------------------

local function check(spec)
  local function need(good, name, expected)
    if not good then core.complain("bulk.run", name, expected .. " expected") end
  end
  need(type(spec) == "table", "spec", "table")
  need((spec.select == nil) ~= (spec.ids == nil), "select", "either select or ids")
  need(spec.ids == nil or type(spec.ids) == "table" or type(spec.ids) == "function", "ids",
    "list or iterator of ids")
  need(spec.select == nil or type(spec.select) == "table", "select", "parameters of a search")
  need(spec.action == nil or ACTIONS[spec.action], "action", "update, archive, unarchive or delete")
  local updates = (spec.action or "update") == "update"
  need((type(spec.change) == "function") == updates, "change",
    updates and "function of an asset" or "no function (this action takes none)")
  need(spec.shard == nil or shard.valid(spec.shard), "shard", "{i, n} with i from 1 to n")
end

local function header_of(client, spec)
  return {
    name = spec.name or "bulk", action = spec.action or "update", deployment = client.host,
    version = core.version, started = os.time(), origin = origin.current(), shard = spec.shard,
  }
end

local function open_journal(client, spec)
  local path = spec.resume or origin.take(spec.name or "bulk")
  if not path then return journal.create(spec.journal, header_of(client, spec)) end
  local opened, err = journal.resume(path)
  if not opened then return nil, err end
  local same, elsewhere = origin.check_deployment(opened.state.header, client, path)
  if same then return opened end
  opened.log:close()
  return nil, elsewhere
end

local function notifier(client, spec)
  return function(event)
    if spec.on_event then spec.on_event(event) end
    client:notify("progress", event, spec)
  end
end

local function carry_out(run)
  local ids = select(run)
  run.notify { type = "selected", done = 0, total = #ids }
  run.poll = stopper(run)
  local items = run.journal and settle.items(run) or {}
  plan_all(run, ids, items)
  local pending, size = pending_of(items)
  local failure
  local wanted = #pending > 0 and not run.dry
  local yes = wanted and agreed(run, pending, size)
  if yes then failure = apply.apply(run, pending) end
  local report = report_of(run, items)
  report.refused = wanted and not yes or nil
  return finish(run, report, failure)
end

--- run(client, spec) -> report; or nil, err when the run could not be made at all (the selection
-- failed; kind `refused`: the journal exists or is in use, a deletion is not allowed; kind
-- `cancelled`: stopped before the first write). err.journal is the journal there is.
--
-- spec: select (parameters of a search) or ids (list or iterator of ids); change(asset) -> the
-- fields to write, nil to leave it alone; or action "archive", "unarchive", "delete". name; limit;
-- jobs; dry_run; shard = {i, n}: only the i-th of n parts of the ids; journal: path, false for
-- none (default: a new file in the state folder); resume: path of a journal to go on with;
-- confirm(plan) -> boolean, plan = {count, size in bytes, items, action}, asked only when something
-- would change; fail_fast; max_errors (default 50); max_delete (default 100), allow_unarchived;
-- stop() -> true to start nothing more; on_event(event), event = {type = "selected" | "planned" |
-- "applied", done, total, errors, item}: every event has done (0 when selected) and total, planned
-- and applied have item, applied has errors.
-- report: {counts = {status = n}, records = {{id, name, status, fields, error}}, journal, refused,
-- interrupted, error (of the journal: a full disk)}; one record for each input.
function M.run(client, spec)
  check(spec)
  local run = { client = client, spec = spec, now = core.now,
    dry = spec.dry_run or client.dry_run, notify = notifier(client, spec) }
  if not run.dry and spec.journal ~= false then
    local opened, err = open_journal(client, spec)
    if not opened then return nil, err end
    run.journal = opened
  end
  local outer = client.run
  client.run = spec
  local ok, report = pcall(carry_out, run)
  client.run = outer
  if ok then
    client:notify("report", report, spec)
    return report
  end
  if run.journal then run.journal.log:close() end
  if not errors.is(report) then error(report, 0) end
  report.journal = run.journal and run.journal.path
  return nil, report
end

--- main(client, spec) -> exit status: the face of a command around run(); codeocean.cli.bulk.
function M.main(client, spec)
  return require("codeocean.cli.bulk").main(client, spec)
end

return M
