-- Undo reverses the changes of a run and keeps what others wrote since.

local bulk = require "codeocean.bulk"
local fixture = require "fixture"
local journal = require "codeocean.bulk.journal"
local journals = require "journals"
local process = require "process"
local resume = require "codeocean.bulk.resume"
local undo = require "codeocean.bulk.undo"

describe("codeocean.bulk.undo", function()
  local with, client, ids, folder

  local function start(finally)
    with = fixture.new(finally)
    client, folder = with:client(with:sandbox { seed = 4, ready_after = 0 }), with:folder()
    ids = {}
    for asset in client.data_assets:each { archived = false, limit = 3 } do
      ids[#ids + 1] = asset.id
    end
    assert.equal(3, #ids)
  end

  local function run(spec)
    spec.ids, spec.journal = spec.ids or ids, folder .. "/run.jsonl"
    return assert(bulk.run(client, spec))
  end

  -- An undo of the run, with its journal as `name`; `force`: though it was undone.
  local function undoing(name, force)
    local spec = assert(undo.spec(folder .. "/run.jsonl", force))
    spec.journal = folder .. "/" .. name .. ".jsonl"
    return spec
  end

  local function undo_run(name, force)
    return assert(bulk.run(client, undoing(name or "undo", force)))
  end

  local function add(asset)
    asset.tags[#asset.tags + 1] = "reviewed"
    return { tags = asset.tags }
  end

  it("removes the tag that was added, and keeps what others did since", function()
    start(finally)
    run { change = add }
    local before = assert(client.data_assets:get(ids[1]))
    local own = { table.unpack(before.tags) }
    own[#own + 1] = "theirs"
    assert(client.data_assets:update(ids[1], { tags = own, description = "theirs" }))
    local report = undo_run()
    assert.equal(3, report.counts.ok)
    local after = assert(client.data_assets:get(ids[1]))
    assert.equal("theirs", after.description)
    assert.equal("theirs", after.tags[#after.tags])
    for _, tag in ipairs(after.tags) do assert.is_not.equal("reviewed", tag) end
  end)

  it("leaves a field alone that somebody changed since, and says so", function()
    start(finally)
    run { change = function() return { description = "ours" } end }
    assert(client.data_assets:update(ids[2], { description = "theirs" }))
    local report = undo_run()
    assert.same({ 2, 1 }, { report.counts.ok, report.counts.drift })
    assert.equal("theirs", client.data_assets:get(ids[2]).description)
  end)

  it("keeps archived what was archived before", function()
    start(finally)
    assert(client.data_assets:archive(ids[1]))
    run { action = "archive" }
    undo_run()
    local archived = {}
    for asset in client.data_assets:each { archived = true } do archived[asset.id] = true end
    assert.same({ true, nil, nil }, { archived[ids[1]], archived[ids[2]], archived[ids[3]] })
  end)

  it("of an archive run is resumed where it was interrupted", function()
    start(finally)
    run { action = "archive" }
    local spec, done = undoing "undo", 0
    spec.jobs = 1
    function spec.confirm() return true end
    function spec.on_event(event) done = done + (event.type == "applied" and 1 or 0) end
    function spec.stop() return done >= 1 end
    assert.same(2, assert(bulk.run(client, spec)).counts.pending)
    local path = folder .. "/undo.jsonl"
    local report = assert(bulk.run(client, assert(resume.spec(path))))
    assert.same({ 3, 0 }, { report.counts.ok, report.counts.drift })
    for asset in client.data_assets:each { archived = true } do
      for _, id in ipairs(ids) do assert.not_equal(id, asset.id) end
    end
  end)

  it("leaves alone what was intended and never sent", function()
    start(finally)
    run { change = add }
    local path = folder .. "/run.jsonl"
    local text = journals.unsealed(process.read(path))
    local revoked, count = text:gsub('\n[^\n]*"outcome":2[,}][^\n]*', function(line)
      return (line:gsub('"ok"', '"pending"'))
    end)
    assert.equal(1, count)
    process.write(path, journals.sealed(revoked))
    local report = undo_run()
    assert.equal(2, report.counts.ok)
    local tags = client.data_assets:get(ids[2]).tags -- somebody else has added the same
    assert.equal("reviewed", tags[#tags])
  end)

  it("refuses a run that was undone already, unless it is forced", function()
    start(finally)
    run { change = add }
    undo_run()
    local report, err = bulk.run(client, undoing "again")
    assert.is_nil(report)
    assert.equal("refused", err.kind)
    assert.is_truthy(err.message:find(folder .. "/undo.jsonl", 1, true), err.message)
    assert.equal(0, #undo_run("again", true).records)
  end)

  -- The values of the fields that the run and others wrote.
  local function state_of(id)
    local asset = assert(client.data_assets:get(id))
    local found = {}
    for _, tag in ipairs(asset.tags) do
      if tag == "reviewed" or tag == "theirs" then found[#found + 1] = tag end
    end
    return { asset.description or "", table.concat(found, " ") }
  end

  local function change_both(asset)
    asset.tags[#asset.tags + 1] = "reviewed"
    return { tags = asset.tags, description = "ours" }
  end

  it("with force takes back what an earlier undo did not, and nothing twice", function()
    start(finally)
    local before = {}
    for i, id in ipairs(ids) do before[i] = state_of(id) end
    run { change = change_both }
    assert(client.data_assets:update(ids[2], { description = "theirs" }))
    local done = 0
    local spec = undoing "undo"
    spec.jobs = 1
    function spec.on_event(event) done = done + (event.type == "applied" and 1 or 0) end
    function spec.stop() return done >= 2 end
    local first = assert(bulk.run(client, spec))
    assert.same({ 1, 1, 1 }, { first.counts.ok, first.counts.drift, first.counts.pending })

    -- Somebody adds the same tag to what was taken back, and gives the other its description.
    local tags = assert(client.data_assets:get(ids[1])).tags
    tags[#tags + 1] = "reviewed"
    assert(client.data_assets:update(ids[1], { tags = tags, description = "ours" }))
    assert(client.data_assets:update(ids[2], { description = "ours" }))
    local second = undo_run("again", true)
    assert.same({ 2, 2 }, { #second.records, second.counts.ok })
    assert.same({ "ours", "reviewed" }, state_of(ids[1]))
    assert.same({ before[2], before[3] }, { state_of(ids[2]), state_of(ids[3]) })
    assert.equal(0, #undo_run("third", true).records)
  end)

  it("with force takes back of an asset only what the earlier undo left", function()
    start(finally)
    local id = fixture.make(client, { tags = { "a", "gone" } }).id
    run { ids = { id }, change = function()
      return { tags = { "a", "mine" }, description = "ours" }
    end }
    assert(client.data_assets:update(id, { description = "theirs" }))
    assert.equal(1, undo_run().counts.drift)
    assert.same({ "a", "gone" }, client.data_assets:get(id).tags)

    -- Somebody wants the tags as the run wrote them, and the description too.
    assert(client.data_assets:update(id, { tags = { "a", "mine" }, description = "ours" }))
    assert.equal(1, undo_run("again", true).counts.ok)
    local asset = client.data_assets:get(id)
    assert.same({ { "a", "mine" }, "" }, { asset.tags, asset.description })
    assert.equal(0, #undo_run("third", true).records)
  end)

  it("forced takes back again what came back by an undo of the undo", function()
    start(finally)
    run { change = add }
    assert.equal(3, undo_run().counts.ok)
    local spec = assert(undo.spec(folder .. "/undo.jsonl"))
    spec.journal, spec.limit = folder .. "/redo.jsonl", 1
    assert.equal(1, assert(bulk.run(client, spec)).counts.ok)
    assert.equal("reviewed", state_of(ids[1])[2])

    local again = undo_run("again", true)
    assert.same({ 1, 1 }, { #again.records, again.counts.ok })
    for _, id in ipairs(ids) do assert.equal("", state_of(id)[2]) end
    assert.equal(0, #undo_run("third", true).records)
  end)

  -- Whether the run says that it was undone, after an undo that found `edit` done.
  local function marked(edit, confirm)
    run { ids = { ids[1] }, change = function() return { description = "ours" } end }
    edit()
    local spec = undoing "undo"
    spec.confirm = confirm
    local report = assert(bulk.run(client, spec))
    assert.equal(0, report.counts.ok)
    return assert(journal.read(folder .. "/run.jsonl")).undone ~= nil
  end

  for how, confirm in pairs { ["in one pass"] = false, asked = function() return true end } do
    it("that took nothing back does not mark the run as undone, " .. how, function()
      start(finally)
      assert.is_false(marked(function()
        assert(client.data_assets:update(ids[1], { description = "theirs" }))
      end, confirm or nil))
    end)

    it("that found everything taken back marks the run as undone, " .. how, function()
      start(finally)
      local before = client.data_assets:get(ids[1]).description
      assert.is_true(marked(function()
        assert(client.data_assets:update(ids[1], { description = before }))
      end, confirm or nil))
    end)
  end

  it("takes back what was written again since the undo", function()
    start(finally)
    run { rule = { fields = { description = "ours" } }, ids = { ids[1] } }
    undo_run()
    local own = assert(journal.new():resume(folder .. "/run.jsonl"))
    local record = own:record(1)
    own:intend(1, { id = ids[1], name = record.name, patch = record.patch })
    own:add_outcome(1, { id = ids[1], status = "ok" })
    assert(own:finish({ ok = 1 }, "done"))
    assert.equal(ids[1], undo_run("again", true).records[1].id)
  end)

  it("locks the journal: a resume meanwhile, and an undo of a run being resumed, are refused",
    function()
      start(finally)
      run { rule = { tags = { add = { "reviewed" } } }, ids = { ids[1] } }
      local path = folder .. "/run.jsonl"
      local spec, report, err = undoing "undo", nil, nil
      function spec.confirm()
        report, err = bulk.run(client, { resume = path, even_if_undone = true })
        return true
      end
      assert.equal(1, assert(bulk.run(client, spec)).counts.ok)
      assert.is_nil(report)
      assert.is_truthy(err.message:find("another process is writing it", 1, true), err.message)

      local _ <close> = assert(journal.new():resume(path)) -- it is free again
      for _, dry in ipairs { false, true } do
        spec = undoing("again", true)
        spec.dry_run = dry
        report, err = bulk.run(client, spec)
        assert.is_nil(report)
        assert.is_truthy(err.message:find("another process is writing it", 1, true), err.message)
      end
      report, err = bulk.run(client, { resume = folder .. "/undo.jsonl",
        patches = { undoes = path, partial = true } })
      assert.is_nil(report)
      assert.is_truthy(err.message:find("another process is writing it", 1, true), err.message)
    end)

  it("closes the journal when it is refused, and does not mark it", function()
    start(finally)
    run { change = add }
    local spec = undoing "undo"
    function spec.confirm() return false end
    assert.is_true(assert(bulk.run(client, spec)).refused)
    local own <close> = assert(journal.new():resume(folder .. "/run.jsonl"))
    assert.is_nil(own.ledger.undone)
  end)

  it("refuses a deletion", function()
    start(finally)
    run { action = "delete", allow_unarchived = true, ids = { ids[3] } }
    local spec, err = undo.spec(folder .. "/run.jsonl")
    assert.is_nil(spec)
    assert.equal("refused", err.kind)
    assert.is_truthy(err.message:find("cannot be undone", 1, true))
  end)
end)
