-- Counts, records and sizes of a report, read from a journal.

local ledgers = require "codeocean.bulk.journal.ledger"
local reports = require "codeocean.bulk.report"

local function journal_of(states, sizes)
  local ledger = ledgers.new(nil, { name = "n", action = "update" })
  ledger.count, ledger.states = #states, states
  return { ledger = ledger, record = function(_, index)
    return { index = index, id = "id" .. index, name = "n" .. index, size = sizes and sizes[index],
      status = states[index] }
  end }
end

describe("codeocean.bulk.report", function()
  it("counts every input once, whatever its status", function()
    local states = { "ok", "unchanged", "open", "planned", "given", "failed", "drift" }
    local counts, sum = reports.counts(journal_of(states).ledger), 0
    for _, status in ipairs(reports.STATUSES) do sum = sum + counts[status] end
    assert.equal(#states, sum)
    assert.same({ 1, 1, 1, 2, 1, 1 }, { counts.ok, counts.unchanged, counts.unknown, counts.pending,
      counts.failed, counts.drift })
  end)

  it("has a record for each input, read when it is asked for", function()
    local records = reports.records(journal_of { "ok", "open", "planned" })
    assert.equal(3, #records)
    local statuses = {}
    for i, record in ipairs(records) do statuses[i] = record.status end
    assert.same({ "ok", "unknown", "pending" }, statuses)
    assert.is_nil(records[4])
    assert.is_nil(records[0])
    assert.equal("id3", reports.records(journal_of { "ok", "ok", "ok" }, { 3 })[1].id)
  end)

  it("sums sizes beyond the integers without turning negative", function()
    local states = { "planned", "planned", "planned" }
    assert.equal(15, reports.size(journal_of(states, { 5, 5, 5 }), { 1, 2, 3 }))
    local most = math.maxinteger
    local big = reports.size(journal_of(states, { most, most, 1 }), { 1, 2, 3 })
    assert.is_true(big > 1.8e19)
    assert.equal(5, reports.size(journal_of(states, { 5, "7", 0.5 }), { 1, 2, 3 }))
  end)
end)
