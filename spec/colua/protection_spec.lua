-- At the prompt, a call that would write to a protected asset is refused.

local fixture = require "fixture"
local protection = require "colua.protection"

describe("colua.protection", function()
  it("refuses what would write to a protected asset, whatever the call", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { ready_after = 0 }
    local client = with:client(peer, { dialect = "current" })
    local kept = fixture.make(client, { name = "kept" }).id
    local free = fixture.make(client, { name = "free" }).id
    client.protect = { name = { "kept" } }
    protection.watch(client)
    local assets = client.data_assets
    peer:clear()
    for _, call in ipairs { function() return assets:update(kept, { description = "x" }) end,
      function() return assets:archive(kept) end, function() return assets:delete(kept) end } do
      local done, err = call()
      assert.is_nil(done)
      assert.equal("protected", err.kind)
    end
    assert.same({}, fixture.writes(peer))
    assert(assets:update(free, { description = "x" }))
    assert.equal(1, #fixture.writes(peer))
  end)

  it("reads no asset if nothing is protected", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox())
    protection.watch(client)
    protection.watch(nil)
    assert.equal(0, #client.hooks.write)
  end)
end)
