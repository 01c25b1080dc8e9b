-- Access to a sandbox: programs of this machine may use it, pages in a browser may not.

local peer = require "peer"

describe("the sandbox's access rules", function()
  local it_has

  before_each(function() it_has = peer.start { seed = 3 } end)

  after_each(function() it_has.sandbox:stop() end)

  it("accept the names of loopback alone", function()
    local port = it_has.sandbox.port
    local rows = {
      ["127.0.0.1:" .. port] = 200, ["127.0.0.1"] = 200, ["localhost:" .. port] = 200,
      ["LOCALHOST"] = 200, ["[::1]:" .. port] = 200, ["localhost:1"] = 200,
      ["evil.example:" .. port] = 403, ["127.0.0.1.evil.example"] = 403,
      ["localhost.evil.example"] = 403, ["127.0.0.1:80.evil.example"] = 403,
      ["localhost:80@evil"] = 403, ["0.0.0.0"] = 403, ["127.0.0.2"] = 403, [" "] = 403,
    }
    for host, expected in pairs(rows) do
      local status, answer = it_has:call("GET", "", nil, { Host = host })
      assert.equal(expected, status, host)
      if expected == 403 then assert.truthy(answer.message:find("Host", 1, true)) end
    end
  end)

  it("refuse a page of a browser, whatever its token", function()
    for _, origin in ipairs { "http://evil.example", "null", "",
      "http://127.0.0.1:" .. it_has.sandbox.port } do
      local status, answer = it_has:call("GET", "", nil, { Origin = origin })
      assert.equal(403, status, origin)
      assert.truthy(answer.message:find("Origin", 1, true))
    end
    assert.equal(403, (it_has:call("DELETE", "/" .. peer.VENDORS, nil, { Origin = "null" })))
    assert.equal(200, (it_has:call("GET", "/" .. peer.VENDORS)))
  end)

  it("apply before faults, and log what they refuse", function()
    it_has.sandbox:fault { kind = "status", status = 500 }
    assert.equal(403, (it_has:call("GET", "", nil, { Origin = "null" })))
    assert.equal(500, (it_has:call("GET", "")))
    assert.equal(2, #it_has.sandbox:requests())
    assert.equal(403, it_has.sandbox:requests()[1].status)
  end)

  it("name the estate in every answer", function()
    for _, path in ipairs { "", "/" .. peer.VENDORS, "/none", "/a/b/c" } do
      local _, _, _, headers = it_has:call("GET", path)
      assert.equal(it_has.sandbox.estate, headers["sandbox-estate"], path)
    end
    local _, _, _, headers = it_has:call("GET", "", nil, { Authorization = false })
    assert.equal(it_has.sandbox.estate, headers["sandbox-estate"])
  end)
end)
