-- bulk.run, apart from its journal (spec/codeocean/bulk/journal).

local bulk = require "codeocean.bulk"
local fixture = require "fixture"

local ID = fixture.ID

local function open(finally, sandbox, options)
  local with = fixture.new(finally)
  local peer = with:sandbox(sandbox or { seed = 20 })
  return with:client(peer, options), peer
end

local function run(client, spec)
  spec.journal = false
  return bulk.run(client, spec)
end

local function ids_of(client)
  local ids = {}
  for i, asset in ipairs(client.data_assets:all()) do ids[i] = asset.id end
  assert.is_true(#ids > 10)
  return ids
end

local function sum(report)
  local total = 0
  for _, status in ipairs(bulk.STATUSES) do total = total + report.counts[status] end
  return total
end

describe("bulk.run", function()
  it("writes the changes, and only those, with one record for each input", function()
    local client, peer = open(finally)
    local ids = ids_of(client)
    local odd = {}
    for i, id in ipairs(ids) do odd[id] = i % 2 == 1 end
    peer:clear()
    local report = assert(run(client, { ids = ids, change = function(asset)
      if not odd[asset.id] then return { tags = asset.tags } end
      return { tags = { "bulk" }, description = "new" }
    end }))
    local changed = (#ids + 1) // 2
    assert.equal(changed, report.counts.ok)
    assert.equal(#ids - changed, report.counts.unchanged)
    assert.equal(#ids, sum(report))
    assert.equal(#ids, #report.records)
    assert.equal(changed, #fixture.writes(peer))
    for i, record in ipairs(report.records) do
      assert.equal(ids[i], record.id)
      local fresh = assert(client.data_assets:get(ids[i]))
      if i % 2 == 1 then assert.same({ "bulk" }, fresh.tags) end
    end
    assert.same({ "bulk" }, report.records[1].fields.tags.after)
  end)

  it("lets the change call where Lua cannot yield", function()
    local client = open(finally)
    local ids = ids_of(client)
    local report = assert(run(client, { ids = ids, change = function(asset)
      local seen
      asset.name:gsub("^.", function()
        seen = assert(client.data_assets:get(asset.id)).name
      end)
      return { description = "was " .. seen }
    end }))
    assert.equal(#ids, report.counts.ok)
    for _, id in ipairs(ids) do
      local fresh = assert(client.data_assets:get(id))
      assert.equal("was " .. fresh.name, fresh.description)
    end
  end)

  it("collects every id before it reads, and reads all before it confirms and writes", function()
    local client, peer = open(finally, { seed = 30, page_cap = 5 })
    local function change() return { tags = { "x" } } end
    assert(run(client, { select = { page_size = 5 }, all = true, change = change,
      confirm = function()
        assert.equal(0, #fixture.writes(peer))
        return true
      end }))
    local places = {}
    for i, request in ipairs(peer:requests()) do
      local first = places[request.operation] or { i, i }
      places[request.operation] = { first[1], i }
    end
    assert.is_true(places.search[2] < places.get[1])
    assert.is_true(places.get[1] < places.update[1])
  end)

  it("reads and writes each asset in one pass, in two requests, if it has no confirm", function()
    local client, peer = open(finally)
    local ids = ids_of(client)
    peer:clear()
    local report = assert(run(client, { ids = ids, jobs = 1,
      change = function() return { description = "x" } end }))
    assert.equal(#ids, report.counts.ok)
    local seen = {}
    for i, request in ipairs(peer:requests()) do seen[i] = request.operation end
    assert.equal(2 * #ids, #seen)
    assert.same({ "get", "update", "get", "update" }, table.move(seen, 1, 4, 1, {}))
  end)

  it("leaves alone assets for which change returns nil", function()
    local client, peer = open(finally)
    local report = assert(run(client, { select = {}, all = true, change = function() end }))
    assert.equal(#report.records, report.counts.skipped)
    assert.same({}, fixture.writes(peer))
  end)

  it("selects each id once, from a list or an iterator, up to the limit", function()
    local client = open(finally)
    local ids = ids_of(client)
    local twice = { ids[1], ids[2], ids[1]:upper(), ids[2]:gsub("-", ""), ids[3] }
    local function change() return { name = "n" } end
    assert.equal(3, #assert(run(client, { ids = twice, change = change })).records)
    local i = 0
    local report = assert(run(client, { limit = 2, change = change, ids = function()
      i = i + 1
      return twice[i]
    end }))
    assert.equal(2, #report.records)
  end)

  for _, how in ipairs { "spec", "client" } do
    it("plans and writes nothing in a dry run of the " .. how, function()
      local client, peer = open(finally, nil, { dry_run = how == "client" })
      local asked = false
      local report = assert(run(client, { select = {}, all = true, dry_run = how == "spec",
        confirm = function() asked = true end, change = function() return { tags = { "x" } } end }))
      assert.equal(#report.records, report.counts.pending)
      assert.is_true(#report.records > 10)
      assert.same({ "x" }, report.records[1].fields.tags.after)
      assert.is_false(asked)
      assert.same({}, fixture.writes(peer))
    end)
  end

  it("asks before it writes, and writes nothing when refused", function()
    local client, peer = open(finally)
    local plan
    local report = assert(run(client, { select = {}, all = true,
      change = function() return { name = "x" } end, confirm = function(it)
        plan = it
        return false
      end }))
    assert.equal(#report.records, plan.count)
    assert.equal("update", plan.action)
    assert.is_true(plan.size > 0)
    assert.equal(client.host, plan.deployment)
    assert.equal(#report.records, plan.selected)
    assert.equal(report.records[1].id, plan.items[1].id)
    assert.is_true(report.refused)
    assert.equal(#report.records, report.counts.pending)
    assert.same({}, fixture.writes(peer))
  end)

  it("asks nothing when there is nothing to change", function()
    local client = open(finally)
    local report = assert(run(client, { select = {}, all = true, confirm = error,
      change = function(asset) return { name = asset.name } end }))
    assert.equal(#report.records, report.counts.unchanged)
    assert.is_nil(report.refused)
  end)

  it("reports the status of each input", function()
    local client, peer = open(finally, nil, { retries = 0 })
    local ids = ids_of(client)
    peer:fault { kind = "status", status = 400, operation = "update", id = ids[2] }
    peer:fault { kind = "reset_before", operation = "update", id = ids[3], count = -1 }
    peer:fault { kind = "status", status = 500, operation = "get", id = ids[4] }
    local report = assert(run(client, { ids = { ids[1], ids[2], ids[3], ids[4], ids[5], ID },
      change = function(asset)
        if asset.id == ids[5] then error("in change") end
        return { tags = { "x" } }
      end }))
    local statuses = {}
    for i, record in ipairs(report.records) do statuses[i] = record.status end
    assert.same({ "ok", "failed", "unknown", "failed", "failed", "missing" }, statuses)
    assert.equal("invalid", report.records[2].error.kind)
    assert.equal("script", report.records[5].error.kind)
    assert.equal(6, sum(report))
  end)

  for action, check in pairs { archive = 1, unarchive = 0 } do
    it("carries out " .. action, function()
      local client = open(finally, { seed = 0 })
      local id = fixture.make(client).id
      if action == "unarchive" then assert(client.data_assets:archive(id)) end
      local report = assert(run(client, { ids = { id }, action = action }))
      assert.equal(1, report.counts.ok)
      assert.equal(check, #client.data_assets:all { archived = true })
    end)
  end

  it("returns an error when the selection fails", function()
    local client, peer = open(finally, nil, { retries = 0 })
    peer:fault { kind = "status", status = 403, operation = "search" }
    local report, err = run(client, { select = {}, all = true, change = function() end })
    assert.is_nil(report)
    assert.equal("auth", err.kind)
  end)

  it("publishes its progress as events", function()
    local client = open(finally)
    local types, last = {}, {}
    local report = assert(run(client, { select = {}, all = true,
      change = function() return { name = "x" } end, confirm = function() return true end,
      on_event = function(event)
        types[event.type] = (types[event.type] or 0) + 1
        if event.type ~= "selected" then assert.equal(types[event.type], event.done) end
        last[event.type] = event
      end }))
    assert.same({ selected = 1, planned = #report.records, applied = #report.records },
      types)
    assert.equal(#report.records, last.applied.total)
    assert.equal(0, last.applied.errors)
  end)

  local mistakes = {
    { "spec", nil }, { "select", {} }, { "select", { select = {}, ids = {} } },
    { "ids", { ids = "x" } }, { "select", { select = "x" } }, { "change", { ids = {} } },
    { "change", { ids = {}, change = "x" } }, { "action", { ids = {}, action = "purge" } },
    { "change", { ids = {}, action = "archive", change = print } },
    { "ids", { ids = { "../x" }, change = print } },
    { "shard", { ids = {}, change = print, shard = { 3, 2 } } },
  }
  for i, row in ipairs(mistakes) do
    it(("refuses %s, row %d"):format(row[1], i), function()
      local client, peer = open(finally)
      if row[2] then row[2].journal = false end
      local ok, problem = pcall(function() return (bulk.run(client, row[2])) end)
      assert.is_false(ok)
      assert.matches("bad argument '" .. row[1] .. "' to 'bulk.run'", problem)
      assert.matches("^%S*init_spec%.lua:%d+:", problem)
      assert.equal(0, #peer:requests())
    end)
  end
end)
