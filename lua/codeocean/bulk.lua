--- Bulk runs: select, plan, confirm, apply, report.
--
--   local report, err = bulk.run(client, {
--     select = { query = "name:2021" },            -- or ids = a list or an iterator of ids
--     change = function(asset) return { tags = … } end,
--   })
--
-- Every id is collected before the first get, every write is planned from a fresh get, and each
-- input has one record in the report.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local tags = require "codeocean.tags"

local M = {}

--- What can become of an input, in the order a report counts them. `pending` was not done: a dry
-- run, a refused confirmation, a run that stopped.
M.STATUSES = { "ok", "unchanged", "skipped", "missing", "drift", "conflict", "failed", "unknown",
  "pending" }

local ACTIONS = {
  update = function(assets, item) return assets:update(item.id, item.body) end,
  archive = function(assets, item) return assets:archive(item.id) end,
  unarchive = function(assets, item) return assets:unarchive(item.id) end,
  delete = function(assets, item) return assets:delete(item.id) end,
}

-- Select -----------------------------------------------------------------------------------------

local function selected(client, spec)
  if not spec.select then return spec.ids end
  local found = client.data_assets:each(spec.select)
  return function()
    local asset = found()
    return asset and asset.id
  end
end

-- All ids, each once. Writing while a search pages would shift its pages.
local function collect(client, spec)
  local ids, seen = {}, {}
  local source = selected(client, spec)
  local function take(id)
    if not core.is_id(id) then
      core.complain("bulk.run", "ids", ("data asset id expected, got %q"):format(tostring(id)))
    end
    if not seen[id] then ids[#ids + 1] = id end
    seen[id] = true
    return not (spec.limit and #ids >= spec.limit)
  end
  if type(source) == "table" then
    for _, id in ipairs(source) do
      if not take(id) then break end
    end
  else
    for id in source do
      if not take(id) then break end
    end
  end
  return ids
end

-- Plan -------------------------------------------------------------------------------------------

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return a == b end
  if #a > 0 or #b > 0 then return tags.equal(a, b) end
  for k, v in pairs(a) do if not same(v, b[k]) then return false end end
  for k in pairs(b) do if a[k] == nil then return false end end
  return true
end

-- The fields that get another value: {field = {before =, after =}}, or nil for none.
local function differences(asset, wanted)
  local fields
  for field, after in pairs(wanted or {}) do
    local before = asset[field]
    if field == "description" then before = before or "" end
    if not same(before, after) then
      fields = fields or {}
      fields[field] = { before = before, after = after }
    end
  end
  return fields
end

-- PUT replaces all of these: what stays is sent as it stands.
local function whole_body(asset, fields)
  local body = { name = asset.name, description = asset.description or "", tags = asset.tags,
    mount = asset.mount }
  for field, values in pairs(fields) do body[field] = values.after end
  return body
end

local function failed_item(item, err)
  item.error = err
  item.status = err.kind == "missing" and "missing" or err.outcome == "unknown" and err.writes
    and "unknown" or err.kind == "conflict" and "conflict" or "failed"
  return item
end

local function plan_item(client, spec, id)
  local asset, err = client.data_assets:get(id)
  local item = { id = id, status = "pending" }
  if not asset then return failed_item(item, err) end
  item.name, item.asset = asset.name, asset
  if not spec.change then return item end
  local wanted = spec.change(asset)
  item.fields = differences(asset, wanted)
  if not item.fields then item.status = wanted == nil and "skipped" or "unchanged" end
  if item.fields then item.body = whole_body(asset, item.fields) end
  return item
end

local function notify(spec, event)
  if spec.on_event then spec.on_event(event) end
end

local function plan(client, spec, ids)
  local items, done = {}, 0
  local function work(id) return plan_item(client, spec, id) end
  for index, item, err in client:each_done(ids, work, { jobs = spec.jobs }) do
    items[index] = item or failed_item({ id = ids[index] }, err)
    done = done + 1
    notify(spec, { type = "planned", done = done, total = #ids, item = items[index] })
  end
  return items
end

local function pending_of(items)
  local pending, size = {}, 0
  for _, item in ipairs(items) do
    if item.status == "pending" then
      pending[#pending + 1] = item
      size = size + (math.tointeger(item.asset.size) or 0)
    end
  end
  return pending, size
end

-- Apply ------------------------------------------------------------------------------------------

local function apply(client, spec, items)
  local act, done, errs = ACTIONS[spec.action or "update"], 0, 0
  local function work(item)
    local answer, err = act(client.data_assets, item)
    if answer then item.status = "ok" else failed_item(item, err) end
    return item
  end
  for index, _, err in client:each_done(items, work, { jobs = spec.jobs }) do
    if err then failed_item(items[index], err) end
    done = done + 1
    if items[index].status ~= "ok" then errs = errs + 1 end
    notify(spec, { type = "applied", done = done, total = #items, errors = errs,
      item = items[index] })
  end
end

-- Report -----------------------------------------------------------------------------------------

local function report_of(items)
  local report = { counts = {}, records = {} }
  for _, status in ipairs(M.STATUSES) do report.counts[status] = 0 end
  for i, item in ipairs(items) do
    report.counts[item.status] = report.counts[item.status] + 1
    report.records[i] = { id = item.id, name = item.name, status = item.status,
      fields = item.fields, error = item.error }
  end
  return report
end

local function check(spec)
  local function need(good, name, expected)
    if good then return end
    core.complain("bulk.run", name, expected .. " expected")
  end
  need(type(spec) == "table", "spec", "table")
  need((spec.select == nil) ~= (spec.ids == nil), "select", "either select or ids")
  need(spec.action == nil or ACTIONS[spec.action], "action", "update, archive, unarchive, delete")
  local updates = (spec.action or "update") == "update"
  need((type(spec.change) == "function") == updates, "change", "function of an asset")
end

local function run(client, spec)
  local items = plan(client, spec, collect(client, spec))
  local pending, size = pending_of(items)
  local report
  if #pending > 0 and not spec.dry_run and not client.dry_run then
    local agreed = not spec.confirm or spec.confirm { items = pending, count = #pending,
      size = size, action = spec.action or "update" }
    if agreed then apply(client, spec, pending) end
    report = report_of(items)
    report.refused = not agreed
  end
  return report or report_of(items)
end

--- run(client, spec) -> report; or nil, err when the selection itself failed.
--
-- spec: select (parameters of a search) or ids (list or iterator of ids); change(asset) -> the
-- fields to write, nil to leave it alone; action ("update", or "archive", "unarchive", "delete",
-- which take no change); limit; jobs; dry_run; confirm(plan) -> boolean, with plan = {count, size,
-- items, action}, asked only when something would change; on_event(event), event = {type =
-- "planned" | "applied", done, total, errors, item}.
-- report: {counts = {status = n}, records = {{id, name, status, fields, error}}, refused}; one
-- record for each input.
function M.run(client, spec)
  check(spec)
  local ok, report = pcall(run, client, spec)
  if ok then return report end
  if errors.is(report) then return nil, report end
  error(report, 0)
end

--- main(client, spec) -> exit status: the face of a command around run(). See codeocean.face.
function M.main(client, spec)
  return require("codeocean.face").main(client, spec)
end

return M
