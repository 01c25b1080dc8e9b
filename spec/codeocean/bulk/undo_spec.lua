-- Undo of the patch: what the run changed goes, what others did since stays.

local bulk = require "codeocean.bulk"
local fixture = require "fixture"
local journals = require "journals"
local process = require "process"
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

  local function take_back()
    local spec = assert(undo.spec(folder .. "/run.jsonl"))
    spec.journal = folder .. "/undo.jsonl"
    return assert(bulk.run(client, spec))
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
    local report = take_back()
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
    local report = take_back()
    assert.same({ 2, 1 }, { report.counts.ok, report.counts.drift })
    assert.equal("theirs", client.data_assets:get(ids[2]).description)
  end)

  it("keeps archived what was archived before", function()
    start(finally)
    assert(client.data_assets:archive(ids[1]))
    run { action = "archive" }
    take_back()
    local archived = {}
    for asset in client.data_assets:each { archived = true } do archived[asset.id] = true end
    assert.same({ true, nil, nil }, { archived[ids[1]], archived[ids[2]], archived[ids[3]] })
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
    local report = take_back()
    assert.equal(2, report.counts.ok)
    local tags = client.data_assets:get(ids[2]).tags -- somebody else has added the same
    assert.equal("reviewed", tags[#tags])
  end)

  it("refuses a run that was undone already, unless it is forced", function()
    start(finally)
    run { change = add }
    take_back()
    local spec, err = undo.spec(folder .. "/run.jsonl")
    assert.is_nil(spec)
    assert.equal("refused", err.kind)
    assert.is_truthy(err.message:find(folder .. "/undo.jsonl", 1, true), err.message)
    assert.is_truthy(undo.spec(folder .. "/run.jsonl", true))
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
