-- get, update, delete and archive: the operations on one asset.

local peer = require "peer"
local sandboxes = require "codeocean.sandbox"

describe("the sandbox, on one asset,", function()
  local it_has, id

  before_each(function()
    it_has = peer.start { seed = 5, dialect = "2022", ready_after = 0 }
    local _, asset = it_has:create { name = "first", tags = { "a", "B" }, mount = "here" }
    id = asset.id
  end)

  after_each(function() it_has.sandbox:stop() end)

  it("gets it in the spelling of create", function()
    local status, asset, raw, headers = it_has:call("GET", "/" .. id)
    assert.equal(200, status)
    assert.equal("application/json", headers["content-type"])
    local created = asset.created
    local files, size = asset.files, asset.sizeInBytes
    assert.same({ id = id, name = "first", description = "by a spec", created = created,
      files = files, sizeInBytes = size, lastUsed = 0, state = "DATA_ASSET_STATE_READY",
      tags = { "a", "B" }, type = "DATA_ASSET_TYPE_DATASET" }, asset)
    assert.truthy(raw:find('"created":%d+,'))
    assert.is_true(math.abs(created - os.time()) < 60)
    assert.is_true(files > 0 and size > 0)
  end)

  it("keeps sizes exact to the last bit", function()
    local file = os.tmpname()
    os.remove(file)
    finally(function() os.execute("rm -f " .. file .. "*") end)
    local rows = { '{"id":"a","name":"one","size":7184869799906702}',
      '{"id":"b","name":"two","size":9007199254740993}' }
    local n = 0
    assert(sandboxes.import(file, function()
      n = n + 1
      return rows[n], false
    end))
    local copy = peer.start { db = file, dialect = "2022" }
    finally(function() copy.sandbox:stop() end)
    local _, _, raw = copy:call("GET", "/a")
    assert.truthy(raw:find('"sizeInBytes":7184869799906702,', 1, true))
    _, _, raw = copy:call("GET", "?query=name:two")
    assert.truthy(raw:find('"size":9007199254740993,', 1, true))
  end)

  it("updates it, and answers in the spelling of search", function()
    local status, asset, raw = it_has:call("PUT", "/" .. id,
      '{"name":"second","description":"","tags":[]}')
    assert.equal(200, status)
    assert.equal("second", asset.name)
    assert.equal("", asset.description)
    assert.truthy(raw:find('"tags":[]', 1, true))
    assert.equal("ready", asset.state)
    assert.equal("dataset", asset.type)
    assert.equal(0, asset.last_used)
    assert.is_number(asset.size)
    assert.is_nil(asset.lastUsed)
    assert.equal("second", select(2, it_has:call("GET", "/" .. id)).name)
  end)

  it("keeps fields that an update does not name", function()
    it_has:call("PUT", "/" .. id, { name = "n", description = "d" })
    local _, asset = it_has:call("GET", "/" .. id)
    assert.same({ "a", "B" }, asset.tags)
    assert.equal(200, (it_has:call("PUT", "/" .. id,
      '{"name":"n","description":"d","tags":null,"mount":null}')))
    assert.same({ "a", "B" }, select(2, it_has:call("GET", "/" .. id)).tags)
  end)

  it("ignores fields it does not know", function()
    assert.equal(200, (it_has:call("PUT", "/" .. id,
      '{"from":{"2030":[1,null]},"tag":["x"],"size":-1,"id":"mine","custom_metadata":5}')))
    local _, asset, raw = it_has:call("GET", "/" .. id)
    assert.is_nil(raw:find("2030", 1, true))
    assert.equal(id, asset.id)
    assert.same({ "a", "B" }, asset.tags)
  end)

  it("accepts any part of the fields, and null as left out", function()
    local parts = { '{"name":"second"}', '{"description":"new"}', '{"tags":["t"]}',
      '{"mount":"there","name":null,"description":null,"tags":null,"custom_metadata":null}', "{}" }
    for _, body in ipairs(parts) do assert.equal(200, (it_has:call("PUT", "/" .. id, body))) end
    local _, asset = it_has:call("GET", "/" .. id)
    assert.same({ "second", "new", { "t" } }, { asset.name, asset.description, asset.tags })
  end)

  it("refuses an update of the wrong types", function()
    local bodies = {
      ["name must not be empty"] = '{"name":"","description":"d"}',
      ["tags must be an array of strings, not object"] =
        '{"name":"n","description":"d","tags":{}}',
      ["tags[1] must be a string, not integer"] = '{"name":"n","description":"d","tags":["a",1]}',
      ["mount must be a string, not false"] = '{"name":"n","description":"d","mount":false}',
    }
    for message, body in pairs(bodies) do
      local status, answer = it_has:call("PUT", "/" .. id, body)
      assert.equal(400, status)
      assert.truthy(answer.message:find(message, 1, true), answer.message)
    end
    assert.equal("first", select(2, it_has:call("GET", "/" .. id)).name)
  end)

  it("deletes it once", function()
    local status, _, raw = it_has:call("DELETE", "/" .. id)
    assert.equal(200, status)
    assert.equal("{}", raw)
    local gone, answer = it_has:call("DELETE", "/" .. id)
    assert.equal(404, gone)
    assert.truthy(answer.message:find(id, 1, true))
    assert.equal(404, (it_has:call("GET", "/" .. id)))
    assert.equal(404, (it_has:call("PUT", "/" .. id, { name = "n", description = "d" })))
    assert.same({}, it_has:names "query=first")
  end)

  it("archives it and takes it out again", function()
    local function found(archived)
      return #it_has:names("query=name:first" .. archived)
    end
    local status, _, raw = it_has:call("PATCH", "/" .. id .. "/archive?archive=true")
    assert.equal(200, status)
    assert.equal("{}", raw)
    assert.same({ 0, 0, 1 },
      { found "", found "&archived=false", found "&archived=true" })
    assert.is_nil(select(2, it_has:call("GET", "/" .. id)).archived)
    it_has:call("PATCH", "/" .. id .. "/archive?archive=false")
    assert.same({ 1, 1, 0 },
      { found "", found "&archived=false", found "&archived=true" })
  end)

  it("archives by true and false, in Python's spelling too", function()
    local function archived() return #it_has:names "query=name:first&archived=True" end
    assert.equal(200, (it_has:call("PATCH", "/" .. id .. "/archive?archive=True")))
    assert.equal(1, archived())
    assert.equal(200, (it_has:call("PATCH", "/" .. id .. "/archive?archive=False")))
    assert.equal(0, archived())
    for _, value in ipairs { "?archive=yes", "?archive=1", "?archive=", "", "?Archive=true" } do
      local status, answer = it_has:call("PATCH", "/" .. id .. "/archive" .. value)
      assert.equal(400, status)
      assert.truthy(answer.message:find("archive", 1, true))
    end
    assert.equal(404, (it_has:call("PATCH", "/nowhere/archive?archive=true")))
  end)
end)
