-- Listings page by page, from a simulated search and from a server with faults.

local errors = require "codeocean.error"
local fixture = require "fixture"
local page = require "codeocean.assets.pages"

-- A search over given pages; it records the parameters of each call.
local function told(pages)
  local calls = {}
  return function(params)
    calls[#calls + 1] = params
    local own = pages[math.min(#calls, #pages)]
    if errors.is(own) then return nil, own end
    local results = {}
    for i, id in ipairs(own.ids) do results[i] = { id = id } end
    return { results = results, has_more = own.more, next_token = own.token, total = own.total }
  end, calls
end

local function listed(search, params)
  local ids = {}
  for row in page.each(search, params or {}) do
    ids[#ids + 1] = row.id
    if #ids > 1000 then error("no end to it", 0) end
  end
  return table.concat(ids, " ")
end

describe("codeocean.assets.pages", function()
  it("returns every row, page after page", function()
    local search, calls = told { { ids = { "a", "b" }, more = true },
      { ids = { "c" }, more = true }, { ids = {}, more = false } }
    assert.equal("a b c", listed(search))
    assert.equal(3, #calls)
    for _, call in ipairs(calls) do assert.equal(1000, call.limit) end
    assert.same({ 0, 2, 3 }, { calls[1].offset, calls[2].offset, calls[3].offset })
  end)

  it("returns at most `limit` rows, in pages of `page_size`", function()
    local search, calls = told { { ids = { "a", "b" }, more = true },
      { ids = { "c", "d" }, more = true }, { ids = { "e" }, more = false } }
    assert.equal("a b c", listed(search, { limit = 3, page_size = 2 }))
    assert.equal(2, #calls)
    for _, call in ipairs(calls) do assert.same({ 2, nil }, { call.limit, call.page_size }) end
  end)

  it("requests no more than `limit` rows", function()
    local search, calls = told { { ids = { "a", "b" }, more = true } }
    assert.equal("a b", listed(search, { limit = 2 }))
    assert.equal(1, #calls)
    assert.equal(2, calls[1].limit)
  end)

  it("starts the next page after the rows received, not after page_size", function()
    local search, calls = told { { ids = { "a", "b", "c" }, more = true },
      { ids = { "d" }, more = false } }
    assert.equal("a b c d", listed(search, { page_size = 500, start = 7, query = "x" }))
    assert.equal(7, calls[1].offset)
    assert.equal(10, calls[2].offset)
    for _, call in ipairs(calls) do
      assert.equal(500, call.limit)
      assert.equal("x", call.query)
      assert.is_nil(call.start)
    end
  end)

  it("requests the next page by its token if there is one", function()
    local search, calls = told { { ids = { "a" }, more = true, token = "t1" },
      { ids = { "b" }, more = true, token = "t2" }, { ids = { "c" }, more = false } }
    assert.equal("a b c", listed(search))
    assert.same({ "t1", "t2" }, { calls[2].next_token, calls[3].next_token })
    assert.is_nil(calls[2].offset)
  end)

  it("leaves the caller's parameters alone", function()
    local params = { query = "x", start = 3 }
    listed(told { { ids = { "a" }, more = false } }, params)
    assert.same({ query = "x", start = 3 }, params)
  end)

  it("sends no request before the first row is wanted, and none after the last page", function()
    local search, calls = told { { ids = { "a", "b" }, more = true }, { ids = { "c" } } }
    local rows = page.each(search, {})
    assert.equal(0, #calls)
    rows()
    rows()
    assert.equal(1, #calls)
  end)

  it("returns a row once that two pages have", function()
    local search = told { { ids = { "a", "b", "b" }, more = true },
      { ids = { "b", "c" }, more = false } }
    assert.equal("a b c", listed(search))
  end)

  local faults = {
    { "an empty page that has more", { { ids = { "a" }, more = true },
      { ids = {}, more = true } }, "sends none" },
    { "an empty first page that has more", { { ids = {}, more = true } }, "sends none" },
    { "the same page again", { { ids = { "a", "b" }, more = true } }, "same page" },
    { "the same page in another order", { { ids = { "a", "b" }, more = true },
      { ids = { "b", "a" }, more = true } } },
    { "the same token again", { { ids = { "a" }, more = true, token = "t" },
      { ids = { "b" }, more = true, token = "t" } } },
    { "a page that does not say whether there is more", { { ids = { "a" } } } },
  }
  for _, row in ipairs(faults) do
    it("raises at " .. row[1], function()
      local ok, problem = pcall(listed, (told(row[2])))
      assert.is_false(ok)
      assert.equal("paging", problem.kind)
      assert.matches("row %d+", problem.message)
      assert.matches(row[3] or "", problem.message)
      local list, err = page.all(told(row[2]), {})
      assert.is_nil(list)
      assert.equal("paging", err.kind)
    end)
  end

  it("accepts an empty last page", function()
    assert.equal("", listed(told { { ids = {}, more = false } }))
  end)

  it("raises the error of a later page, and never ends in silence", function()
    local failure = errors.new { kind = "network", message = "reset" }
    local pages = { { ids = { "a" }, more = true }, failure }
    local seen = {}
    local ok, problem = pcall(function()
      for row in page.each(told(pages), {}) do seen[#seen + 1] = row.id end
    end)
    assert.is_false(ok)
    assert.equal(failure, problem)
    assert.same({ "a" }, seen)
    local list, err = page.all(told(pages), {})
    assert.is_nil(list)
    assert.equal(failure, err)
  end)

  it("raises the error of a search unchanged", function()
    local ok, problem = pcall(page.all, function() error("a mistake", 0) end, {})
    assert.is_false(ok)
    assert.equal("a mistake", problem)
  end)
end)

describe("paging, against a server", function()
  it("lists 12,345 assets exactly once, though pages are capped", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 12345, page_cap = 500 }
    local client = with:client(peer)
    local seen, n = {}, 0
    for _, archived in ipairs { false, true } do
      for asset in client.data_assets:each { archived = archived } do
        assert.is_nil(seen[asset.id])
        seen[asset.id] = true
        n = n + 1
      end
    end
    assert.equal(12345, n)
    assert.is_true(#peer:requests() >= 25)
    assert.is_true(#peer:requests() <= 27)
  end)

  it("holds little memory while it lists", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { seed = 6000, page_cap = 100 })
    local before, most
    local n = 0
    for _ in client.data_assets:each { page_size = 100 } do
      n = n + 1
      if n % 1000 == 0 then
        collectgarbage()
        collectgarbage()
        local kept = collectgarbage("count")
        before = before or kept
        most = math.max(most or 0, kept - before)
      end
    end
    assert.is_true(n > 4000)
    assert.is_true(most < 500, most .. " KiB")
  end)

  it("returns no row twice when rows come and go meanwhile", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { seed = 30 })
    local seen, n = {}, 0
    for asset in client.data_assets:each { page_size = 5 } do
      assert.is_nil(seen[asset.id])
      seen[asset.id] = true
      n = n + 1
      if n == 3 then fixture.make(client) end
    end
    assert.is_true(n > 20)
  end)

  it("ends with an error after an empty page that announces more", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 30 }
    local client = with:client(peer)
    peer:fault { kind = "empty_more", operation = "search", skip = 1 }
    local list, err = client.data_assets:all { page_size = 10 }
    assert.is_nil(list)
    assert.equal("paging", err.kind)
    assert.equal(2, #peer:requests())
  end)

  it("ends with an error when the server stops answering", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 30 }
    local client = with:client(peer, { retries = 0 })
    for _, fault in ipairs { { kind = "status", status = 403 }, { kind = "reset_before" },
      { kind = "truncated" }, { kind = "html" } } do
      peer:clear()
      fault.operation, fault.skip, fault.count = "search", 1, -1
      peer:fault(fault)
      local list, err = client.data_assets:all { page_size = 10 }
      assert.is_nil(list, fault.kind)
      assert.is_not_nil(err.kind)
      local n = 0
      local ok, problem = pcall(function()
        peer:clear()
        peer:fault(fault)
        for _ in client.data_assets:each { page_size = 10 } do n = n + 1 end
      end)
      assert.is_false(ok)
      assert.equal(err.kind, problem.kind)
      assert.equal(10, n)
    end
  end)

  it("requests smaller pages when one is too large for the server", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 30 }
    local client = with:client(peer, { retries = 0 })
    peer:fault { kind = "status", status = 413, operation = "search" }
    peer:fault { kind = "status", status = 500, operation = "search" }
    assert.is_true(#assert(client.data_assets:all { page_size = 8 }) > 20)
    local limits = {}
    for i, request in ipairs(peer:requests()) do limits[i] = request.query:match("limit=(%d+)") end
    assert.same({ "8", "4", "2", "2" }, { table.unpack(limits, 1, 4) })
  end)
end)
