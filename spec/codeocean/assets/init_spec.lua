-- The operations on data assets. Their requests are in wire_spec, their repeats in
-- client_repeat_spec.

local codeocean = require "codeocean"
local fixture = require "fixture"

local ID = fixture.ID

local function open(finally, sandbox, options)
  local with = fixture.new(finally)
  local peer = with:sandbox(sandbox)
  return with:client(peer, options), peer, with
end

describe("an asset", function()
  local old = '{"id":"' .. ID .. '","name":"n","created":"1633277005","lastUsed":7,'
    .. '"sizeInBytes":7184869799906702,"state":"DATA_ASSET_STATE_DRAFT",'
    .. '"type":"DATA_ASSET_TYPE_DATASET","files":3,"tags":null,'
    .. '"description":null,"novelty":{"deep":[1,null,2]},"newField":1}'
  local new = '{"id":"' .. ID .. '","name":"n","created":1633277005,"last_used":7,'
    .. '"size":7184869799906702,"state":"draft","type":"dataset","files":3,'
    .. '"novelty":{"deep":[1,null,2]},"newField":1}'
  for name, body in pairs { old = old, new = new } do
    it("has one form, from the " .. name .. " spelling", function()
      local with = fixture.new(finally)
      local client = with:client(with:server { fixture.answer("200 OK", body) })
      local asset = assert(client.data_assets:get(ID))
      assert.same({ id = ID, name = "n", created = 1633277005, last_used = 7,
        size = 7184869799906702, state = "draft", type = "dataset", files = 3, tags = {},
        novelty = { deep = { 1, codeocean.null, 2 } }, newField = 1 }, asset)
      for _, field in ipairs { "created", "last_used", "size", "files" } do
        assert.equal("integer", math.type(asset[field]), field)
      end
      assert.equal("[]", codeocean.json.encode(asset.tags))
    end)
  end

  it("keeps values that are not known yet", function()
    local with = fixture.new(finally)
    local client = with:client(with:server { fixture.answer("200 OK",
      '{"id":"' .. ID .. '","state":"archiving","type":"hologram",'
        .. '"created":"2021-10-03","size":1.5}') })
    local asset = assert(client.data_assets:get(ID))
    assert.same({ "archiving", "hologram", "2021-10-03", 1.5 },
      { asset.state, asset.type, asset.created, asset.size })
  end)
end)

describe("search", function()
  it("gives a page in the canonical form", function()
    local client = open(finally, { seed = 5 })
    local page = assert(client.data_assets:search { limit = 3 })
    assert.equal(3, #page.results)
    assert.is_true(page.has_more)
    for _, asset in ipairs(page.results) do
      assert.equal("integer", math.type(asset.size))
      assert.matches("^%l+$", asset.state)
      assert.is_table(asset.tags)
    end
  end)

  local pages = { "{}", '{"results":{}}', '{"results":[7]}', '{"results":[{}]}',
    '{"results":"x","has_more":false}', "[]", '{"results":[null]}' }
  for _, body in ipairs(pages) do
    it("refuses a page such as " .. body, function()
      local with = fixture.new(finally)
      local client = with:client(with:server { fixture.answer("200 OK", body) })
      local page, err = client.data_assets:search()
      assert.is_nil(page)
      assert.equal("decode", err.kind)
    end)
  end

  local mistakes = {
    { "qurey", { qurey = "x" }, "did you mean 'query'" },
    { "Query", { Query = "x" }, "did you mean 'query'" },
    { "sortField", { sortField = "name" }, "did you mean 'sort_field'" },
    { "tags", { tags = "x" }, "there are" },
    { "sort_field", { sort_field = "Name" }, "created|type|name|size" },
    { "sort_order", { sort_order = "up" }, "asc|desc" },
    { "type", { type = "datasets" }, "dataset|result" },
    { "limit", { limit = "10" }, "integer" }, { "limit", { limit = -1 }, "integer" },
    { "favorite", { favorite = 1 }, "boolean" }, { "archived", { archived = "true" }, "boolean" },
    { "query", { query = "x\xff" }, "UTF%-8" }, { "query", { query = 7 }, "string" },
  }
  for _, row in ipairs(mistakes) do
    it("refuses " .. row[1] .. " before any request: " .. row[3], function()
      local client, peer = open(finally)
      for _, call in ipairs { "search", "all" } do
        local ok, problem = pcall(function()
          return (client.data_assets[call](client.data_assets, row[2]))
        end)
        assert.is_false(ok)
        assert.matches("bad argument '" .. row[1] .. "' to '", problem)
        assert.is_truthy(problem:find(row[3]) or problem:find(row[3], 1, true), problem)
        assert.matches("^%S*init_spec%.lua:%d+:", problem)
      end
      assert.equal(0, #peer:requests())
    end)
  end
end)

describe("create", function()
  local function params(changes)
    local own = { name = "n", mount = "m", tags = {}, source = { aws = { bucket = "b" } } }
    for name, value in pairs(changes) do own[name] = value end
    return own
  end
  local NONE = {}
  local mistakes = {
    { "name", { name = NONE } }, { "mount", { mount = NONE } }, { "tags", { tags = NONE } },
    { "source", { source = NONE } }, { "source", { source = {} } },
    { "source", { source = { aws = { bucket = "b" }, computation = { id = "c" } } } },
    { "name", { name = 7 } }, { "tags", { tags = "x" } }, { "tags[2]", { tags = { "a", 2 } } },
    { "tags' to 'create' (a list with a hole at [2])", { tags = { "a", nil, "c" } } },
    { "tags[1]", { tags = { "\xff" } } }, { "description", { description = "a\xc3" } },
    { "Name", { Name = "x" } }, { "descripton", { descripton = "x" } },
    { "source.aws.bucket", { source = { aws = {} } } },
    { "source.aws.prefix", { source = { aws = { bucket = "b", prefix = 7 } } } },
    { "source.aws.keep_on_External_storage",
      { source = { aws = { bucket = "b", keep_on_External_storage = true } } } },
    { "source.aws.keep_on_external_storage",
      { source = { aws = { bucket = "b", keep_on_external_storage = "true" } } } },
    { "source.aws.region", { source = { aws = { bucket = "b", region = "us" } } } },
    { "source.computation.id", { source = { computation = { path = "x" } } } },
    { "custom_metadata.x", { custom_metadata = { x = 0 / 0 } } },
    { "custom_metadata.f", { custom_metadata = { f = print } } },
  }
  for _, row in ipairs(mistakes) do
    it("refuses " .. row[1] .. " before any request", function()
      local client, peer = open(finally)
      local own = params(row[2])
      for name, value in pairs(own) do if value == NONE then own[name] = nil end end
      local ok, problem = pcall(function() return (client.data_assets:create(own)) end)
      assert.is_false(ok)
      assert.is_truthy(problem:find(("bad argument '%s"):format(row[1]), 1, true), problem)
      assert.matches("^%S*init_spec%.lua:%d+:", problem)
      assert.equal(0, #peer:requests())
    end)
  end

  it("refuses a misspelt field of `source`, and proposes the right one", function()
    local client = open(finally)
    local _, problem = pcall(client.data_assets.create, client.data_assets,
      params { source = { aws = { bucket = "b", keep_on_external_Storage = true } } })
    assert.matches("did you mean 'keep_on_external_storage'", problem)
  end)

  it("adopts the one asset that it made when its answer was lost", function()
    local client, peer = open(finally)
    peer:fault { kind = "reset_after", operation = "create" }
    local asset, how = client.data_assets:create(params { name = "lost one" })
    assert.equal("lost one", asset.name)
    assert.equal("adopted", how)
    assert.equal(1, #fixture.seen(peer, "create"))
  end)

  it("is unknown when its answer was lost and no asset, or several, match", function()
    local client, peer = open(finally)
    peer:fault { kind = "reset_after", operation = "create", count = 2 }
    local results, errs = client:map({ 1, 2 }, function()
      return client.data_assets:create(params { name = "twins" })
    end)
    assert.equal(2, #fixture.seen(peer, "create"))
    local unknown = 0
    for i = 1, 2 do
      if errs[i] then
        assert.equal("unknown", errs[i].outcome)
        unknown = unknown + 1
      end
    end
    assert.is_true(unknown >= 1)
    assert.is_true(results[1] == nil or results[2] == nil)
  end)

  it("returns an existing asset if told to, and creates one only if there is none", function()
    local client, peer = open(finally)
    local one = assert(client.data_assets:create(params { name = "only one" },
      { unless_exists = true }))
    local two, how = client.data_assets:create(params { name = "only one" },
      { unless_exists = true })
    assert.equal(one.id, two.id)
    assert.equal("existed", how)
    assert.equal(1, #fixture.seen(peer, "create"))
  end)
end)

describe("find", function()
  it("returns the one asset of exactly that name", function()
    local client = open(finally, { ready_after = 0 })
    local made = fixture.make(client, { name = "exactly this" })
    fixture.make(client, { name = "exactly this and more" })
    assert.equal(made.id, assert(client.data_assets:find("exactly this")).id)
    assert.equal("missing", select(2, client.data_assets:find("exactly")).kind)
    fixture.make(client, { name = "exactly this" })
    local _, err = client.data_assets:find("exactly this")
    assert.equal("ambiguous", err.kind)
    assert.equal(2, #err.data)
    assert.is_nil(tostring(err):find("\n"))
  end)
end)

describe("archive, unarchive and delete", function()
  it("return true and change the asset", function()
    local client = open(finally)
    local assets = client.data_assets
    local id = fixture.make(client).id
    local function archived() return #assert(assets:all { archived = true }) end
    assert.is_true(assets:archive(id))
    assert.equal(1, archived())
    assert.is_true(assets:unarchive(id))
    assert.equal(0, archived())
    assert.is_true(assets:archive(id, true))
    assert.is_true(assets:archive(id, false))
    assert.equal(0, archived())
    assert.is_true(assets:delete(id))
    assert.equal("missing", select(2, assets:get(id)).kind)
  end)

  for _, body in ipairs { "", "{}", "  \r\n", '{"id":"' .. ID:upper() .. '"}' } do
    it(("accept a body of %q as success"):format(body):gsub("\n", "n"), function()
      local with = fixture.new(finally)
      local server = with:server { fixture.answer("200 OK", body), fixture.answer("200 OK", body),
        fixture.raw("keep", "HTTP/1.1 204 No Content\r\n\r\n") }
      local assets = with:client(server).data_assets
      assert.is_true(assets:archive(ID))
      assert.is_true(assets:delete(ID))
      assert.is_true(assets:delete(ID))
    end)
  end

  local elsewhere = '{"id":"22222222-2222-4333-8444-555555555555"}'
  for _, body in ipairs { "null", "true", "[]", '"OK"', '{"archived":true}', '{"message":"soon"}',
    '{"error":"maintenance"}', elsewhere, '{"id":7}' } do
    it(("report a body of %s as an unknown outcome"):format(body), function()
      local with = fixture.new(finally)
      local server = with:server { fixture.answer("200 OK", body), fixture.answer("200 OK", body),
        fixture.answer("200 OK", body) }
      local assets = with:client(server, { retries = 0 }).data_assets
      for _, call in ipairs { "archive", "unarchive", "delete" } do
        local done, err = assets[call](assets, ID)
        assert.is_nil(done)
        assert.same({ "decode", "unknown", true, ID },
          { err.kind, err.outcome, err.writes, err.id })
      end
    end)
  end

  it("refuse an `archived` that is not a boolean", function()
    local client, peer = open(finally)
    for _, value in ipairs { "true", 1, {} } do
      local ok, problem = pcall(client.data_assets.archive, client.data_assets, ID, value)
      assert.is_false(ok)
      assert.matches("'archived' to 'archive'", problem)
    end
    assert.equal(0, #peer:requests())
  end)
end)

describe("a token", function()
  it("that may only read is refused writes", function()
    local client = open(finally, { seed = 1, read_only_token = "cop_reader" },
      { token = "cop_reader" })
    local assets = client.data_assets
    local id = assert(assets:all())[1].id
    local writes = {
      archive = function() return assets:archive(id) end,
      update = function() return assets:update(id, { tags = { "x" } }) end,
      delete = function() return assets:delete(id) end,
      create = function()
        return assets:create { name = "n", mount = "n", tags = {}, description = "",
          source = { aws = { bucket = "b" } } }
      end,
    }
    for operation, write in pairs(writes) do
      local _, err = write()
      assert.are.same({ operation, "auth", 403, "rejected" },
        { err.operation, err.kind, err.status, err.outcome })
      assert.matches("check that the token's scope allows writing", tostring(err))
    end
  end)

  it("that is wrong is refused all", function()
    local client, peer = open(finally, { seed = 1 }, { token = "cop_wrong" })
    local _, err = client.data_assets:search()
    assert.equal("auth", err.kind)
    assert.matches("check the token", tostring(err))
    assert.equal(1, #peer:requests())
  end)
end)
