-- The uses of an asset: what would miss it if it were deleted.

local bulk = require "codeocean.bulk"
local fixture = require "fixture"

local CAPSULE = "11111111-2222-4333-8444-666666666666"

-- An estate of a used asset, a result of it and a combined asset that contains it, and of one that
-- nobody uses.
local function estate(finally, dialect)
  local with = fixture.new(finally)
  local peer = with:sandbox { dialect = dialect or "current", ready_after = 0 }
  local client = with:client(peer, { dialect = dialect or "current", retries = 0 })
  if dialect then return client, fixture.make(client).id end
  local used, unused = fixture.make(client).id, fixture.make(client, { name = "unused" }).id
  local result = assert(client.data_assets:create { name = "result", mount = "r", tags = {},
    source = { computation = { id = CAPSULE } },
    results_info = { capsule_id = CAPSULE, data_assets = { used } } }).id
  local combined = assert(client.data_assets:create { name = "combined", mount = "c", tags = {},
    data_asset_ids = { used } }).id
  return client, used, unused, result, combined, peer
end

local function sorted(list)
  table.sort(list, function(a, b) return a.type < b.type end)
  return list
end

describe("assets:uses", function()
  it("finds combined assets, results and capsules, archived ones too", function()
    local client, used, unused, result, combined = estate(finally)
    assert(client.data_assets:archive(result))
    local list = sorted(assert(client.data_assets:uses(used)))
    assert.same({ "capsule", "combined", "result" }, { list[1].type, list[2].type, list[3].type })
    assert.same({ CAPSULE, combined, result }, { list[1].id, list[2].id, list[3].id })
    assert.same({ "combined", "result" }, { list[2].name, list[3].name })
    assert.same({}, assert(client.data_assets:uses(unused)))
  end)

  it("reports that the release of 2022 does not show them", function()
    local client, id = estate(finally, "2022")
    local list, err = client.data_assets:uses(id)
    assert.is_nil(list)
    assert.equal("unsupported", err.kind)
  end)

  it("finds the capsules of every page, and stops at a repeated page", function()
    local client, used, _, _, _, peer = estate(finally)
    local page = '{"results":[{"id":"%s","name":"c"}],"has_more":%s,"next_token":"%s"}'
    for i = 1, 3 do
      peer:fault { kind = "status", status = 200, operation = "search_capsules", count = 1,
        body = page:format("c" .. i, i < 3, "t" .. i) }
    end
    local ids = {}
    for _, use in ipairs(assert(client.data_assets:uses(used))) do
      if use.type == "capsule" then ids[#ids + 1] = use.id end
    end
    assert.same({ "c1", "c2", "c3" }, ids)
    peer:fault { kind = "status", status = 200, operation = "search_capsules", count = 2,
      body = page:format("c", true, "t") }
    local list, err = client.data_assets:uses(used)
    assert.same({ nil, "paging" }, { list, err.kind })
  end)

  it("writes nothing", function()
    local client, used, _, _, _, peer = estate(finally)
    local before = #peer:requests()
    assert(client.data_assets:uses(used))
    local requests = peer:requests()
    assert.is_true(#requests > before)
    for i = before + 1, #requests do assert.matches("/search$", requests[i].path) end
    assert.equal('{"query":"' .. used .. '","limit":100}', requests[#requests].body)
  end)
end)

describe("a bulk run with check_used", function()
  local function delete(client, ids, more)
    local spec = { action = "delete", ids = ids, allow_unarchived = true, check_used = true,
      journal = false }
    for name, value in pairs(more or {}) do spec[name] = value end
    return bulk.run(client, spec)
  end

  it("refuses to delete used assets, before the first write", function()
    local client, used, unused, _, _, peer = estate(finally)
    local report, err = delete(client, { unused, used })
    assert.is_nil(report)
    assert.equal("refused", err.kind)
    assert.is_truthy(err.message:find(used .. " is used by the ", 1, true), err.message)
    assert.equal(0, #fixture.seen(peer, "delete"))
    local rehearsed = assert(delete(client, { unused, used }, { dry_run = true }))
    assert.equal("refused", rehearsed.refusal.kind)
    assert.equal(3, #rehearsed.records[2].uses)
    assert.is_nil(rehearsed.records[1].uses)
  end)

  it("deletes unused assets, and with even_if_used all", function()
    local client, used, unused, _, _, peer = estate(finally)
    assert.equal(1, assert(delete(client, { unused })).counts.ok)
    assert.equal(1, assert(delete(client, { used }, { even_if_used = true })).counts.ok)
    assert.equal(2, #fixture.seen(peer, "delete"))
  end)

  it("does not write an asset that was used since the confirmation", function()
    local client, _, unused, _, _, peer = estate(finally)
    local report = assert(delete(client, { unused }, { confirm = function()
      return client.data_assets:create { name = "late", mount = "l", tags = {},
        data_asset_ids = { unused } } ~= nil
    end }))
    assert.equal(1, report.counts.drift)
    assert.is_truthy(report.records[1].error.message:find("in use since", 1, true))
    assert.equal(0, #fixture.seen(peer, "delete"))
  end)

  it("shows in the preview of an archive run what uses each asset, and archives", function()
    local client, used = estate(finally)
    local shown
    local report = assert(bulk.run(client, { action = "archive", ids = { used }, check_used = true,
      journal = false, confirm = function(plan)
        shown = plan.items[1].uses
        return true
      end }))
    assert.equal(3, #shown)
    assert.equal(1, report.counts.ok)
  end)

  it("fails an asset whose uses cannot be read", function()
    local client, _, unused, _, _, peer = estate(finally)
    peer:fault { kind = "status", operation = "search_capsules", status = 404, count = -1 }
    local report = assert(delete(client, { unused }))
    assert.equal(0, report.counts.ok)
    assert.equal(0, #fixture.seen(peer, "delete"))
  end)
end)
