-- What the current dialect has besides the six operations.

local peer = require "peer"

describe("the current dialect of the sandbox", function()
  local it_has
  local asset = "/" .. peer.VENDORS

  before_each(function()
    it_has = peer.start { seed = 3, dialect = "current", buckets = { "there" } }
  end)

  after_each(function() it_has.sandbox:stop() end)

  it("replaces custom metadata whole, and keeps them exact", function()
    local _, _, raw = it_has:call("PUT", asset, '{"name":"n","description":"d",'
      .. '"custom_metadata":{"a":9223372036854775807,"none":null,"list":[],"o":{}}}')
    local kept = '"custom_metadata":{"a":9223372036854775807,"none":null,"list":[],"o":{}}'
    assert.truthy(raw:find(kept, 1, true))
    it_has:call("PUT", asset, '{"name":"n","description":"d"}')
    _, _, raw = it_has:call("GET", asset)
    assert.truthy(raw:find(kept, 1, true))
    it_has:call("PUT", asset, '{"name":"n","description":"d","custom_metadata":{"b":1}}')
    _, _, raw = it_has:call("GET", asset)
    assert.truthy(raw:find('"custom_metadata":{"b":1}', 1, true))
    local status = it_has:call("PUT", asset, '{"name":"n","description":"d","custom_metadata":[]}')
    assert.equal(400, status)
  end)

  it("has permissions", function()
    local _, before = it_has:call("GET", asset .. "/permissions")
    assert.equal("owner", before.users[1].role)
    assert.equal("none", before.everyone)
    local status = it_has:call("POST", asset .. "/permissions",
      '{"everyone":"viewer","groups":[{"group":"lab","role":"discoverable"}]}')
    assert.equal(204, status)
    local _, after = it_has:call("GET", asset .. "/permissions")
    assert.equal("viewer", after.everyone)
    assert.same({ { group = "lab", role = "discoverable" } }, after.groups)
    for _, body in ipairs { '{"everyone":"boss"}', '{"users":[{"email":"a@b"}]}',
      '{"users":{}}', '{"share_assets":1}', "[]" } do
      assert.equal(400, (it_has:call("POST", asset .. "/permissions", body)))
    end
    assert.equal(404, (it_has:call("GET", "/none/permissions")))
    assert.equal(404, (it_has:call("POST", "/none/permissions", "{}")))
  end)

  it("lists files, by either method", function()
    local _, root = it_has:call("GET", asset .. "/files")
    assert.same({ name = "data", path = "data", type = "folder" }, root.items[1])
    assert.equal("file", root.items[2].type)
    assert.is_number(root.items[2].size)
    local _, data = it_has:call("GET", asset .. "/files?path=data")
    assert.equal("data/recording.bin", data.items[1].path)
    assert.same(data, select(2, it_has:call("POST", asset .. "/files", { path = "data" })))
    assert.equal(404, (it_has:call("GET", asset .. "/files?path=none")))
    assert.equal(404, (it_has:call("GET", "/none/files")))
    assert.equal(400, (it_has:call("POST", asset .. "/files", { path = 1 })))
  end)

  it("gives the address of a file", function()
    local _, urls = it_has:call("GET", asset .. "/files/urls?path=data%2Fevents.csv")
    assert.truthy(urls.download_url:find("^https://"))
    assert.truthy(urls.view_url:find("/data/events.csv", 1, true))
    for _, path in ipairs { "data", "events.csv", "data/", "", "/events.csv", "data/events" } do
      assert.equal(404, (it_has:call("GET", asset .. "/files/urls?path=" .. path)), path)
    end
  end)

  it("has no files before the asset is ready", function()
    it_has.sandbox:stop()
    it_has = peer.start { dialect = "current", ready_after = 3600 }
    local _, draft = it_has:create()
    local status, answer = it_has:call("GET", "/" .. draft.id .. "/files")
    assert.equal(400, status)
    assert.truthy(answer.message:find "not ready")
  end)

  it("transfers to a bucket that is there", function()
    local body = { target = { aws = { bucket = "there", prefix = "p" } }, force = true }
    assert.equal(204, (it_has:call("POST", asset .. "/transfer", body)))
    local _, moved = it_has:call("GET", asset)
    assert.same({ origin = "aws", bucket = "there", prefix = "p", external = true },
      moved.source_bucket)
    assert.is_true(math.abs(moved.last_transferred - os.time()) < 60)
    body.target.aws.bucket = "elsewhere"
    it_has:call("POST", asset .. "/transfer", body)
    local _, stayed = it_has:call("GET", asset)
    assert.equal("there", stayed.source_bucket.bucket)
    assert.truthy(stayed.transfer_error:find "elsewhere")
    assert.equal(400, (it_has:call("POST", asset .. "/transfer", { force = true })))
  end)

  it("is unknown to the 2022 dialect", function()
    it_has.sandbox:stop()
    it_has = peer.start { seed = 3, dialect = "2022" }
    for _, path in ipairs { "/permissions", "/files", "/files/urls", "/transfer" } do
      assert.equal(404, (it_has:call("GET", asset .. path)))
    end
  end)
end)
