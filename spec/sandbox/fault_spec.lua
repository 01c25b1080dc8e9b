-- Faults: which requests they affect, and what each kind does to the answer and to the asset.

local http = require "http"
local peer = require "peer"

describe("a fault of the sandbox", function()
  local it_has
  local asset = "/" .. peer.VENDORS
  local put = '{"name":"changed","description":"d"}'

  before_each(function() it_has = peer.start { seed = 5, ready_after = 0 } end)
  after_each(function() it_has.sandbox:stop() end)

  local function order(fault) it_has.sandbox:fault(fault) end
  local function name() return select(2, it_has:call("GET", asset)).name end

  -- The statuses of n gets, a dot for each 200.
  local function statuses(n)
    local list = {}
    for i = 1, n do
      local status = it_has:call("GET", asset)
      list[i] = status == 200 and "." or tostring(status)
    end
    return table.concat(list, " ")
  end

  describe("is applied", function()
    it("once by default", function()
      order { kind = "status" }
      assert.equal("500 . .", statuses(3))
    end)

    it("`count` times", function()
      order { kind = "status", count = 2 }
      assert.equal("500 500 . .", statuses(4))
      order { kind = "status", count = 0 }
      assert.equal(". .", statuses(2))
    end)

    it("for ever", function()
      order { kind = "status", count = math.huge }
      assert.equal("500 500 500 500", statuses(4))
      it_has.sandbox:clear()
      order { kind = "status", count = -1, status = 503 }
      assert.equal("503 503 503 503", statuses(4))
    end)

    it("after the requests that it lets pass", function()
      order { kind = "status", skip = 2, count = 2 }
      assert.equal(". . 500 500 .", statuses(5))
    end)

    it("in the order in which faults were given", function()
      order { kind = "status", status = 503 }
      order { kind = "status", status = 429, count = 2 }
      assert.equal("503 429 429 .", statuses(4))
    end)

    it("by chance, the same each time", function()
      local function draw(seed)
        it_has.sandbox:clear()
        order { kind = "status", probability = 0.5, seed = seed }
        return statuses(40)
      end
      local one, hits = draw(1), 0
      assert.equal(one, draw(1))
      assert.not_equal(one, draw(2))
      for _ in one:gmatch "500" do hits = hits + 1 end
      assert.is_true(hits > 8 and hits < 32)
      it_has.sandbox:clear()
      order { kind = "status", probability = 0 }
      assert.equal(". . .", statuses(3))
      order { kind = "status", probability = 1, count = 1 }
      assert.equal("500 .", statuses(2))
    end)

    it("only on the requests that it names", function()
      local rows = {
        { { operation = "update" }, "PUT", asset, "GET", asset },
        { { method = "DELETE" }, "DELETE", asset, "GET", asset },
        { { id = peer.VENDORS }, "GET", asset, "GET", "/other" },
        { { path = "/api/v1/data_assets" }, "GET", "?limit=1", "GET", asset },
        { { operation = "search", method = "POST" }, "POST", "/search", "GET", "" },
        { { operation = "archive", id = peer.VENDORS }, "PATCH", asset .. "/archive?archive=x",
          "PATCH", "/other/archive?archive=x" },
      }
      for _, row in ipairs(rows) do
        local fault, method, path, other_method, other_path = table.unpack(row)
        fault.kind, fault.status = "status", 418
        order(fault)
        assert.not_equal(418, (it_has:call(other_method, other_path)))
        assert.equal(418, (it_has:call(method, path, (method == "PUT" or method == "POST") and {})))
        it_has.sandbox:clear()
      end
    end)

    it("before the token is checked", function()
      order { kind = "status", status = 502 }
      assert.equal(502, (it_has:call("GET", asset, nil, { Authorization = false })))
    end)
  end)

  describe("of the kind", function()
    it("status answers instead", function()
      order { kind = "status", status = 429, retry_after = 3, headers = { ["X-One"] = "1" },
        body = '{"message":"slow down"}', operation = "update" }
      local status, answer, _, headers = it_has:call("PUT", asset, put)
      assert.equal(429, status)
      assert.equal("slow down", answer.message)
      assert.equal("3", headers["retry-after"])
      assert.equal("1", headers["x-one"])
      assert.equal("commoncrawl", name())
    end)

    it("status takes a date, bytes and no body", function()
      order { kind = "status", status = 503, retry_after = "Wed, 21 Oct 2026 07:28:00 GMT",
        body = "a\0b" }
      local _, _, raw, headers = it_has:call("GET", asset)
      assert.equal("a\0b", raw)
      assert.equal("Wed, 21 Oct 2026 07:28:00 GMT", headers["retry-after"])
      order { kind = "status", status = 500, body = "" }
      assert.equal("", select(3, it_has:call("GET", asset)))
      order { kind = "status", status = 204, body = "not to be sent" }
      assert.equal("", select(3, it_has:call("GET", asset)))
      order { kind = "status", status = 304 }
      assert.equal(304, (it_has:call("GET", asset)))
      assert.equal(200, (it_has:call("GET", asset)))
    end)

    it("status may come after the deed", function()
      order { kind = "status", status = 502, apply = true }
      assert.equal(502, (it_has:call("PUT", asset, put)))
      assert.equal("changed", name())
    end)

    it("reset_before does nothing and hangs up", function()
      order { kind = "reset_before" }
      local status, problem = it_has:call("PUT", asset, put)
      assert.is_nil(status)
      assert.truthy(problem:find "ConnectionReset", problem)
      assert.equal("commoncrawl", name())
    end)

    it("reset_after does it and hangs up", function()
      order { kind = "reset_after" }
      local status, problem = it_has:call("PUT", asset, put)
      assert.is_nil(status)
      assert.truthy(problem:find "ConnectionReset", problem)
      assert.equal("changed", name())
      local last = it_has.sandbox:requests()[1]
      assert.is_nil(last.status)
      assert.equal("reset_after", last.fault)
    end)

    it("truncated ends in the middle", function()
      order { kind = "truncated", operation = "update" }
      local status, problem = it_has:call("PUT", asset, put)
      assert.is_nil(status)
      assert.truthy(problem:find "IncompleteRead", problem)
      assert.equal("changed", name())
      order { kind = "truncated", bytes = 7 }
      assert.truthy(select(2, it_has:call("GET", asset)):find("7 bytes read", 1, true))
    end)

    it("truncated resets the connection where the answer has no body", function()
      it_has.sandbox:stop()
      it_has = peer.start { seed = 5, dialect = "current" }
      order { kind = "truncated", operation = "archive" }
      assert.is_nil((it_has:call("PATCH", asset .. "/archive?archive=true")))
      local last = it_has.sandbox:requests()[1]
      assert.same({ "archive", "truncated" }, { last.operation, last.fault })
      assert.is_nil(last.status)
    end)

    it("wrong_length says less than it sends", function()
      local _, _, whole = it_has:call("GET", asset)
      order { kind = "wrong_length", bytes = 5 }
      local _, _, cut, headers = it_has:call("GET", asset)
      assert.equal(whole:sub(1, -6), cut)
      assert.equal(tostring(#whole - 5), headers["content-length"])
    end)

    it("wrong_length spoils the connection by the surplus bytes", function()
      order { kind = "wrong_length", bytes = 5 }
      local pipe = assert(io.popen(([[python3 -c "
import socket
link = socket.create_connection(('127.0.0.1', %d), timeout=10)
link.sendall(b'GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n\r\n')
text = b''
while not text.endswith(b'}'): text += link.recv(65536)
head, body = text.split(b'\r\n\r\n')
length = [line for line in head.split(b'\r\n') if line.startswith(b'Content-Length')]
print(len(length), len(body) - int(length[0].split(b':')[1]))"]]):format(it_has.sandbox.port,
        "/api/v1/data_assets" .. asset, peer.credentials(it_has.sandbox.token))))
      local said = pipe:read "a"
      pipe:close()
      assert.equal("1 5\n", said)
    end)

    it("html is a login page that says 200", function()
      order { kind = "html" }
      local status, answer, raw, headers = it_has:call("PUT", asset, put)
      assert.equal(200, status)
      assert.is_nil(answer)
      assert.truthy(headers["content-type"]:find "text/html")
      assert.truthy(raw:find "Sign in")
      assert.equal("commoncrawl", name())
    end)

    it("garbage is not JSON", function()
      order { kind = "garbage" }
      local status, answer, raw = it_has:call("GET", asset)
      assert.equal(200, status)
      assert.is_nil(answer)
      assert.truthy(#raw > 0)
    end)

    it("redirect points elsewhere", function()
      order { kind = "redirect", location = "http://127.0.0.1:9/login", status = 307 }
      local status, _, _, headers = it_has:call("GET", asset)
      assert.equal(307, status)
      assert.equal("http://127.0.0.1:9/login", headers.location)
      order { kind = "redirect" }
      status, _, _, headers = it_has:call("GET", asset)
      assert.equal(302, status)
      assert.truthy(headers.location:find "^https://")
    end)

    it("no_content does it and says nothing", function()
      order { kind = "no_content" }
      local status, _, raw = it_has:call("PUT", asset, put)
      assert.equal(204, status)
      assert.equal("", raw)
      assert.equal("changed", name())
    end)

    it("slow dribbles all of it", function()
      local _, _, whole = it_has:call("GET", asset)
      order { kind = "slow", bytes = 20, interval = 0.002 }
      local answer = http.all({ it_has:request("GET", asset) })[1]
      assert.equal(whole, answer.body)
      assert.is_true(answer.seconds > (#whole // 20 - 1) * 0.002)
    end)

    it("stuck_token gives the same page for ever", function()
      local first = select(2, it_has:call("POST", "/search", '{"limit":1}'))
      order { kind = "stuck_token", count = math.huge }
      local body = ('{"limit":1,"next_token":"%s"}'):format(first.next_token)
      for _ = 1, 3 do
        local _, page = it_has:call("POST", "/search", body)
        assert.equal(first.next_token, page.next_token)
        assert.is_true(page.has_more)
      end
    end)

    it("empty_more is an empty page that says there is more", function()
      order { kind = "empty_more", count = 2 }
      local _, page, raw = it_has:call("GET", "?limit=2")
      assert.is_true(page.has_more)
      assert.truthy(raw:find('"results":[]', 1, true))
      _, page, raw = it_has:call("POST", "/search", "{}")
      assert.is_true(page.has_more)
      assert.truthy(raw:find('"results":[]', 1, true))
      assert.is_string(page.next_token)
    end)

    it("stuck_draft never lets an asset be ready", function()
      order { kind = "stuck_draft", operation = "create" }
      local _, stuck = it_has:create()
      local _, made = it_has:create()
      local function state(one) return select(2, it_has:call("GET", "/" .. one.id)).state end
      assert.equal("DATA_ASSET_STATE_DRAFT", state(stuck))
      assert.equal("DATA_ASSET_STATE_READY", state(made))
      order { kind = "stuck_draft", operation = "get", id = made.id }
      assert.equal("DATA_ASSET_STATE_DRAFT", state(made))
      assert.equal("DATA_ASSET_STATE_READY", state(made))
    end)

    it("drop_custom_metadata leaves them out of the answer alone", function()
      order { kind = "drop_custom_metadata", operation = "update" }
      local body = '{"name":"n","description":"d","custom_metadata":{"rig":4}}'
      assert.is_nil(select(2, it_has:call("PUT", asset, body)).custom_metadata)
      assert.same({ rig = 4 }, select(2, it_has:call("GET", asset)).custom_metadata)
    end)

    it("gzip_bomb expands", function()
      order { kind = "gzip_bomb", bytes = 1000000 }
      local _, _, raw, headers = it_has:call("GET", asset)
      assert.equal("gzip", headers["content-encoding"])
      assert.is_true(#raw < 10000)
      local file = os.tmpname()
      finally(function() os.remove(file) end)
      local out = assert(io.open(file, "wb"))
      out:write(raw)
      out:close()
      local pipe = assert(io.popen("gzip -dc < " .. file .. " 2>/dev/null | wc -c"))
      local expanded = pipe:read "n"
      pipe:close()
      assert.is_true(expanded >= 1000000)
    end)

    it("deep_json nests as deep as told", function()
      order { kind = "deep_json", depth = 65 }
      local status, _, raw = it_has:call("GET", asset)
      assert.equal(200, status)
      assert.equal(("["):rep(65) .. ("]"):rep(65), raw)
    end)

    it("huge is as large as told", function()
      order { kind = "huge", bytes = 3000000 }
      local _, answer, raw = it_has:call("GET", asset)
      assert.is_true(#raw > 2999900 and #raw <= 3000002, tostring(#raw))
      assert.is_string(answer.id)
    end)

    it("delay may come with any other", function()
      order { kind = "status", status = 503, delay = 0.05 }
      local answer = http.all({ it_has:request("GET", asset) })[1]
      assert.equal(503, answer.status)
      assert.is_true(answer.seconds >= 0.05)
    end)
  end)

  it("proposes the near name of an unknown kind, operation or field", function()
    local near = {
      { { kind = "statsu" }, "there is no kind statsu; did you mean 'status'?" },
      { { kind = "status", operation = "serch" },
        "there is no operation serch; did you mean 'search'?" },
      { { kind = "stall", afterheaders = true }, "did you mean 'after_headers'?" },
      { { kind = "xyzzyq" }, "there is no kind xyzzyq)" },
    }
    for _, row in ipairs(near) do
      local ok, problem = pcall(order, row[1])
      assert.is_false(ok)
      assert.truthy(problem:find(row[2], 1, true), problem)
    end
    assert.equal(". .", statuses(2))
  end)

  it("is refused with an unknown or invalid field, or one of another kind", function()
    local faults = {
      { {}, "kind" }, { { kind = "statsu" }, "statsu" }, { { kind = 5 }, "kind" },
      { { kind = "status", status = 99 }, "status" },
      { { kind = "status", status = "x" }, "status" },
      { { kind = "status", opration = "get" }, "opration" },
      { { kind = "status", operation = "gte" }, "gte" },
      { { kind = "status", method = "get" }, "upper case" },
      { { kind = "reset_before", status = 500 }, "status" },
      { { kind = "delay", bytes = 5 }, "bytes" }, { { kind = "delay", seconds = -1 }, "seconds" },
      { { kind = "status", count = 1.5 }, "count" }, { { kind = "status", count = -2 }, "count" },
      { { kind = "status", probability = 2 }, "probability" },
      { { kind = "status", status = 404.5 }, "status" },
      { { kind = "status", skip = 1.5 }, "skip" },
      { { kind = "status", seed = 0.5 }, "seed" }, { { kind = "cut", bytes = 1.5 }, "bytes" },
      { { kind = "status", count = 0 / 0 }, "count" },
      { { kind = "status", apply = 1 }, "apply" }, { { kind = "status", headers = 1 }, "headers" },
      { { kind = "status", headers = { "x" } }, "headers" },
      { { kind = "status", headers = { a = "b\r\nc: d" } }, "headers" },
      { { kind = "status", body = {} }, "body" }, { { kind = "status", "x" }, "number" },
    }
    for _, row in ipairs(faults) do
      local ok, problem = pcall(order, row[1])
      assert.is_false(ok)
      assert.truthy(problem:find("bad field '.-' to 'fault'"), problem)
      assert.truthy(problem:find(row[2], 1, true), problem)
    end
    assert.is_false(pcall(order, nil))
    assert.equal(". .", statuses(2))
  end)
end)
