-- Writing to one asset: merge, intent, request, outcome.

local bulk = require "codeocean.bulk"
local core = require "codeocean.core"
local fixture = require "fixture"
local resume = require "codeocean.bulk.resume"
local undo = require "codeocean.bulk.undo"

local function start(finally, options)
  local with = fixture.new(finally)
  local peer = with:sandbox { seed = 3, ready_after = 0 }
  local client = with:client(peer, options)
  local ids = {}
  for asset in client.data_assets:each { archived = false, limit = 2 } do
    ids[#ids + 1] = asset.id
  end
  return client, ids, peer, with
end

local function bodies(peer)
  local list = {}
  for i, request in ipairs(fixture.seen(peer, "update")) do list[i] = request.body end
  return list
end

describe("codeocean.bulk.apply", function()
  it("sends the changes, and every other field that PUT replaces unchanged", function()
    local client, ids, peer = start(finally)
    local asset = assert(client.data_assets:get(ids[1]))
    assert(bulk.run(client, { ids = { ids[1] }, journal = false,
      change = function() return { description = "new" } end }))
    local sent = require("codeocean.json").decode(bodies(peer)[1])
    assert.same({ asset.name, "new", asset.tags, asset.mount }, { sent.name, sent.description,
      sent.tags, sent.mount })
  end)

  it("writes nothing if another writer has changed the same field meanwhile", function()
    local client, ids, peer = start(finally)
    local assets = client.data_assets
    local report = assert(bulk.run(client, { ids = ids, journal = false,
      change = function() return { description = "ours" } end,
      confirm = function()
        assert(assets:update(ids[1], { description = "ours" }))
        assert(assets:update(ids[2], { description = "theirs" }))
        return true
      end }))
    assert.same({ 1, 1, 0 }, { report.counts.unchanged, report.counts.drift, report.counts.ok })
    assert.equal(2, #bodies(peer)) -- both by hand
    assert.equal("theirs", assets:get(ids[2]).description)
  end)

  it("deletes no asset that left the archive during the confirmation", function()
    local client, ids = start(finally)
    local assets = client.data_assets
    assert(assets:archive(ids[1]))
    local report = assert(bulk.run(client, { ids = { ids[1] }, action = "delete", journal = false,
      confirm = function() return assets:unarchive(ids[1]) end }))
    assert.same({ 1, 0 }, { report.counts.drift, report.counts.ok })
    assert.is_truthy(assets:get(ids[1]))
  end)

  it("does not write an asset that `where` selects no longer", function()
    local client, ids, peer = start(finally)
    local assets = client.data_assets
    local archived -- is known of what is to be deleted
    local function where(asset)
      return asset.archived == archived and asset.description ~= "in use"
    end
    local function confirm() return assets:update(ids[1], { description = "in use" }) end
    local report = assert(bulk.run(client, { ids = { ids[1], ids[2] }, journal = false,
      where = where, rule = { tags = { add = { "x" } } }, confirm = confirm }))
    assert.same({ 1, 1 }, { report.counts.drift, report.counts.ok })
    assert.equal(2, #bodies(peer)) -- one by hand
    assert.is_truthy(report.records[1].error.message:find("no longer selected", 1, true))
    assert(assets:update(ids[1], { description = "free" }))
    for i = 1, 2 do assert(assets:archive(ids[i])) end
    archived = true
    report = assert(bulk.run(client, { ids = { ids[1], ids[2] }, journal = false, where = where,
      action = "delete", confirm = confirm }))
    assert.same({ 1, 1 }, { report.counts.drift, report.counts.ok })
    assert.is_truthy(assets:get(ids[1]))
  end)

  it("fails an asset that the server gives without its name, and goes on", function()
    local with = fixture.new(finally)
    local ids = { fixture.ID, "22222222-2222-4333-8444-555555555555" }
    local function asset(i, fields)
      return fixture.answer("200 OK", ('{"id":"%s",%s"tags":[],"type":"dataset","state":"ready"}')
        :format(ids[i], fields))
    end
    local answers = { asset(1, ""), asset(2, '"name":"b","description":"",'),
      asset(2, '"name":"b","description":"new",') }
    local client = with:client(with:server(answers))
    local report = assert(bulk.run(client, { ids = ids, journal = false, jobs = 1,
      change = function() return { description = "new" } end }))
    local first, second = report.records[1], report.records[2]
    assert.same({ "failed", "decode", "not_sent" }, { first.status, first.error.kind,
      first.error.outcome })
    assert.is_truthy(tostring(first.error):find("name: the server's answer has none", 1, true))
    assert.equal("ok", second.status, tostring(second.error))
  end)

  it("stops where the server wants a long pause: what was not sent is pending", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 60 }
    local client, ids = with:client(peer, { jobs = 4 }), {}
    for asset in client.data_assets:each {} do ids[#ids + 1] = asset.id end
    peer:fault { kind = "status", status = 429, retry_after = 1000, operation = "update", skip = 2 }
    local spec = { ids = ids, journal = false, change = function() return { tags = { "x" } } end }
    local report = assert(bulk.run(client, spec))
    local counts = report.counts
    assert.are.same({ "throttled", 429 }, { report.error.kind, report.error.status })
    assert.are.equal(1, counts.failed)
    assert.are.equal(#ids, counts.ok + counts.failed + counts.pending)
    assert.is_true(#ids > 40 and counts.pending > 40)
    assert.are.equal(counts.ok + counts.failed, #fixture.seen(peer, "update"))
  end)

  it("reports a write that the server may have done as unknown", function()
    local client, ids, peer = start(finally, { retries = 0 })
    peer:fault { kind = "reset_after", operation = "update", count = -1 }
    local report = assert(bulk.run(client, { ids = { ids[1] }, journal = false,
      change = function() return { description = "new" } end }))
    assert.equal(1, report.counts.unknown)
  end)

  -- A run that writes tags and permissions, which have a request each.
  local function both_parts(finally, fault)
    local with = fixture.new(finally)
    local peer = with:sandbox { ready_after = 0 }
    local client = with:client(peer, { dialect = "current", retries = 0 })
    local id, path = fixture.make(client).id, with:folder() .. "/run.jsonl"
    peer:fault(fault)
    local report = assert(bulk.run(client, { ids = { id }, journal = path, permissions = true,
      change = function()
        return { tags = { "a", "b", "new" }, permissions = { everyone = "viewer" } }
      end }))
    return report, client, id, path
  end

  local function parts(client, id)
    local asset = assert(client.data_assets:get(id))
    local shared = assert(client.data_assets:get_permissions(id))
    return { table.concat(asset.tags, " "), shared.everyone }
  end

  for _, code in ipairs { 400, 403, 404 } do
    it(("reports a write that was done in part as unknown: %d"):format(code), function()
      local report, client, id, path = both_parts(finally,
        { kind = "status", status = code, operation = "set_permissions" })
      assert.equal(1, report.counts.unknown)
      assert.same({ "a b new", "none" }, parts(client, id))
      assert.equal(1, assert(bulk.run(client, (undo.spec(path)))).counts.ok)
      assert.same({ "a b", "none" }, parts(client, id))
    end)
  end

  it("finishes a write that was done in part, and all of it can be undone", function()
    local _, client, id, path = both_parts(finally,
      { kind = "status", status = 400, operation = "set_permissions" })
    local report = assert(bulk.run(client, { resume = path }))
    assert.equal(1, report.counts.ok, tostring(report.records[1].error))
    assert.same({ "a b new", "viewer" }, parts(client, id))
    assert.equal(1, assert(bulk.run(client, (undo.spec(path)))).counts.ok)
    assert.same({ "a b", "none" }, parts(client, id))
  end)

  it("reports an input that may be written and could not be read as unknown", function()
    local client, ids, peer, with = start(finally, { retries = 0 })
    local path = with:folder() .. "/run.jsonl"
    peer:fault { kind = "reset_after", operation = "update", count = 2 }
    local rule = { fields = { description = "new" } }
    local first = assert(bulk.run(client, { ids = { ids[1] }, journal = path, rule = rule }))
    assert.equal(1, first.counts.unknown)
    peer:fault { kind = "status", status = 400, operation = "get" }
    local report = assert(bulk.run(client, { resume = path, rule = rule }))
    assert.same({ 1, 0 }, { report.counts.unknown, report.counts.failed })
    assert.equal(1, assert(bulk.run(client, { resume = path, rule = rule })).counts.ok)
  end)

  -- Somebody adds a tag between a read and its write, which is then pushed back
  -- for longer than a read is good for. write(client, id) -> how often the asset was put.
  local function pushed_back(finally, write)
    local client, ids, peer, with = start(finally, { dialect = "current" })
    local id = ids[1]
    local other = with:client(peer, { dialect = "current" })
    local asked = false
    client:on("request", function(call)
      if asked or call.operation ~= "update" then return end
      asked = true
      assert(other.data_assets:update(id, { tags = { "theirs" } }))
      peer:clear()
      peer:fault { kind = "status", status = 429, retry_after = "3", operation = "update" }
    end)
    assert(write(client, id))
    assert.equal(2, #fixture.seen(peer, "update"))
    assert.equal(1, #fixture.seen(peer, "get"))
    return assert(client.data_assets:get(id))
  end

  it("merges into a fresh read after a 429", function()
    local asset = pushed_back(finally, function(client, id)
      local report = bulk.run(client, { ids = { id }, journal = false,
        change = function() return { description = "new" } end })
      return report.counts.ok == 1
    end)
    assert.same({ "new", { "theirs" } }, { asset.description, asset.tags })
  end)

  it("merges into a fresh read after a 429 of an update too", function()
    local asset = pushed_back(finally, function(client, id)
      return client.data_assets:update(id, { description = "new" })
    end)
    assert.same({ "new", { "theirs" } }, { asset.description, asset.tags })
  end)

  it("merges into a fresh read if the change took too long", function()
    local client, ids, peer, with = start(finally, { dialect = "current" })
    local other = with:client(peer, { dialect = "current" })
    local now, later, changes = core.now, 0, 0
    with:at_end(function() core.now = now end)
    function core.now() return now() + later end
    local function slow_change()
      changes = changes + 1
      later = later + 3
      assert(other.data_assets:update(ids[1], { tags = { "theirs" } }))
      peer:clear()
      return { description = "new" }
    end
    local report = bulk.run(client, { ids = { ids[1] }, journal = false, change = slow_change })
    assert.equal(1, report.counts.ok)
    assert.equal(1, changes)
    assert.equal(1, #fixture.seen(peer, "update"))
    local asset = assert(client.data_assets:get(ids[1]))
    assert.same({ "new", { "theirs" } }, { asset.description, asset.tags })
  end)

  it("writes in a resume a patch whose asset could not be read", function()
    local client, ids, peer, with = start(finally)
    local id, path = ids[1], with:folder() .. "/j.jsonl"
    assert(client.data_assets:update(id, { description = "before" }))
    local rows = { { id = id, name = "n",
      patch = { description = { before = "before", after = "after" } } } }
    local function next_row() return table.remove(rows) end
    local report = assert(bulk.run(client, { patches = { rows = next_row }, journal = path,
      confirm = function()
        peer:fault { kind = "status", status = 400, operation = "get", id = id }
        return true
      end }))
    assert.equal(1, report.counts.failed)
    report = assert(bulk.run(client, assert(resume.spec(path))))
    assert.equal(1, report.counts.ok)
    assert.equal("after", client.data_assets:get(id).description)
  end)

  it("does not resume the run of another change", function()
    local client, ids, peer, with = start(finally)
    local path = with:folder() .. "/j.jsonl"
    peer:fault { kind = "status", status = 400, operation = "get", count = -1 }
    local function spec(description)
      return { ids = { ids[1] }, rule = { fields = { description = description } } }
    end
    local first = spec "one"
    first.journal = path
    assert.equal(1, assert(bulk.run(client, first)).counts.failed)
    local second = spec "two"
    second.resume = path
    local report, err = bulk.run(client, second)
    assert.is_nil(report)
    assert.equal("refused", err.kind)
    assert.is_truthy(err.message:find("of another run", 1, true), err.message)
    assert.equal(0, #fixture.seen(peer, "update"))
  end)
end)
