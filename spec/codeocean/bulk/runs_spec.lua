-- Listing runs from their journals: names, results, errors, sums over shards.

local bulk = require "codeocean.bulk"
local fixture = require "fixture"
local journals = require "journals"
local process = require "process"
local runs = require "codeocean.bulk.runs"

describe("codeocean.bulk.runs", function()
  it("names a run by the end of its file's name", function()
    assert.equal("3f2a1b", runs.short "/x/20261123T101500Z-tag-3f2a1b.jsonl")
    assert.equal("mine", runs.short "/x/mine.jsonl")
    assert.equal("mine", runs.short "mine")
  end)

  it("reads the result of a run from its journal", function()
    local with = fixture.new(finally)
    local client, folder = with:client(with:sandbox { seed = 3, ready_after = 0 }), with:folder()
    local ids = {}
    for asset in client.data_assets:each { limit = 2 } do ids[#ids + 1] = asset.id end
    local path = folder .. "/20261123T101500Z-mine-3f2a1b.jsonl"
    assert(bulk.run(client, { ids = ids, name = "mine", note = "why", journal = path,
      change = function() return { description = "new" } end }))
    local run = assert(runs.read(path))
    assert.same({ "done", "mine", 2, 2, "why", client.host, "3f2a1b" }, { run.state, run.name,
      run.total, run.counts.ok, run.note, run.deployment, run.run })
    local refused = folder .. "/20261123T101501Z-mine-3f2a1c.jsonl"
    assert(bulk.run(client, { ids = ids, name = "mine", journal = refused,
      change = function() return { description = "other" } end,
      confirm = function() return false end }))
    assert.equal("refused", runs.read(refused).state)
    local list, errs = runs.list(folder)
    assert.same({ refused, path, 0 }, { list[1].path, list[2].path, #errs })
  end)

  it("lists a file that is not a journal as an error, and goes on", function()
    local folder = fixture.new(finally):folder()
    local file = assert(io.open(folder .. "/notes.jsonl", "w"))
    file:write("my notes\n")
    file:close()
    local list, errs = runs.list(folder)
    assert.same({ 0, 1, "journal" }, { #list, #errs, errs[1].kind })
    list, errs = runs.list(folder .. "/nothing")
    assert.same({ 0, 0 }, { #list, #errs })
  end)

  it("lists a journal with invalid counts as an error, and goes on", function()
    local folder = fixture.new(finally):folder()
    for name, counts in pairs { good = '{"ok":1}', damaged = '{"ok":"x"}' } do
      process.write(folder .. "/" .. name .. ".jsonl", journals.text({ name = name,
        action = "update" }, '{"end":' .. counts .. ',"state":"done"}'))
    end
    local list, errs = runs.list(folder)
    assert.same({ 1, "good", 1, "journal" }, { #list, list[1].name, #errs, errs[1].kind })
    assert.is_truthy(errs[1].message:find("line 2 is damaged", 1, true), errs[1].message)
  end)

  it("sums the shards of one job", function()
    assert.same({ runs = 2, total = 5, counts = { ok = 4, failed = 1 }, states = { done = 1,
      interrupted = 1 } }, runs.merge { { total = 3, state = "done", counts = { ok = 3 } },
      { total = 2, state = "interrupted", counts = { ok = 1, failed = 1 } } })
  end)
end)
