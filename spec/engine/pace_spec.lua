-- The deadline of a call does not run while our own pacing holds its request back.

local core = require "codeocean.core"
local fixture = require "fixture"

describe("a rate of our own", function()
  it("costs no request its deadline", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer, { rate = 8, deadline = 0.5, jobs = 16 })
    local ids = {}
    for i = 1, 12 do ids[i] = fixture.ID end
    local began = core.now()
    local _, errs = client:map(ids, function(id) return client.data_assets:get(id) end)
    assert.are.equal(12, #errs)
    for _, err in ipairs(errs) do assert.are.equal("missing", err.kind) end
    assert.is_true(core.now() - began >= 11 / 8)
  end)

  it("sends nothing more once all is cancelled", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer, { rate = 2, jobs = 16 })
    local transfers = {}
    for i = 1, 6 do transfers[i] = client:submit("archive", fixture.ID, { archive = true }) end
    repeat client:step(0.05) until #peer:requests() == 1
    local began = core.now()
    client.engine:cancel()
    for i = 2, 6 do
      local _, err = client:finish(transfers[i])
      assert.are.equal("cancelled", err.kind)
      assert.are.equal("not_sent", err.outcome)
    end
    assert.is_true(core.now() - began < 0.45) -- one more at this rate takes 0.5 s
    client:step(0.7)
    assert.are.equal(1, #peer:requests())
  end)

  it("is a floor of Retry-After in parts of a second, too", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "status", status = 429, retry_after = "0.6" }
    assert.are.equal("missing", select(2, with:client(peer).data_assets:get(fixture.ID)).kind)
    local requests = peer:requests()
    assert.are.equal(2, #requests)
    assert.is_true(requests[2].at - requests[1].at >= 0.6)
  end)
end)
