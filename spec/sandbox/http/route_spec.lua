-- The checks of a request in order: token, path, method, body.

local http = require "http"
local peer = require "peer"

describe("a request to the sandbox", function()
  local it_has

  before_each(function()
    it_has = peer.start { seed = 3, token = "cop_secret", read_only_token = "cop_reader",
      max_body = 1000 }
  end)

  after_each(function() it_has.sandbox:stop() end)

  it("is accepted with the token only", function()
    local good = peer.credentials "cop_secret"
    local rows = {
      [good] = 200,
      [good:gsub("Basic", "basic")] = 200,
      [good:gsub("Basic ", "Bearer ")] = 401,
      ["Basic Y29wX3NlY3JldDpwYXNzd29yZA=="] = 401,   -- cop_secret:password
      [peer.credentials "cop_wrong"] = 401,
      [peer.credentials ""] = 401,
      ["cop_secret"] = 401,
      [""] = 401,
      [false] = 401,
    }
    for sent, expected in pairs(rows) do
      local status, answer, _, headers = it_has:call("GET", "", nil, { Authorization = sent })
      assert.equal(expected, status, sent)
      if expected == 401 then
        assert.is_string(answer.message)
        assert.truthy(headers["www-authenticate"]:find "^Basic")
      end
    end
  end)

  it("without the token gets 401 for unknown paths and methods too", function()
    assert.equal(401, (it_has:call("GET", "/nothing", nil, { Authorization = false })))
    assert.equal(401, (it_has:call("BREW", "", nil, { Authorization = false })))
  end)

  it("with a read-only token may read, not write", function()
    local reader = { Authorization = peer.credentials "cop_reader" }
    assert.equal(200, (it_has:call("GET", "/" .. peer.VENDORS, nil, reader)))
    assert.equal(200, (it_has:call("GET", "", nil, reader)))
    assert.equal(200, (it_has:call("POST", "/search", {}, reader)))
    local writes = {
      { "POST", "", {} }, { "PUT", "/" .. peer.VENDORS, { name = "n", description = "d" } },
      { "DELETE", "/" .. peer.VENDORS },
      { "PATCH", "/" .. peer.VENDORS .. "/archive?archive=true" },
    }
    for _, write in ipairs(writes) do
      local status, answer = it_has:call(write[1], write[2], write[3], reader)
      assert.equal(403, status)
      assert.is_string(answer.message)
    end
    assert.equal(200, (it_has:call("GET", "/" .. peer.VENDORS)))
  end)

  it("to an unknown path gets 404", function()
    for _, path in ipairs { "/", "/a/b", "/a/archive/", "//", "/a/", "x", "/a%2Fb/c" } do
      local status, answer = it_has:call("GET", path)
      assert.equal(404, status, path)
      assert.is_string(answer.message)
    end
    local headers = { Authorization = peer.credentials "cop_secret" }
    for _, path in ipairs { "/", "", "/api/v1/data_assets2", "/api/v2/data_assets",
      "/API/v1/data_assets", "/api/v1/capsules" } do
      assert.equal(404, (http.request { url = it_has.sandbox.url .. path, headers = headers }))
    end
  end)

  it("with an empty id is not one to the collection", function()
    assert.equal(404, (it_has:call("DELETE", "/")))
    assert.is_nil(it_has.sandbox:requests()[1].operation)
    local status, _, _, headers = it_has:call("DELETE", "")
    assert.equal(405, status)
    assert.equal("POST, GET", headers.allow)
  end)

  it("of an unknown method gets the methods of the path", function()
    local rows = {
      { "PATCH", "/x", "GET, PUT, DELETE" }, { "GET", "/x/archive", "PATCH" },
      { "HEAD", "/x/archive", "PATCH" }, { "OPTIONS", "", "POST, GET" },
    }
    for _, row in ipairs(rows) do
      local status, _, _, headers = it_has:call(row[1], row[2])
      assert.equal(405, status)
      assert.equal(row[3], headers.allow)
    end
  end)

  it("needs a Content-Type of JSON for its body", function()
    local path, body = "/" .. peer.VENDORS, '{"name":"n","description":"d"}'
    local rows = {
      ["application/json"] = 200, ["application/json; charset=utf-8"] = 200,
      ["Application/JSON"] = 200, ["application/jsonx"] = 415, ["text/plain"] = 415,
      ["application/x-www-form-urlencoded"] = 415, [""] = 415, [false] = 415,
    }
    for type, expected in pairs(rows) do
      assert.equal(expected, (it_has:call("PUT", path, body, { ["Content-Type"] = type })), type)
    end
  end)

  it("needs a body that is JSON", function()
    local path = "/" .. peer.VENDORS
    local bodies = { "", " ", "[]", '"x"', "null", "5", '{"name":"n","description":"d"',
      '{"name":"n","description":"d"} x', '{"name":"n","description":"d"}\0', "{'name':1}",
      '{"name":"\xff","description":"d"}', '{"name":"\xed\xa0\x80","description":"d"}',
      '{"name":"\xc0\xaf","description":"d"}', '{"name":"n","description":"d",}',
      '{"name":"n","description":"d","x":01}', '{"name":"n","description":NaN}',
      ("["):rep(500) .. ("]"):rep(499) }
    for _, body in ipairs(bodies) do
      local status, answer = it_has:call("PUT", path, body)
      assert.equal(400, status, ("%q"):format(body))
      assert.is_string(answer.message)
    end
  end)

  it("with a body that is too large is read to its end and refused", function()
    local function body(size)
      return '{"name":"n","description":"' .. ("d"):rep(size - 29) .. '"}'
    end
    local path = "/" .. peer.VENDORS
    assert.equal(1000, #body(1000))
    assert.equal(200, (it_has:call("PUT", path, body(1000))))
    local status, answer = it_has:call("PUT", path, body(1001))
    assert.equal(413, status)
    assert.truthy(answer.message:find "1000")
    assert.equal(413, (it_has:call("PUT", path, body(3000000))))
  end)

  it("gets its id back as valid JSON, whatever it is", function()
    local status, answer, raw = it_has:call("GET", "/%22%5c%1f%ff")
    assert.truthy(raw:find("\\u001f", 1, true))
    assert.equal(404, status)
    assert.equal("no data asset has the id \"\\\31?", answer.message)
    assert.equal(404, (it_has:call("GET", "/" .. ("x"):rep(5000))))
    -- libmicrohttpd 1.0.10 answers these two by itself: what is no percent-encoding, and NUL.
    for _, path in ipairs { "/%zz", "/%00" } do
      local refused = it_has:call("GET", path)
      assert.is_true(refused == 404 or refused == 400, path .. " " .. tostring(refused))
    end
  end)
end)
