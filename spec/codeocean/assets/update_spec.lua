-- An update: its checks, its merge, its request, and the comparison of its answer.

local codeocean = require "codeocean"
local fixture = require "fixture"
local json = require "codeocean.json"
local update = require "codeocean.assets.update"

local ID = fixture.ID

local function open(finally, sandbox, options)
  local with = fixture.new(finally)
  local peer = with:sandbox(sandbox)
  return with:client(peer, options), peer, with
end

local function body_of(peer, operation)
  local requests = fixture.seen(peer, operation)
  return requests[#requests].body
end

describe("codeocean.assets.update", function()
  it("accepts valid changes", function()
    for _, changes in ipairs { { name = "n" }, { description = "x", tags = {} },
      { tags = json.array() }, { mount = "m", custom_metadata = { a = json.null, b = { 1 } } },
      { custom_metadata = {} } } do
      assert.is_nil(update.problem(changes))
    end
  end)

  local mistakes = {
    { nil, "changes", "table expected, got nil" }, { {}, "changes", "at least one field" },
    { { "x" }, "1", "must be strings" }, { { tag = { "x" } }, "tag", "did you mean 'tags'" },
    { { tags = "x" }, "tags", 'list expected, got "x"' },
    { { tags = { "a", nil, "b" } }, "tags[2]", "list without a hole" },
    { { tags = { "a", 7 } }, "tags[2]", "string expected, got 7" },
    { { name = "" }, "name", "text that is not empty expected" },
    { { name = json.null }, "name", "string expected, got null" },
    { { description = false }, "description", "string expected, got false" },
    { { mount = "\xff" }, "mount", "UTF-8" },
    { { custom_metadata = "x" }, "custom_metadata", "table of names and values" },
    { { custom_metadata = { a = { [1] = 1, [3] = 3 } } }, "custom_metadata", "a: " },
    { { custom_metadata = { ["\xff"] = 1 } }, "custom_metadata", "UTF-8" },
  }
  for i, row in ipairs(mistakes) do
    it(("names mistake %d: %s"):format(i, row[2]), function()
      local name, problem = update.problem(row[1])
      assert.equal(row[2], name)
      assert.is_truthy(problem:find(row[3], 1, true), problem)
    end)
  end

  it("merges custom metadata key by key; null takes a key out", function()
    local present = { a = 1, b = { c = 2 }, d = "x" }
    assert.same({ a = 1, b = { e = 3 }, f = true },
      update.merged_metadata(present, { b = { e = 3 }, d = json.null, f = true }))
    assert.same({ a = 1, b = { c = 2 }, d = "x" }, present)
    assert.same({ a = 1 }, update.merged_metadata(nil, { a = 1, b = json.null }))
  end)
end)

describe("update of a whole body", function()
  local mistakes = { { tags = { "a", 7 } }, { tags = { "a", nil, "b" } }, { mount = "\xff" },
    { name = false }, { colour = "red" } }

  local function whole(mistake)
    local body = { name = "n", description = "d", tags = { "a" }, mount = "m" }
    for field, value in pairs(mistake) do body[field] = value end
    return body
  end

  for _, hooked in ipairs { false, true } do
    it(("names a mistake before any request, %s"):format(hooked and "or hook" or "without hooks"),
      function()
        local client, peer = open(finally)
        local called = 0
        if hooked then client:on("write", function() called = called + 1 end) end
        for _, mistake in ipairs(mistakes) do
          local ok, problem = pcall(client.data_assets.update, client.data_assets, ID,
            whole(mistake))
          assert.is_false(ok)
          local field = next(mistake)
          assert.is_truthy(problem:find("bad argument '" .. field, 1, true), problem)
        end
        assert.equal(0, called)
        assert.same({}, peer:requests())
      end)
  end
end)

describe("update", function()
  it("reads, changes the named fields, keeps the others", function()
    local client, peer = open(finally)
    local asset = fixture.make(client, { description = "kept", tags = { "a", "b" } })
    peer:clear()
    local after = assert(client.data_assets:update(asset.id, { name = "renamed" }))
    assert.equal("renamed", after.name)
    assert.equal("kept", after.description)
    assert.same({ "a", "b" }, after.tags)
    local methods = {}
    for i, request in ipairs(peer:requests()) do methods[i] = request.method end
    assert.same({ "GET", "PUT" }, methods)
  end)

  it("sends an empty description and an empty list, never null nor {}", function()
    local client, peer = open(finally)
    local asset = fixture.make(client)
    assert(client.data_assets:update(asset.id, { tags = {} }))
    local body = body_of(peer, "update")
    assert.is_truthy(body:find('"tags":[]', 1, true))
    assert.is_truthy(body:find('"description":""', 1, true))
    assert.is_nil(body:find("null", 1, true))
    local fresh = assert(client.data_assets:get(asset.id))
    assert.same({}, fresh.tags)
    assert(client.data_assets:update(asset.id, { name = "again" }))
    assert.is_truthy(body_of(peer, "update"):find('"tags":[]', 1, true))
  end)

  it("sends the mount only if it is known, a description always", function()
    local with = fixture.new(finally)
    local function asset(mount)
      return fixture.answer("200 OK", ('{"id":"%s","name":"n","tags":["t"]%s}'):format(ID, mount))
    end
    local server = with:server { asset(""), asset(""), asset(',"mount":"m"'), asset("") }
    local client = with:client(server)
    local bodies = {}
    for i = 1, 2 do
      assert(client.data_assets:update(ID, { name = "n" }))
      server:request()
      bodies[i] = server:request():match("\r\n\r\n(.*)$")
    end
    assert.same({ '{"name":"n","description":"","tags":["t"]}',
      '{"name":"n","description":"","tags":["t"],"mount":"m"}' }, bodies)
  end)

  it("does not empty fields that the answer left out", function()
    local with = fixture.new(finally)
    local shown = fixture.answer("200 OK", ('{"id":"%s","name":"n","mount":"m"}'):format(ID))
    local server = with:server { shown, shown }
    local client = with:client(server, { dialect = "current" })
    assert(client.data_assets:update(ID, { name = "n" }))
    server:request()
    assert.equal('{"name":"n","mount":"m"}', server:request():match("\r\n\r\n(.*)$"))
  end)

  it("sends an empty list of tags if the answer has none", function()
    local with = fixture.new(finally)
    for _, tags in ipairs { "[]", "null" } do
      local shown = fixture.answer("200 OK",
        ('{"id":"%s","name":"n","mount":"m","tags":%s}'):format(ID, tags))
      local server = with:server { shown, shown }
      local client = with:client(server, { dialect = "current" })
      assert(client.data_assets:update(ID, { name = "n" }))
      server:request()
      assert.equal('{"name":"n","tags":[],"mount":"m"}',
        server:request():match("\r\n\r\n(.*)$"), tags)
    end
  end)

  it("sends no get if all fields are given", function()
    local client, peer = open(finally)
    local asset = fixture.make(client)
    peer:clear()
    assert(client.data_assets:update(asset.id, { name = "n", description = "", tags = { "x" },
      mount = "m" }))
    assert.equal(1, #peer:requests())
  end)

  local conflicts = {
    { "name", '{"id":"' .. ID .. '","name":"other","description":"d","tags":["t"]}' },
    { "description", '{"id":"' .. ID .. '","name":"n","description":"D","tags":["t"]}' },
    { "tags", '{"id":"' .. ID .. '","name":"n","description":"d","tags":[]}' },
    { "tags", '{"id":"' .. ID .. '","name":"n","description":"d","tags":["t","t"]}' },
    { "tags", '{"id":"' .. ID .. '","name":"n","description":"d"}' },
  }
  for i, row in ipairs(conflicts) do
    it(("reports a conflict of %s, row %d"):format(row[1], i), function()
      local with = fixture.new(finally)
      local client = with:client(with:server { fixture.answer("200 OK", row[2]) })
      local asset, err = client.data_assets:update(ID, { name = "n", description = "d",
        tags = { "t" }, mount = "m" })
      assert.is_nil(asset)
      assert.equal("conflict", err.kind)
      assert.matches(row[1], err.message)
      assert.equal("unknown", err.outcome)
      assert.equal("update", err.operation)
      assert.equal(ID, err.id)
      assert.equal(ID, err.data.id)
    end)
  end

  it("reports no conflict if the tags come back in another order", function()
    local with = fixture.new(finally)
    local client = with:client(with:server { fixture.answer("200 OK",
      '{"id":"' .. ID .. '","name":"n","tags":["b","a"]}') })
    assert(client.data_assets:update(ID, { name = "n", description = "", tags = { "a", "b" },
      mount = "m" }))
  end)

  it("merges custom metadata, removes keys, or replaces it all", function()
    local client, peer = open(finally, {}, {})
    local asset = fixture.make(client, { custom_metadata = { a = 1, b = 2 } })
    if not asset.custom_metadata then return pending("a release without metadata") end
    local after = assert(client.data_assets:update(asset.id,
      { custom_metadata = { b = codeocean.null, c = 3 } }))
    assert.same({ a = 1, c = 3 }, after.custom_metadata)
    after = assert(client.data_assets:update(asset.id, { custom_metadata = { z = 0 } },
      { replace_metadata = true }))
    assert.same({ z = 0 }, after.custom_metadata)
    assert.is_true(#fixture.seen(peer, "update") == 2)
  end)

  it("ends when the asset cannot be read, without a write", function()
    local client, peer = open(finally)
    local _, err = client.data_assets:update(ID, { tags = {} })
    assert.equal("missing", err.kind)
    assert.same({}, fixture.writes(peer))
  end)

  it("never changes the caller's tables", function()
    local client = open(finally)
    local asset = fixture.make(client)
    local changes, tags = { tags = { "x" } }, { "x" }
    assert(client.data_assets:update(asset.id, changes))
    assert.same({ tags = tags }, changes)
  end)

  local mistakes = {
    { "changes", nil }, { "changes", "x" }, { "changes", {} }, { "tags", { tags = "x" } },
    { "tags[2]' to 'update' (list without a hole", { tags = { "a", nil, "b" } } },
    { "nmae", { nmae = "x" } },
    { "Description", { Description = "x" } }, { "name", { name = 7 } },
    { "custom_metadata", { custom_metadata = 7 } }, { "tags", { tags = codeocean.null } },
    { "custom_metadata", { custom_metadata = { "a" } } },
    { "custom_metadata", { custom_metadata = codeocean.json.array() } },
    { "custom_metadata", { custom_metadata = { f = print } } },
    { "custom_metadata", { custom_metadata = { x = 0 / 0 } } },
    { "name", { name = "\xff" } }, { "tags[1]", { tags = { "a\xc3" } } },
  }
  for i, row in ipairs(mistakes) do
    it(("refuses %s, row %d, and writes nothing"):format(row[1], i), function()
      local client, peer = open(finally, { seed = 1 })
      local id = client.data_assets:all()[1].id
      local ok, problem = pcall(function() return (client.data_assets:update(id, row[2])) end)
      assert.is_false(ok)
      assert.is_truthy(problem:find(("bad argument '%s"):format(row[1]), 1, true), problem)
      assert.matches("to 'update'", problem)
      assert.matches("^%S*update_spec%.lua:%d+:", problem)
      assert.same({}, fixture.seen(peer, "get"))
      assert.same({}, fixture.writes(peer))
    end)
  end

  local misspelt = { tag = "tags", tgs = "tags", Tags = "tags", desc = "description",
    title = "name", metadata = "custom_metadata", customMetadata = "custom_metadata" }
  for name, near in pairs(misspelt) do
    it(("proposes %s for %s before any request"):format(near, name), function()
      local client, peer = open(finally)
      local ok, problem = pcall(function()
        return (client.data_assets:update(ID, { [name] = { "x" } }))
      end)
      assert.is_false(ok)
      assert.is_truthy(problem:find(("'%s' to 'update' (no such field; did you mean '%s'?)"):format(
        name, near), 1, true), problem)
      assert.same({}, peer:requests())
    end)
  end

  it("refuses an unknown option, and one of another type", function()
    local client, peer = open(finally)
    for name, value in pairs { replace_metdata = true, replace = true, replace_metadata = "yes" } do
      local ok, problem = pcall(function()
        return (client.data_assets:update(ID, { name = "n" }, { [name] = value }))
      end)
      assert.is_false(ok)
      assert.is_truthy(problem:find("bad argument '" .. name .. "' to 'update'", 1, true), problem)
    end
    assert.same({}, peer:requests())
  end)
end)
