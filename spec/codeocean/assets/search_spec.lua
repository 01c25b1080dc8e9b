-- One script runs unchanged on deployments of either release: each test runs against the sandbox
-- in each of its dialects.

local codeocean = require "codeocean"
local core = require "codeocean.core"
local fixture = require "fixture"
local sandbox = require "codeocean.sandbox"

local DIALECTS = { "2022", "current", "both" }

local function start(options, dialect)
  local server = assert(sandbox.start(options))
  local client = assert(codeocean.client { domain = server.url, token = server.token,
    retries = 0, dialect = dialect })
  finally(function()
    client:close()
    server:stop()
  end)
  return server, client.data_assets, client
end

local function searches(server)
  local list = {}
  for _, request in ipairs(server:requests()) do
    if request.operation == "search" then list[#list + 1] = request end
  end
  return list
end

local function params(name)
  return { name = name, mount = "m", tags = { "a", "B" }, source = { aws = { bucket = "b" } } }
end

for _, dialect in ipairs(DIALECTS) do
  describe("on a deployment of dialect " .. dialect, function()
    local function setup(options)
      options = options or {}
      options.dialect = dialect
      return start(options)
    end

    it("every operation returns the same canonical values", function()
      local _, assets = setup { ready_after = 0 }
      local made = assert(assets:create(params "Sample 1"))
      assert.equal("dataset", made.type)
      local asset = assert(assets:wait_until_ready(made.id, { interval = 0.01 }))
      assert.equal("ready", asset.state)
      assert.equal("integer", math.type(asset.size))
      assert.same({ "a", "B" }, asset.tags)
      local changed = assert(assets:update(made.id, { tags = {} }))
      assert.same({}, changed.tags)
      assert.equal("Sample 1", assert(assets:get(made.id)).name)
      assert.is_true(assets:archive(made.id))
      assert.equal(0, #assert(assets:all()))
      assert.equal(1, #assert(assets:all { archived = true }))
      assert.is_true(assets:unarchive(made.id))
      assert.is_true(assets:delete(made.id))
      local gone, err = assets:get(made.id)
      assert.is_nil(gone)
      assert.equal("missing", err.kind)
    end)

    it("a search of 12,345 returns each exactly once, also with pages capped at 500", function()
      for _, cap in ipairs { 1000, 500 } do
        local server, assets = setup { seed = 12345, page_cap = cap, keep_requests = 100 }
        local seen, count = {}, 0
        for asset in assets:each { archived = "any" } do
          assert.is_nil(seen[asset.id])
          seen[asset.id], count = true, count + 1
        end
        assert.equal(12345, count)
        server:stop()
      end
    end)

    it("archived = any merges both listings in the order that was asked for", function()
      local _, assets = setup { seed = 400 }
      local all = assert(assets:all { archived = "any", sort_field = "created",
        sort_order = "desc" })
      assert.equal(400, #all)
      for i = 2, #all do assert.is_true(all[i - 1].created >= all[i].created) end
    end)

    it("parameters of either release mean the same", function()
      local _, assets = setup { seed = 300 }
      local by_start = assert(assets:search { start = 10, limit = 5, sort_field = "name" })
      local by_offset = assert(assets:search { offset = 10, limit = 5, sort_field = "name" })
      assert.equal(5, #by_start.results)
      assert.same(by_start.results, by_offset.results)
      local owner = assert(assets:all { ownership = "owner" })
      local created = assert(assets:all { ownership = "created" })
      assert.is_true(#owner > 0)
      assert.equal(#owner, #created)
    end)

    it("find distinguishes none, one and several, and a failed search", function()
      local server, assets = setup {}
      for _, name in ipairs { "twin", "twin", "only \"quoted\" one", "only quoted one too" } do
        assert(assets:create(params(name)))
      end
      assert.equal("only \"quoted\" one", assert(assets:find "only \"quoted\" one").name)
      local _, none = assets:find "nobody"
      assert.equal("missing", none.kind)
      local _, many = assets:find "twin"
      assert.equal("ambiguous", many.kind)
      assert.equal(2, #many.data)
      server:fault { operation = "search", kind = "status", status = 500, count = -1 }
      local _, failed = assets:find "only quoted one too"
      assert.equal("server", failed.kind)
    end)

    it("a create whose answer is lost is adopted, and never sent again", function()
      local server, assets = setup {}
      server:fault { operation = "create", kind = "reset_after" }
      local asset, how = assets:create(params "Lost and found")
      assert.equal("Lost and found", asset.name)
      assert.equal("adopted", how)
      local sent = 0
      for _, request in ipairs(server:requests()) do
        if request.operation == "create" then sent = sent + 1 end
      end
      assert.equal(1, sent)
    end)

    it("a create without an answer and without an asset stays unknown", function()
      local server, assets = setup {}
      server:fault { operation = "create", kind = "reset_before" }
      local asset, err = assets:create(params "Never arrived")
      assert.is_nil(asset)
      assert.equal("unknown", err.outcome)
      assert.equal("network", err.kind)
    end)

    it("unless_exists creates no second asset", function()
      local _, assets = setup {}
      local first = assert(assets:create(params "Once"))
      local again, how = assets:create(params "Once", { unless_exists = true })
      assert.equal(first.id, again.id)
      assert.equal("existed", how)
      assert.equal(1, #assert(assets:all()))
    end)
  end)
end

describe("the dialect", function()
  it("auto probes once, falls back permanently, and says so", function()
    local server, assets, client = start { dialect = "2022", seed = 20 }
    assert(assets:search {})
    assert(assets:search {})
    local sent = searches(server)
    assert.equal(2, client:stats().dialect_probes + 1)
    assert.equal("2022", client:stats().dialect)
    local methods = {}
    for i, request in ipairs(server:requests()) do methods[i] = request.method end
    assert.same({ "POST", "GET", "GET" }, methods)
    assert.is_true(#sent >= 2)
  end)

  -- Of nginx; of the API; of the API, or Traefik or an ingress before a 2022 deployment: the second
  -- form tells.
  local PAGE = fixture.answer("200 OK", '{"results":[],"has_more":false}')
  local TEXT = fixture.answer("404 Not Found", "404 page not found\n")
  local NO_ROUTE = fixture.answer("404 Not Found", '{"message":"no route"}')
  local NOTHING = fixture.answer("404 Not Found", "")
  local first_answers = {
    { "a page, 404", { fixture.answer("404 Not Found", "<html><title>404 Not Found</title>") },
      "404 Not Found", nil, 1 },
    { "a page, 405", { fixture.answer("405 Not Allowed", "<html><title>405 Not Allowed</title>") },
      "405 Not Allowed", nil, 1 },
    { "JSON", { fixture.answer("404 Not Found", '{"message":"no"}'), PAGE }, nil, "2022", 2 },
    { "nothing", { fixture.answer("405 Not Allowed", ""), PAGE }, nil, "2022", 2 },
    { "a text, and the other form works", { TEXT, PAGE }, nil, "2022", 2 },
    { "a text, and the other form too", { TEXT, TEXT }, "404 page not found ", nil, 2 },
    { "a text, and the other form is not there",
      { TEXT, fixture.answer("405 Not Allowed", '{"message":"no"}') }, "404 page not found ", nil,
      2 },
    { "JSON of a gateway, twice", { NO_ROUTE, NO_ROUTE }, "no route", nil, 2 },
    { "nothing, twice", { NOTHING, NOTHING }, "", nil, 2 },
  }
  for _, row in ipairs(first_answers) do
    it("auto, where the first answer is " .. row[1], function()
      local with = fixture.new(finally)
      local answers = { table.unpack(row[2]) }
      answers[#answers + 1] = PAGE
      local server = with:server(answers)
      local client = with:client(server, { dialect = "auto", token = "cop_x" })
      local _, err = client.data_assets:search {}
      assert.are.equal(row[3], err and err.message)
      assert.are.equal(row[4], client:stats().dialect)
      assert.are.equal(0, #assert(client.data_assets:search {}))
      assert.are.equal(row[4] or "current", client:stats().dialect)
      local methods = {}
      for i = 1, row[5] + 1 do methods[i] = server:request():match "^%u+" end
      assert.are.same({ "POST", row[5] == 2 and "GET" or "POST", row[5] == 2
        and (row[4] and "GET" or "POST") or nil }, methods)
    end)
  end

  it("auto: searches that start together fail with the one that probes", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "stall", operation = "search", count = -1 }
    local client = with:client(peer, { dialect = "auto", deadline = 2, retries = 0 })
    local began = core.now()
    local _, errs = client:map({ 1, 2, 3 }, function() return client.data_assets:search {} end)
    for i = 1, 3 do assert.are.equal("timeout", errs[i].kind) end
    assert.is_true(core.now() - began < 3.9) -- one after another they take 6 s
  end)

  it("auto: one of the searches that start together tries both, the others fail with it", function()
    local with = fixture.new(finally)
    local server = with:server { NO_ROUTE, NO_ROUTE, PAGE }
    local client = with:client(server, { dialect = "auto", token = "cop_x" })
    local _, errs = client:map({ 1, 2, 3 }, function() return client.data_assets:search {} end)
    for i = 1, 3 do assert.are.equal("no route", errs[i].message) end
    assert.are.equal(2, client:stats().requests)
    assert(client.data_assets:search {})
    assert.are.equal("current", client:stats().dialect)
  end)

  it("auto: what the 2022 release cannot express decides nothing", function()
    local with = fixture.new(finally)
    local server = with:server { NO_ROUTE, PAGE }
    local client = with:client(server, { dialect = "auto", token = "cop_x" })
    local _, err = client.data_assets:search { type = "model" }
    assert.are.equal("unsupported", err.kind)
    assert(client.data_assets:search { type = "model" })
    assert.are.equal("current", client:stats().dialect)
  end)

  it("auto probes once even if many searches start together", function()
    local server, assets, client = start { dialect = "2022", seed = 20 }
    local _, errs = client:map({ 1, 2, 3, 4, 5, 6, 7, 8 }, function()
      return assets:search {}
    end)
    assert.is_nil(next(errs))
    local posts, gets = 0, 0
    for _, request in ipairs(server:requests()) do
      if request.method == "POST" then posts = posts + 1 else gets = gets + 1 end
    end
    assert.equal(1, posts)
    assert.equal(8, gets)
  end)

  it("never returns to the other release", function()
    local server, assets, client = start { dialect = "both", seed = 20 }
    server:fault { method = "POST", kind = "status", status = 405, count = 1 }
    assert(assets:search {})
    assert(assets:search {})
    local methods = {}
    for i, request in ipairs(server:requests()) do methods[i] = request.method end
    assert.same({ "POST", "GET", "GET" }, methods)
    assert.equal("2022", client:stats().dialect)
  end)

  it("an explicit one sends only its own form", function()
    for ask, method in pairs { ["2022"] = "GET", current = "POST" } do
      local server, assets = start({ dialect = "both", seed = 5 }, ask)
      assert(assets:search {})
      local sent = server:requests()
      assert.equal(1, #sent)
      assert.equal(method, sent[1].method)
      server:stop()
    end
  end)

  it("a search that the 2022 release cannot express is an error, and nothing is sent", function()
    local rows = { origin = "external", type = "model", filters = { { key = "k", value = "v" } } }
    for name, value in pairs(rows) do
      local server, assets = start({ dialect = "2022", seed = 5 }, "2022")
      assert.error_matches(function() assets:search { [name] = value } end,
        "'" .. name .. "' to 'search'")
      assert.equal(0, #server:requests())
      server:stop()
    end
    local server, assets = start { dialect = "2022", seed = 5 }
    assert(assets:search {})
    server:clear()
    local page, err = assets:search { type = "model" }
    assert.is_nil(page)
    assert.equal("unsupported", err.kind)
    assert.equal(0, #server:requests())
  end)
end)

describe("bad input is refused by name before any request:", function()
  local rows = {
    { "an unknown parameter", { quary = "x" }, "quary.*query" },
    { "a token that is not ours", { next_token = "stolen" }, "next_token" },
    { "a filter with value and values", { filters = { { key = "k", value = 1, values = { 1 } } } },
      "filters%[1%]" },
    { "a filter with nothing to compare", { filters = { { key = "k" } } }, "filters%[1%]" },
    { "a range that is empty", { filters = { { key = "k", range = { min = 2, max = 1 } } } },
      "range" },
    { "a range of texts", { filters = { { key = "k", range = { min = 1, max = "2" } } } },
      "range%.max" },
    { "a misspelt field of a filter", { filters = { { key = "k", vlaue = "x" } } },
      "did you mean 'value'" },
    { "a misspelt end of a range", { filters = { { key = "k", range = { mx = 1 } } } },
      "did you mean 'max'" },
    { "a range with neither end", { filters = { { key = "k", range = {} } } }, "range" },
    { "a filter without a key", { filters = { { value = 1 } } }, "filters%[1%]%.key" },
    { "a wildcard", { query = "name:ab*" }, "wildcard" },
    { "a wildcard in a structured query", { query = { name = "ab*" } }, "wildcard" },
    { "an unknown field of a structured query", { query = { nam = "ab" } }, "nam" },
    { "start and offset", { start = 1, offset = 1 }, "start" },
    { "a negative offset", { offset = -1 }, "offset" },
    { "a misspelt choice", { sort_order = "up" }, "sort_order" },
    { "any where one page is meant", { archived = "any" }, "archived" },
  }
  for _, row in ipairs(rows) do
    it(row[1], function()
      local server, assets = start { dialect = "both", seed = 1 }
      assert.error_matches(function() assets:search(row[2]) end, row[3])
      assert.equal(0, #server:requests())
    end)
  end

  it("an unknown dialect", function()
    assert.error_matches(function()
      codeocean.client { domain = "http://127.0.0.1:9", token = "t", dialect = "2023" }
    end, "dialect")
  end)
end)

describe("a structured query", function()
  local query = require "codeocean.assets.query"
  local rows = {
    { { name = "RNA seq", tag = { "a", "b" }, text = "free words" },
      'name:"RNA seq" tag:"a" tag:"b" free words' },
    { { commit_id = "c0ffee" }, 'commit_id:"c0ffee"' },
    { "tag:x free", "tag:x free" },
  }
  for i, row in ipairs(rows) do
    it("is quoted: " .. i, function() assert.equal(row[2], query.build(row[1])) end)
  end
end)

describe("a listing that the server cannot make so large", function()
  it("is requested in smaller pages", function()
    local server, assets = start { dialect = "current", seed = 100 }
    server:fault { operation = "search", kind = "status", status = 413, count = 2 }
    assert.equal(100, #assert(assets:all { archived = "any", page_size = 40 }))
    local limits = {}
    for i, request in ipairs(searches(server)) do
      limits[i] = request.body:match '"limit":(%d+)'
    end
    assert.same({ "40", "20", "10" }, { limits[1], limits[2], limits[3] })
  end)
end)

describe("metadata", function()
  it("is merged into the present metadata unless it replaces it; integers stay", function()
    local _, assets = start { dialect = "current" }
    local asset = assert(assets:create { name = "n", mount = "m", tags = {},
      source = { aws = { bucket = "b" } }, custom_metadata = { a = 1, big = 9007199254740993 } })
    local merged = assert(assets:update(asset.id, { custom_metadata = { b = 2 } }))
    assert.same({ a = 1, b = 2, big = 9007199254740993 }, merged.custom_metadata)
    assert.equal("integer", math.type(merged.custom_metadata.big))
    local less = assert(assets:update(asset.id, { custom_metadata = { a = codeocean.null } }))
    assert.same({ b = 2, big = 9007199254740993 }, less.custom_metadata)
    local replaced = assert(assets:update(asset.id, { custom_metadata = { c = 3 } },
      { replace_metadata = true }))
    assert.same({ c = 3 }, replaced.custom_metadata)
  end)
end)

describe("the further endpoints", function()
  it("give permissions, files, urls and take a transfer", function()
    local server, assets = start { dialect = "current", ready_after = 0 }
    local asset = assert(assets:create(params "Files"))
    assert.is_true(assets:set_permissions(asset.id, { everyone = "viewer",
      users = { { email = "a@b.c", role = "owner" } } }))
    assert.equal("viewer", assert(assets:get_permissions(asset.id)).everyone)
    local files = assert(assets:list_files(asset.id))
    assert.is_true(#files.items > 0)
    local path
    for _, item in ipairs(files.items) do
      if item.type == "file" then path = item.path end
    end
    assert.matches("^http", assert(assets:file_urls(asset.id, path)).download_url)
    assert.is_true(assets:transfer(asset.id, { target = { aws = { bucket = "b", prefix = "p" } } }))
    local sent = {}
    for i, request in ipairs(server:requests()) do
      sent[i] = request.method .. " " .. request.path:gsub("%x+%-[%x-]+", "ID")
    end
    assert.same({
      "POST /api/v1/data_assets", "POST /api/v1/data_assets/ID/permissions",
      "GET /api/v1/data_assets/ID/permissions", "POST /api/v1/data_assets/ID/files",
      "GET /api/v1/data_assets/ID/files/urls", "POST /api/v1/data_assets/ID/transfer",
    }, sent)
  end)
end)
