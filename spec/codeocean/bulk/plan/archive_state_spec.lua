-- Which assets are archived: no field says it, so a search is made.

local archive_state = require "codeocean.bulk.plan.archive_state"
local fixture = require "fixture"

describe("codeocean.bulk.plan.archive_state", function()
  it("knows the archived assets, and changes after a refresh", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { seed = 4, ready_after = 0 })
    local ids = {}
    for asset in client.data_assets:each { archived = false, limit = 2 } do
      ids[#ids + 1] = asset.id
    end
    assert.equal(2, #ids)
    assert(client.data_assets:archive(ids[1]))
    local state = archive_state.new(client)
    assert.is_true(state:has(ids[1]))
    assert.is_false(state:has(ids[2]) or false)
    assert(client.data_assets:unarchive(ids[1]))
    state:refresh()
    assert.is_false(state:has(ids[1]) or false)
  end)

  it("lists once for many tasks that ask", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 4, ready_after = 0 }
    local client = with:client(peer, { dialect = "current" })
    local state, list = archive_state.new(client), {}
    for i = 1, 20 do list[i] = fixture.ID end
    local _, errs = client:map(list, function(id) return state:has(id) or false end)
    assert.is_nil(next(errs))
    assert.equal(1, #fixture.seen(peer, "search"))
  end)

  it("asks again for each asset that is to be deleted, by its name", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 4, ready_after = 0 }
    local client = with:client(peer, { dialect = "current" })
    local id = fixture.make(client, { name = "scratch of a spec" }).id
    local state = archive_state.new(client)
    assert.is_false(state:has(id) or false)
    assert(client.data_assets:archive(id))
    peer:clear()
    assert.is_true(state:is_archived_now(id, "scratch of a spec"))
    assert.equal(1, #fixture.seen(peer, "search"))
    assert(client.data_assets:unarchive(id))
    assert.is_false(state:is_archived_now(id, "scratch of a spec") or false)
  end)

  it("looks through the whole archive where a search for the name shows nothing", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { seed = 4, ready_after = 0 }, { dialect = "current" })
    local id = fixture.make(client, { name = "called so now" }).id
    assert(client.data_assets:archive(id))
    assert.is_true(archive_state.new(client):is_archived_now(id, "called otherwise before"))
  end)

  it("gives the error of a search that failed just before a deletion", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 4 }
    local client = with:client(peer, { dialect = "current", retries = 0 })
    peer:fault { kind = "status", status = 400, operation = "search", count = -1 }
    local found, err = archive_state.new(client):is_archived_now(fixture.ID, "n")
    assert.is_nil(found)
    assert.equal(400, err.status)
  end)

  it("raises the error of the search, in every task that waits for it", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 4 }
    local client = with:client(peer, { dialect = "current", retries = 0 })
    peer:fault { kind = "status", status = 400, operation = "search", count = -1 }
    local state = archive_state.new(client)
    local ok, problem = pcall(state.has, state, fixture.ID)
    assert.is_false(ok)
    assert.equal(400, problem.status)
  end)
end)
