-- The passes of a run: two requests and one record for each input, and no new input after a stop.

local bulk = require "codeocean.bulk"
local fixture = require "fixture"

local function start(finally, count)
  local with = fixture.new(finally)
  local peer = with:sandbox { seed = count + 2, ready_after = 0 }
  local client, ids = with:client(peer), {}
  for asset in client.data_assets:each { archived = false, limit = count } do
    ids[#ids + 1] = asset.id
  end
  return client, ids, peer
end

local function change() return { description = "new" } end

describe("codeocean.bulk.passes", function()
  it("reads and writes each input once where nobody is asked", function()
    local client, ids, peer = start(finally, 8)
    local kinds = {}
    local report = assert(bulk.run(client, { ids = ids, journal = false, change = change,
      on_event = function(event) kinds[event.type] = (kinds[event.type] or 0) + 1 end }))
    assert.equal(#ids, report.counts.ok)
    assert.same({ selected = 1, applied = #ids }, kinds)
    assert.same({ #ids, #ids }, { #fixture.seen(peer, "get"), #fixture.seen(peer, "update") })
  end)

  it("reads again before each write where somebody was asked", function()
    local client, ids, peer = start(finally, 5)
    local report = assert(bulk.run(client, { ids = ids, journal = false, change = change,
      confirm = function(plan) return plan.count == #ids end }))
    assert.equal(#ids, report.counts.ok)
    assert.equal(2 * #ids, #fixture.seen(peer, "get"))
  end)

  it("begins nothing once it is to stop, and calls the rest pending", function()
    local client, ids, peer = start(finally, 10)
    peer:fault { kind = "status", status = 400, operation = "get", count = -1 }
    local report = assert(bulk.run(client, { ids = ids, journal = false, change = change,
      fail_fast = true, jobs = 1 }))
    assert.same({ 1, #ids - 1 }, { report.counts.failed, report.counts.pending })
    assert.equal(0, #fixture.seen(peer, "update"))
  end)
end)
