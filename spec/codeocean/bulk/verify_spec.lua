-- Verify writes again what another writer overwrote, and nothing else.

local bulk = require "codeocean.bulk"
local fixture = require "fixture"

local function has(list, tag)
  for _, own in ipairs(list) do if own == tag then return true end end
  return false
end

-- A run over two assets; `meddle(assets, ids, server)` is called after the first pass.
local function run(finally, meddle, options)
  local with = fixture.new(finally)
  local server = with:sandbox { seed = 3, ready_after = 0 }
  local client = with:client(server)
  local ids = {}
  for asset in client.data_assets:each { archived = false, limit = 2 } do
    ids[#ids + 1] = asset.id
  end
  local spec = { ids = ids, journal = false, verify = true,
    change = function(asset)
      asset.tags[#asset.tags + 1] = "ours"
      return { tags = asset.tags }
    end }
  local applied = 0
  function spec.on_event(event)
    if event.type ~= "applied" then return end
    applied = applied + 1
    if applied == #ids then meddle(client.data_assets, ids, server) end
  end
  for name, value in pairs(options or {}) do spec[name] = value end
  return assert(bulk.run(client, spec)), client.data_assets, ids
end

describe("codeocean.bulk.verify", function()
  it("repeats lost writes, and says how many", function()
    local report, assets, ids = run(finally, function(assets, ids)
      assert(assets:update(ids[1], { tags = { "theirs" } }))
    end)
    assert.same({ 1, 2 }, { report.repaired, report.counts.ok })
    local tags = assets:get(ids[1]).tags
    assert.is_true(has(tags, "ours") and has(tags, "theirs"))
  end)

  it("repeats the lost write of an asset that no longer fits `where` after it", function()
    local report = run(finally, function(assets, ids)
      assert(assets:update(ids[1], { tags = { "theirs" } }))
    end, { where = function(asset) return asset.description ~= "done" end,
      change = function() return { description = "done", tags = { "ours" } } end })
    assert.same({ 1, 2, 0 }, { report.repaired, report.counts.ok, report.counts.drift })
  end)

  it("finds nothing to do if nobody else wrote", function()
    local report = run(finally, function() end)
    assert.same({ 0, 2 }, { report.repaired, report.counts.ok })
  end)

  it("reports `unknown` for a write that it could not read again", function()
    local report = run(finally, function(_, ids, server)
      server:fault { kind = "status", status = 400, operation = "get", id = ids[1], count = -1 }
    end)
    assert.same({ 1, 1, 0 }, { report.counts.unknown, report.counts.ok, report.counts.failed })
  end)

  it("runs on request only", function()
    local report, assets, ids = run(finally, function(assets, ids)
      assert(assets:update(ids[1], { tags = { "theirs" } }))
    end, { verify = false })
    assert.is_nil(report.repaired)
    assert.is_false(has(assets:get(ids[1]).tags, "ours"))
  end)
end)
