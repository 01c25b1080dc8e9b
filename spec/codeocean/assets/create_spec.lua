-- Creates are checked before anything is sent, sent once, and made one after the other if they
-- have the same name.

local codeocean = require "codeocean"
local core = require "codeocean.core"
local fixture = require "fixture"

local function request(changes)
  local params = { name = "n", mount = "n", tags = {}, source = { aws = { bucket = "b" } } }
  for name, value in pairs(changes or {}) do params[name] = value end
  return params
end

describe("the fields of a create", function()
  -- parameters, the place that is refused, part of the message
  local rows = {
    { { tag = { "x" } }, "tag", "did you mean 'tags'?" },
    { { tgs = { "x" } }, "tgs", "did you mean 'tags'?" },
    { { desc = "x" }, "desc", "did you mean 'description'?" },
    { { title = "x" }, "title", "did you mean 'name'?" },
    { { metadata = {} }, "metadata", "did you mean 'custom_metadata'?" },
    { { colour = "red" }, "colour", "there are name, description" },
    { { tags = { "a", nil, "b" } }, "tags", nil },
    { { tags = { "a", nil, nil, "b" } }, "tags", nil },
    { { source = { asw = { bucket = "b" } } }, "source.asw", "did you mean 'aws'?" },
    { { source = { aws = { bukcet = "b" } } }, "source.aws.bukcet", "did you mean 'bucket'?" },
    { { target = { asw = {} } }, "target.asw", "did you mean 'aws'?" },
    { { target = { aws = { bucket = "b", prefx = "p" } } }, "target.aws.prefx",
      "did you mean 'prefix'?" },
    { { target = { aws = { prefix = "p" } } }, "target.aws.bucket", "required" },
    { { results_info = { capsuleid = "c" } }, "results_info.capsuleid",
      "did you mean 'capsule_id'?" },
    { { results_info = { run_scirpt = "c" } }, "results_info.run_scirpt",
      "did you mean 'run_script'?" },
    { { results_info = { version = "1" } }, "results_info.version", "integer" },
    { { name = "" }, "name", "not empty" },
    { { source = { computation = { id = "" } } }, "source.computation.id", "not empty" },
    { { source = { aws = { bucket = "" } } }, "source.aws.bucket", "not empty" },
    { { source = { gcp = { bucket = "" } } }, "source.gcp.bucket", "not empty" },
  }
  for i, row in ipairs(rows) do
    it(("are refused where they are wrong, row %d: %s"):format(i, row[2]), function()
      local with <close> = fixture.new()
      local peer = with:sandbox()
      local client = with:client(peer)
      local ok, problem = pcall(function()
        return client.data_assets:create(request(row[1]))
      end)
      assert.is_false(ok)
      assert.is_truthy(problem:find(("bad argument '%s"):format(row[2]), 1, true), problem)
      assert.is_truthy(problem:find(row[3] or "", 1, true), problem)
      assert.equal(0, #peer:requests())
    end)
  end

  it("are refused by the misspelt name, not by the name that is missing", function()
    local with <close> = fixture.new()
    local client = with:client(with:sandbox())
    local params = request { title = "n" }
    params.name = nil
    assert.error_matches(function() client.data_assets:create(params) end,
      "argument 'title' .*did you mean 'name'")
    params = request { sorce = {} }
    params.source = nil
    assert.error_matches(function() client.data_assets:create(params) end,
      "argument 'sorce' .*did you mean 'source'")
  end)

  it("of results_info are accepted though this release does not know them", function()
    local with <close> = fixture.new()
    local peer = with:sandbox { dialect = "current" }
    local client = with:client(peer, { dialect = "current" })
    assert(client.data_assets:create(request { results_info = { capsule_id = "c", colour = 1 } }))
    assert.same({ capsule_id = "c", colour = 1 },
      codeocean.json.decode(peer:requests()[1].body).results_info)
  end)
end)

describe("the description of a create", function()
  for dialect, sent in pairs { ["2022"] = "", current = false } do
    it(("that is not given, for the release %s"):format(dialect), function()
      local with <close> = fixture.new()
      local peer = with:sandbox { dialect = dialect }
      local client = with:client(peer, { dialect = dialect })
      local params = request()
      assert(client.data_assets:create(params))
      assert.equal(sent, codeocean.json.decode(peer:requests()[1].body).description or false)
      assert.is_nil(params.description)
      assert(client.data_assets:create(request { description = "d" }))
      assert.equal("d", codeocean.json.decode(peer:requests()[2].body).description)
    end)
  end

  it("is sent while the release is not known", function()
    local with <close> = fixture.new()
    local peer = with:sandbox()
    local client = with:client(peer, { dialect = "auto" })
    assert(client.data_assets:create(request()))
    assert.equal("", codeocean.json.decode(peer:requests()[1].body).description)
  end)
end)

describe("creates of one name", function()
  local function creates(peer)
    local count = 0
    for _, sent in ipairs(peer:requests()) do
      if sent.method == "POST" and sent.path:find "/data_assets$" then count = count + 1 end
    end
    return count
  end

  local function map(client, names)
    return client:map(names, function(name)
      return client.data_assets:create(request { name = name }, { unless_exists = true })
    end, { jobs = 16 })
  end

  it("make one asset in tasks at once, and do not hold up other names", function()
    local with <close> = fixture.new()
    local peer = with:sandbox()
    local client = with:client(peer)
    local found, errs = map(client, { "a", "b", "a", "c", "a", "a" })
    assert.is_nil(next(errs))
    assert.equal(3, creates(peer))
    for _, i in ipairs { 3, 5, 6 } do assert.equal(found[1].id, found[i].id) end
    assert.is_nil(next(client.data_assets.created.open))
  end)

  it("find what this client created though a search does not show it yet", function()
    local with <close> = fixture.new()
    local peer = with:sandbox()
    local client = with:client(peer)
    local search = client.data_assets.search
    client.data_assets.search = function() return { results = {}, has_more = false } end
    local found = map(client, { "a", "a", "a" })
    client.data_assets.search = search
    assert.equal(1, creates(peer))
    assert.equal(found[1].id, found[3].id)
  end)

  it("make no second asset if a read of the first fails", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer)
    peer:fault { kind = "status", operation = "get", status = 400, count = -1 }
    local search = client.data_assets.search
    client.data_assets.search = function() return { results = {}, has_more = false } end
    local _, errs = map(client, { "a", "a" })
    client.data_assets.search = search
    assert.equal(1, creates(peer))
    assert.equal("invalid", errs[2].kind)
  end)

  it("make the asset when the first of them fails", function()
    local with <close> = fixture.new()
    local peer = with:sandbox()
    local client = with:client(peer)
    peer:fault { kind = "status", operation = "create", status = 400 }
    local found, errs = map(client, { "a", "a", "a" })
    assert.equal(2, creates(peer))
    assert.is_nil(found[1])
    assert.equal("invalid", errs[1].kind)
    assert.equal(found[2].id, found[3].id)
  end)

  it("end when the client is closed while they wait", function()
    local with <close> = fixture.new()
    local client = with:client(with:sandbox())
    local turn = client.data_assets.created:begin "a"
    local started = core.now()
    local _, errs = client:map({ "a", "close" }, function(name)
      if name == "close" then return client:close() or true end
      return client.data_assets:create(request { name = name }, { unless_exists = true })
    end)
    assert.is_true(errs[1].kind == "cancelled" or errs[1].kind == "closed", errs[1].kind)
    assert.is_true(core.now() - started < 5)
    assert.is_truthy(turn)
  end)
end)

describe("a create whose answer is lost", function()
  it("adopts the external asset with its prefix, not another", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { ready_after = 0 }
    local function external(prefix)
      return request { source = { aws = { bucket = "b", prefix = prefix,
        keep_on_external_storage = true } } }
    end
    local another = with:client(peer, { dialect = "current" })
    assert(another.data_assets:create(external "theirs"))
    local client = with:client(peer, { dialect = "current" })
    peer:fault { operation = "create", kind = "reset_after" }
    local asset, how = client.data_assets:create(external "ours")
    assert.equal("adopted", how)
    assert.equal("ours", asset.source_bucket.prefix)
  end)
end)

describe("a create whose answer is lost", function()
  it("is not searched for beyond its deadline, nor after a search that failed", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    for _, operation in ipairs { "create", "search" } do
      peer:fault { kind = "status", status = 500, operation = operation, count = -1 }
    end
    local client = with:client(peer, { deadline = 1 })
    local began = core.now()
    local asset, err = client.data_assets:create(request())
    assert.is_nil(asset)
    assert.are.same({ "server", "unknown" }, { err.kind, err.outcome })
    assert.is_true(core.now() - began < 8, core.now() - began .. " s")
    assert.are.equal(1, #fixture.seen(peer, "create"))
  end)

  it("is searched for until its deadline, however many searches that takes", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "status", status = 500, operation = "create" }
    peer:fault { kind = "status", status = 500, operation = "search", delay = 0.5, count = -1 }
    local client = with:client(peer, { deadline = 1, retries = 0, dialect = "current" })
    local _, err = client.data_assets:create(request())
    assert.are.same({ "server", "unknown" }, { err.kind, err.outcome })
    local searched = #fixture.seen(peer, "search")
    assert.is_true(searched >= 1 and searched <= 2, tostring(searched))
  end)

  it("adopts no asset if several match", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { ready_after = 0 }
    local another = with:client(peer, { dialect = "current" })
    assert(another.data_assets:create(request()))
    local client = with:client(peer, { dialect = "current" })
    peer:fault { operation = "create", kind = "reset_after" }
    local asset, err = client.data_assets:create(request())
    assert.is_nil(asset)
    assert.equal("unknown", err.outcome)
    assert.equal(2, #fixture.seen(peer, "create"))
  end)

  it("adopts no asset while another create of its name is under way", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { ready_after = 0 }
    local client = with:client(peer, { dialect = "current", deadline = 2 })
    local turn <close> = client.data_assets.created:begin "n"
    local another = with:client(peer, { dialect = "current" })
    assert(another.data_assets:create(request()))
    peer:fault { operation = "create", kind = "reset_before" }
    local asset, err = client.data_assets:create(request())
    assert.is_nil(asset)
    assert.are.equal("unknown", err.outcome)
    assert.is_truthy(turn)
  end)
end)
