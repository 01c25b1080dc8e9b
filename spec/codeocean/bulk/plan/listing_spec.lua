-- A listing of ids is read again when it is too old.

local core = require "codeocean.core"
local fixture = require "fixture"
local id_list = require "codeocean.bulk.journal.id_list"
local listings = require "codeocean.bulk.plan.listing"

describe("codeocean.bulk.plan.listing", function()
  local function counted(client)
    local count = 0
    local listing = listings.new(client, function()
      count = count + 1
      local found = id_list.new()
      found:add(fixture.ID)
      client:sleep(0.01)
      return found
    end)
    return listing, function() return count end
  end

  it("searches when it is first asked, and not again for some seconds", function()
    local with = fixture.new(finally)
    local listing, count = counted(with:client(with:sandbox()))
    assert.equal(0, count())
    for _ = 1, 3 do assert.is_true(listing:has(fixture.ID)) end
    assert.equal(1, count())
  end)

  it("searches again once it is old", function()
    local with = fixture.new(finally)
    local listing, count = counted(with:client(with:sandbox()))
    local now, later = core.now, 0
    with:at_end(function() core.now = now end)
    function core.now() return now() + later end
    assert.is_true(listing:has(fixture.ID))
    later = 60
    assert.is_true(listing:has(fixture.ID))
    assert.equal(2, count())
  end)

  it("searches again for has_now(), once for all calls that come meanwhile", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox())
    local listing, count = counted(client)
    assert.is_true(listing:has(fixture.ID))
    assert.is_true(listing:has_now(fixture.ID))
    assert.equal(2, count())
    local results = client:map({ 1, 2, 3, 4, 5, 6 }, function()
      return listing:has_now(fixture.ID)
    end)
    assert.same({ n = 6, true, true, true, true, true, true }, results)
    assert.is_true(count() <= 4, count())
  end)
end)
