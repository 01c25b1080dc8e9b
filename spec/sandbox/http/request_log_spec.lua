-- requests(), stats() and clear(): the log of the requests that a sandbox received.

local http = require "http"
local peer = require "peer"

describe("the sandbox's log of requests", function()
  local it_has
  local asset = "/" .. peer.VENDORS

  local function start(options)
    options.seed = 3
    it_has = peer.start(options)
  end

  after_each(function() it_has.sandbox:stop() end)

  it("has the whole request", function()
    start {}
    it_has:call("PUT", asset .. "?a=b%20c&d=", '{"name":"\0"}', { ["X-Mixed-Case"] = "Value" })
    local request = it_has.sandbox:requests()[1]
    assert.equal("PUT", request.method)
    assert.equal("/api/v1/data_assets" .. asset, request.path)
    assert.equal("a=b%20c&d=", request.query)
    assert.equal('{"name":"\0"}', request.body)
    assert.equal("Value", request.headers["x-mixed-case"])
    assert.equal(peer.credentials(it_has.sandbox.token), request.headers.authorization)
    assert.equal(400, request.status)
    assert.equal("update", request.operation)
    assert.is_nil(request.fault)
    assert.equal("integer", math.type(request.connection))
    assert.equal("float", math.type(request.at))
  end)

  it("has requests to unknown paths, and a query only if there was one", function()
    start {}
    it_has:call("GET", "/a/b/c%2f")
    local request = it_has.sandbox:requests()[1]
    assert.equal("/api/v1/data_assets/a/b/c%2f", request.path)
    assert.is_nil(request.query)
    assert.is_nil(request.operation)
    assert.equal("", request.body)
    assert.equal(404, request.status)
  end)

  it("names every operation", function()
    start {}
    local calls = {
      { "create", "POST", "", {} }, { "get", "GET", asset }, { "search", "GET", "" },
      { "search", "POST", "/search", {} }, { "update", "PUT", asset, {} },
      { "archive", "PATCH", asset .. "/archive?archive=true" },
      { "get_permissions", "GET", asset .. "/permissions" },
      { "set_permissions", "POST", asset .. "/permissions", {} },
      { "list_files", "GET", asset .. "/files" },
      { "file_urls", "GET", asset .. "/files/urls" },
      { "transfer", "POST", asset .. "/transfer", {} }, { "delete", "DELETE", asset },
    }
    for i, call in ipairs(calls) do
      it_has:call(call[2], call[3], call[4])
      assert.equal(call[1], it_has.sandbox:requests()[i].operation)
    end
  end)

  it("is in the order of arrival, with a number for each connection", function()
    start {}
    local list = {}
    for i = 1, 6 do
      list[i] = it_has:request("GET", "/" .. i)
      list[i].keep = i > 2
    end
    http.all(list, 1)
    local at, connections = 0, {}
    for i, request in ipairs(it_has.sandbox:requests()) do
      assert.truthy(request.path:find("/" .. i, 1, true))
      assert.is_true(request.at >= at)
      at, connections[i] = request.at, request.connection
    end
    assert.not_equal(connections[1], connections[2])
    assert.not_equal(connections[2], connections[3])
    assert.equal(connections[3], connections[4])
    assert.equal(connections[3], connections[6])
    assert.equal(3, it_has.sandbox:stats().connections)
    assert.equal(6, it_has.sandbox:stats().requests)
    assert.equal(1, it_has.sandbox:stats().max_in_flight)
  end)

  it("drops the oldest beyond keep_requests, and all on clear()", function()
    start { keep_requests = 3 }
    for i = 1, 5 do it_has:call("GET", "/" .. i) end
    local requests = it_has.sandbox:requests()
    assert.equal(3, #requests)
    assert.truthy(requests[1].path:find("/3", 1, true))
    assert.truthy(requests[3].path:find("/5", 1, true))
    it_has.sandbox:clear()
    assert.same({}, it_has.sandbox:requests())
    assert.equal(0, it_has.sandbox:stats().requests)
    assert.equal(0, it_has.sandbox:stats().connections)
    it_has:call("GET", "/6")
    assert.equal(1, #it_has.sandbox:requests())
    it_has.sandbox:stop()
    start { keep_requests = 0 }
    it_has:call("GET", "/1")
    assert.same({}, it_has.sandbox:requests())
    assert.equal(1, it_has.sandbox:stats().requests)
  end)

  it("can be read after its sandbox has stopped", function()
    start {}
    it_has:call("GET", asset)
    local requests = it_has.sandbox:requests()
    it_has.sandbox:stop()
    collectgarbage()
    assert.equal("get", requests[1].operation)
  end)

  it("counts the requests in flight at one time", function()
    start { latency = 0.1 }
    local list = {}
    for i = 1, 30 do list[i] = it_has:request("GET", asset) end
    http.all(list, 10)
    local stats = it_has.sandbox:stats()
    assert.equal(30, stats.requests)
    assert.is_true(stats.max_in_flight > 1 and stats.max_in_flight <= 10)
    assert.equal(0, stats.in_flight)
  end)
end)
