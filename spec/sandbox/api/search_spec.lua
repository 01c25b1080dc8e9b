-- Searches by GET: pages, filters, order, refusals.

local peer = require "peer"

describe("the sandbox, on search,", function()
  local it_has

  local function start(options)
    options.dialect = options.dialect or "2022"
    it_has = peer.start(options)
  end

  local function search(query)
    local status, answer, raw = it_has:call("GET", query)
    assert.equal(200, status, raw)
    return answer, raw
  end

  after_each(function() it_has.sandbox:stop() end)

  it("answers as the vendor's example", function()
    start { seed = 200 }
    local answer = search("?start=0&limit=10&sort_order=desc&sort_field=name&type=dataset"
      .. "&ownership=owner&favorite=false&archived=false&query=name:co+tag:x1")
    assert.equal(2, answer.total)
    assert.is_false(answer.has_more)
    local row = answer.results[1]
    assert.same({ created = 1641473110, description = "commoncrawl", files = 24212276,
      id = peer.VENDORS, last_used = row.last_used, name = "commoncrawl",
      size = 7184869799906, state = "ready", tags = { "x1", "x2", "y1" },
      type = "dataset" }, row)
    assert.equal("codeocean datasets", answer.results[2].name)
  end)

  it("has two types: every asset but a result is a dataset", function()
    start { seed = 300 }
    local types = {}
    for _, kind in ipairs { "dataset", "result" } do
      local rows = search("?limit=1000&type=" .. kind).results
      assert.is_true(#rows > 50)
      types[kind] = #rows
      for _, row in ipairs(rows) do
        assert.equal(kind, row.type)
        local _, asset = it_has:call("GET", "/" .. row.id)
        assert.equal("DATA_ASSET_TYPE_" .. kind:upper(), asset.type)
      end
    end
    assert.equal(search("?limit=1").total, types.dataset + types.result)
    assert.equal(400, (it_has:call("GET", "?type=model")))
  end)

  it("returns ten rows, or as many as requested", function()
    start { seed = 300 }
    local answer = search ""
    assert.equal(10, #answer.results)
    assert.is_true(answer.has_more)
    assert.equal(answer.total, #search("?limit=1000").results)
    assert.equal(1, #search("?limit=1").results)
  end)

  it("pages without a gap or a repetition", function()
    start { seed = 100 }
    local total, answer
    local seen, start_at = {}, 0
    repeat
      answer = search("?limit=7&start=" .. start_at)
      total = total or answer.total
      assert.equal(total, answer.total)
      for _, row in ipairs(answer.results) do
        assert.is_nil(seen[row.id])
        seen[row.id] = true
      end
      start_at = start_at + #answer.results
    until not answer.has_more
    assert.equal(total, start_at)
  end)

  it("returns an empty page after the end", function()
    start { seed = 5 }
    local answer, raw = search "?start=999999999999"
    assert.is_false(answer.has_more)
    assert.truthy(raw:find('"results":[]', 1, true))
  end)

  it("caps pages below the limit that was sent, and announces more", function()
    start { seed = 50, page_cap = 7 }
    local answer = search "?limit=1000"
    assert.equal(7, #answer.results)
    assert.is_true(answer.has_more)
    assert.equal(7, #search("").results)
  end)

  it("shows what was written a moment ago", function()
    start {}
    assert.equal(0, search("").total)
    local _, asset = it_has:create { name = "fresh" }
    assert.equal(1, search("").total)
    it_has:call("PUT", "/" .. asset.id, { name = "renamed", description = "" })
    assert.equal(0, search("?query=fresh").total)
    assert.equal(1, search("?query=renamed").total)
    it_has:call("DELETE", "/" .. asset.id)
    assert.equal(0, search("").total)
  end)

  it("sorts by each field, both ways", function()
    start { seed = 60 }
    for _, field in ipairs { "created", "type", "name", "size" } do
      local function values(order)
        local list = {}
        for i, row in ipairs(search("?limit=1000&sort_field=" .. field .. order).results) do
          list[i] = field == "name" and row.name:lower() or row[field]
        end
        return list
      end
      local up, down = values "", values "&sort_order=desc"
      for i = 2, #up do
        assert.is_true(up[i - 1] <= up[i])
        assert.is_true(down[i - 1] >= down[i])
      end
      assert.same(up, values "&sort_order=asc")
    end
  end)

  it("ignores an order without a field", function()
    start { seed = 30 }
    assert.same(search "", search "?sort_order=asc")
    assert.same(search "", search "?sort_order=desc")
  end)

  it("filters by type, owner and favorite", function()
    start { seed = 300 }
    local all = search("").total
    local datasets, results = search("?type=dataset").total, search("?type=result").total
    assert.equal(all, datasets + results)   -- this release has no other types
    assert.is_true(datasets > 0 and results > 0)
    local mine, shared = search("?ownership=owner").total, search("?ownership=shared").total
    assert.equal(all, mine + shared)
    assert.is_true(mine > 0 and shared > 0)
    local favorites = search("?favorite=true").total
    assert.is_true(favorites > 0 and favorites < all)
    assert.equal(all, search("?favorite=false").total)
    assert.is_true(search("?favorite=true&type=result&archived=true").total < favorites)
  end)

  it("accepts Python's spelling of true and false", function()
    start { seed = 100 }
    assert.same(search "?archived=true", search "?archived=True")
    assert.same(search "?archived=false", search "?archived=False")
    assert.same(search "?favorite=true", search "?favorite=TRUE")
  end)

  it("refuses invalid values", function()
    start { seed = 3 }
    local queries = {
      "limit=abc", "limit=0", "limit=1001", "limit=-1", "limit=", "limit=1.5", "limit=0x10",
      "limit=9999999999999999999999", "start=-1", "start=x", "start=",
      "sort_field=id", "sort_field=",
      "sort_order=up", "sort_field=or", "type=foo", "type=combined", "type=dataset,",
      "ownership=created", "favorite=yes", "archived=1", "archived=yes", "query=%zz",
      "query=%00", "query=%4",
    }
    for _, query in ipairs(queries) do
      local status, answer = it_has:call("GET", "?" .. query)
      assert.equal(400, status, query)
      local name = query:match "^[^=]+"
      assert.truthy(answer.message:find(name == "query" and "escape" or name, 1, true))
    end
  end)

  it("ignores unknown parameters, as the real one does", function()
    start { seed = 30 }
    assert.same(search "", search "?Archived=true&arhcived=true&typ=result&x")
  end)

  it("refuses POST in the 2022 dialect, and GET in the current one", function()
    start { seed = 3 }
    assert.equal(405, (it_has:call("POST", "/search", {})))
    it_has.sandbox:stop()
    start { seed = 3, dialect = "current" }
    local status, answer, _, headers = it_has:call("GET", "")
    assert.equal(405, status)
    assert.equal("POST", headers.allow)
    assert.truthy(answer.message:find "POST")
  end)
end)
