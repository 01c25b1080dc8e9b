-- Deletes over kept connections: they use few connections, and libcurl never repeats one by
-- itself.

local fixture = require "fixture"
local tls = require "tls"

describe("deletes", function()
  for _, http2 in ipairs { false, true } do
    it("share connections over TLS" .. (http2 and " and HTTP/2" or ""), function()
      local with = fixture.new(finally)
      local peer = with:sandbox { seed = 60, ready_after = 0 }
      local folder = with:folder()
      local ca = tls.authority(folder)
      local nginx = tls.nginx(folder, {
        it = { identity = ca:issue "IP:127.0.0.1", to = peer.url, http2 = http2 } })
      with:at_end(function() nginx:stop() end)
      local client = with:client(peer, { domain = "https://127.0.0.1:" .. nginx.port.it,
        ca_file = ca.file, jobs = 8 })
      local ids = {}
      for asset in client.data_assets:each { limit = 40 } do ids[#ids + 1] = asset.id end
      assert.are.equal(40, #ids)
      local results = client:map(ids, function(id) return client.data_assets:delete(id) end)
      for i = 1, 40 do assert.is_true(results[i]) end
      assert.are.equal(40, #fixture.seen(peer, "delete"))
      assert.is_true(client:stats().connections <= 8, client:stats().connections)
    end)
  end

  local NOTHING = fixture.answer("204 No Content", "")
  local GONE = fixture.answer("404 Not Found", '{"message":"not found"}')
  local OBJECT = fixture.answer("200 OK", ('{"id":"%s","name":"n"}'):format(fixture.ID))

  it("are repeated by us when a kept connection breaks: the 404 then means done", function()
    local with = fixture.new(finally)
    local server = with:server { OBJECT, fixture.raw("close"), GONE }
    local client = with:client(server, { token = "cop_x" })
    assert(client.data_assets:get(fixture.ID))
    assert.is_true(client.data_assets:delete(fixture.ID))
    assert.are.same({ 3, 1 }, { client:stats().requests, client:stats().retries })
  end)

  it("without retries say that they may have been done", function()
    local with = fixture.new(finally)
    local server = with:server { OBJECT, fixture.raw("close"), NOTHING }
    local client = with:client(server, { token = "cop_x", retries = 0 })
    assert(client.data_assets:get(fixture.ID))
    local _, err = client.data_assets:delete(fixture.ID)
    assert.are.same({ "network", "unknown", 1 }, { err.kind, err.outcome, err.attempts })
    for _ = 1, 2 do server:request() end
  end)
end)
