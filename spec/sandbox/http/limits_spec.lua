-- Limits that a spec orders: requests per second, connections, pages, and the lag of searches.

local http = require "http"
local peer = require "peer"

describe("the sandbox's limits", function()
  local it_has

  after_each(function() it_has.sandbox:stop() end)

  it("accept rate_limit requests in a second, then answer with Retry-After", function()
    it_has = peer.start { seed = 3, rate_limit = 2, retry_after = 3 }
    local seen = {}
    for i = 1, 4 do
      local status, answer, _, headers = it_has:call("GET", "/" .. peer.VENDORS)
      seen[i] = status
      assert.equal(status == 429 and "3" or nil, headers["retry-after"])
      if status == 429 then assert.truthy(answer.message:find("2 requests a second", 1, true)) end
    end
    assert.same({ 200, 200, 429, 429 }, seen)
  end)

  it("may answer without Retry-After", function()
    it_has = peer.start { seed = 3, rate_limit = 1 }
    assert.equal(200, (it_has:call("GET", "")))
    local status, _, _, headers = it_has:call("GET", "")
    assert.equal(429, status)
    assert.is_nil(headers["retry-after"])
  end)

  it("count all callers together, and accept requests again later", function()
    it_has = peer.start { seed = 3, rate_limit = 50 }
    local requests, counts = {}, {}
    for i = 1, 200 do requests[i] = it_has:request("GET", "/" .. peer.VENDORS) end
    for _, answer in ipairs(http.all(requests)) do
      counts[answer.status] = (counts[answer.status] or 0) + 1
    end
    assert.equal(200, counts[200] + counts[429])
    assert.is_true(counts[200] >= 50 and counts[200] < 200, counts[200])
  end)

  it("close the newest connection beyond max_connections", function()
    it_has = peer.start { seed = 3, max_connections = 1 }
    local pipe = assert(io.popen(([[python3 -c "
import http.client
def ask(link):
    link.request('GET', '/api/v1/data_assets/%s', headers={'Authorization': '%s'})
    answer = link.getresponse()
    answer.read()
    return answer.status
first = http.client.HTTPConnection('127.0.0.1', %d, timeout=10)
second = http.client.HTTPConnection('127.0.0.1', %d, timeout=10)
first.connect()
second.connect()
print(ask(second), ask(first))
first.close()
third = http.client.HTTPConnection('127.0.0.1', %d, timeout=10)
while ask(third) != 200: third.close()
print(ask(third))"]]):format(peer.VENDORS,
      peer.credentials(it_has.sandbox.token), it_has.sandbox.port, it_has.sandbox.port,
      it_has.sandbox.port)))
    local said = pipe:read "a"
    pipe:close()
    assert.equal("503 200\n200\n", said)
  end)

  it("hide from searches all that was just written, and from nobody else", function()
    it_has = peer.start { seed = 3, ready_after = 0, lag = 3600, dialect = "both" }
    local function found(body)
      local _, page = it_has:call("POST", "/search", body)
      local names = {}
      for i, row in ipairs(page.results) do names[i] = row.name end
      return table.concat(names, " ")
    end
    local function by(key, value)
      return found(('{"filters":[{"key":"%s","value":"%s"}]}'):format(key, value))
    end
    local function get(id) return select(2, it_has:call("GET", "/" .. id)) end
    assert.equal("commoncrawl", found '{"query":"commoncrawl"}')
    local three = found "{}"
    local _, made = it_has:create { name = "fresh" }
    for i = 1, 2 do
      it_has:call("PUT", "/" .. peer.VENDORS, { name = "renamed", tags = { "new" },
        description = "told " .. i, custom_metadata = { rig = 77 } })
    end
    it_has:call("PATCH", "/" .. peer.VENDORS .. "/archive?archive=true")
    it_has:call("POST", "/" .. peer.VENDORS .. "/permissions", '{"everyone":"viewer"}')
    assert.equal("fresh", get(made.id).name)
    assert.equal("renamed", get(peer.VENDORS).name)
    assert.equal(three, found "{}")
    assert.equal(three, found '{"ownership":"created"}')
    assert.equal(three, found '{"ownership":"private"}')
    assert.equal("", found '{"archived":true}')
    for _, body in ipairs { '{"query":"fresh"}', '{"query":"renamed"}', '{"query":"tag:new"}' } do
      assert.equal("", found(body))
    end
    assert.equal("", by("name", "renamed") .. by("description", "told") .. by("tags", "new")
      .. by("rig", "77"))
    for _, body in ipairs { '{"query":"commoncrawl"}', '{"query":"tag:x1 name:commoncrawl"}' } do
      assert.equal("commoncrawl", found(body))   -- as it was
    end
    assert.equal("commoncrawl", by("name", "moncr"))
    assert.equal("commoncrawl", by("description", "commoncrawl"))
    it_has:call("DELETE", "/" .. peer.VENDORS)
    assert.equal(404, (it_has:call("GET", "/" .. peer.VENDORS)))
    assert.equal(three, found "{}")
    assert.equal("commoncrawl", found '{"query":"commoncrawl"}')
  end)

  it("show one write after the other, each when its lag is over", function()
    it_has = peer.start { seed = 3, ready_after = 0, lag = 0.8 }
    local path, seen = "/" .. peer.VENDORS, {}
    local function sample()
      local name = it_has:names("sort_field=size&sort_order=asc&query=tag:y1")[2] or "gone"
      if seen[#seen] ~= name then seen[#seen + 1] = name end
    end
    local function sample_until(test)
      local deadline = os.time() + 30
      repeat sample() until test() or os.time() > deadline
    end
    local function now()
      local all = it_has.sandbox:requests()
      return all[#all].at
    end
    for _, name in ipairs { "first", "second" } do
      it_has:call("PUT", path, { name = name })
      local at = now()
      sample_until(function() return now() > at + 0.4 end)
    end
    it_has:call("DELETE", path)
    sample_until(function() return seen[#seen] == "gone" end)
    assert.same({ "commoncrawl", "first", "second", "gone" }, seen)
  end)

  it("show it when the lag is over", function()
    it_has = peer.start { ready_after = 0, lag = 0.05 }
    it_has:create { name = "fresh" }
    local deadline = os.time() + 20
    while #it_has:names "query=fresh" == 0 and os.time() < deadline do end
    assert.same({ "fresh" }, it_has:names "query=fresh")
    assert.same({ "fresh" }, it_has:names "")
  end)

  it("index at the next start the writes that a lag held back", function()
    local file = os.tmpname()
    os.remove(file)
    finally(function() os.execute("rm -f " .. file .. "*") end)
    it_has = peer.start { ready_after = 0, lag = 3600, db = file }
    it_has:create { name = "fresh" }
    it_has.sandbox:stop()
    it_has = peer.start { db = file }
    assert.same({ "fresh" }, it_has:names "query=fresh")
  end)
end)
