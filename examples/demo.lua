-- The main job, from nothing to a proven result: 92 public buckets registered as assets beside
-- 2,000 others in a sandbox, and every asset tagged with the year that its name carries.

local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local core = require "codeocean.core"
local format = require "codeocean.output.format"
local tables = require "codeocean.output.table"
local text = require "codeocean.text"
local report_words = require "codeocean.output.report"
local progress = require "codeocean.cli.progress"
local sandbox = require "codeocean.sandbox"
local tags = require "codeocean.tags"

local PHASES = { selected = "planning", planned = "planning", applied = "tagging" }

local here = arg[0]:match("^(.*)/[^/]*$") or "."

local function printf(form, ...) print(form:format(...)) end

local function requests_of(path)
  local list = {}
  for line in io.lines(path) do list[#list + 1] = codeocean.json.decode(line) end
  return list
end

-- The rule: the tag year-YYYY for a number from 1900 to 2099 in the name.
local function year_of(asset)
  local name = asset.name
  local year = name:match("%f[%d]20%d%d%f[%D]") or name:match("%f[%d]19%d%d%f[%D]")
  return year and "year-" .. year
end

local function with_year(asset)
  local year = year_of(asset)
  return year and { tags = (tags.change(asset.tags, { add = { year } })) }
end

local function create_all(client, list)
  local shown, ids, done = progress.new(client), {}, 0
  local function create(params) return assert(client.data_assets:create(params)).id end
  for index, id, err in client:each_done(list, create) do
    ids[index] = assert(id, err)
    done = done + 1
    shown:show("creating", { done = done, total = #list })
  end
  shown:clear()
  local _, failures = assert(client.data_assets:wait_until_ready(ids, { interval = 0.1 }))
  assert(next(failures) == nil, select(2, next(failures)))
  return ids
end

local function run(client, dry)
  local shown = progress.new(client)
  local report = assert(bulk.run(client, {
    select = {}, all = true, change = with_year, dry_run = dry, journal = false,
    on_event = function(event) shown:show(PHASES[event.type], event) end,
  }))
  shown:clear()
  return report
end

-- Some records that would change, from all over the list.
local function sample(report, n)
  local changed, some = {}, {}
  for _, record in ipairs(report.records) do
    if record.fields then changed[#changed + 1] = record end
  end
  for i = 1, math.min(n, #changed) do some[i] = changed[1 + (i - 1) * #changed // n] end
  return some
end

local function show_preview(report)
  local width = core.columns(io.stdout) or math.maxinteger
  for _, record in ipairs(sample(report, 3)) do
    local line = ("         ~ %s  %s"):format(report_words.change(record),
      text.escape(record.name))
    printf("%s", text.clip(line, width))
  end
end

local function show_result(client, report)
  local assets = {}
  for i, record in ipairs(sample(report, 8)) do
    assets[i] = assert(client.data_assets:get(record.id))
  end
  local width = core.columns(io.stdout)
  printf("%s", (tables.render(assets, { "name", "type", "state", "size", "tags" }, {
    width = width, colour = format.colours(os.getenv, width ~= nil) })))
end

-- The number of archived assets, which are in no other listing and stay as they are.
local function count_archived(client)
  local count = 0
  for _ in client.data_assets:each { archived = true, fields = { "id" } } do count = count + 1 end
  return count
end

-- Checks by a fresh listing that each asset has the tag of the year in its name, and that an asset
-- without a year has none. Returns the number of tagged assets.
local function prove(client)
  local tagged = 0
  for asset in client.data_assets:each() do
    local year, found = year_of(asset), nil
    for _, tag in ipairs(asset.tags) do found = found or tag:match("^year%-%d%d%d%d$") end
    assert(found == year, asset.id .. " is not tagged as its name says")
    if found then tagged = tagged + 1 end
  end
  return tagged
end

local started = core.now()
local server <close> = assert(sandbox.start { seed = 2000 })
local client <close> = assert(codeocean.client {
  domain = server.url, token = server.token, jobs = 32 })

printf("sandbox  %s with 2,000 assets of a lab, %d archived", server.url, count_archived(client))
local ids = create_all(client, requests_of(here .. "/open-data.jsonl"))
printf("create   %d assets from examples/open-data.jsonl, all ready", #ids)
local preview = run(client, true)
printf("preview  %d of %d would get the year from their name, nothing written",
  preview.counts.pending, #preview.records)
show_preview(preview)
local report = run(client, false)
printf("tag      %d ok, %d already right, %d without a year, %d failed", report.counts.ok,
  report.counts.unchanged, report.counts.skipped, report.counts.failed)
show_result(client, report)
printf("proof    a fresh search finds %d assets tagged as their names say", prove(client))
local stats = client:stats()
printf("total    %d requests in %.1f s (median %.1f ms, %d connections)", stats.requests,
  core.now() - started, stats.latency_p50 * 1000, stats.connections)
