-- haproxy in front of the API: its rate limit, no server behind it, and answers that it sends
-- before it has read the request.

local core = require "codeocean.core"
local fixture = require "fixture"
local gateway = require "gateway"
local process = require "process"
local tls = require "tls"

local HERE = gateway.has "haproxy"

local function it_with_haproxy(what, test)
  it(what, function()
    if not HERE then return pending "haproxy is not here" end
    test(fixture.new(finally))
  end)
end


describe("haproxy", function()
  it_with_haproxy("with a limit of 40 requests a second: every item ends right", function(with)
    local peer = with:sandbox { seed = 3 }
    local id = with:client(peer).data_assets:search({ limit = 1 }).results[1].id
    local front = gateway.haproxy(with, { to = peer.url, frontend = [[
  stick-table type ip size 1k expire 10s store http_req_rate(1s)
  http-request track-sc0 src
  http-request deny deny_status 429 if { sc_http_req_rate(0) gt 40 }]] })
    local client = with:client({ url = front.url, token = peer.token })
    local ids = {}
    for i = 1, 120 do ids[i] = id end
    local results = client:map(ids, function(it) return client.data_assets:get(it) end)
    for i = 1, 120 do assert.is_truthy(results[i]) end
  end)

  it_with_haproxy("with nobody behind it: told soon, by its page's words", function(with)
    local front = gateway.haproxy(with, {})
    local client = with:client({ url = front.url, token = "cop_x" }, { retries = 2 })
    local began = core.now()
    local _, err = client.data_assets:get(fixture.ID)
    assert.are.same({ "server", 503, true }, { err.kind, err.status, err.gateway })
    assert.are.equal("503 Service Unavailable No server is available to handle this request.",
      err.message)
    assert.is_true(core.now() - began < 10)
  end)

  -- With TLS 1.3 the refusal comes after the handshake, when the request may have left.
  it_with_haproxy("that wants a certificate: told at once, and nothing was done", function(with)
    local peer, folder = with:sandbox { seed = 2 }, with:folder()
    local ca = tls.authority(folder)
    local server, own = ca:issue "IP:127.0.0.1", ca:issue "DNS:me"
    local stranger = tls.authority(folder):issue "DNS:me"
    process.write(folder .. "/both.pem",
      process.read(server.certificate) .. process.read(server.key))
    local front = gateway.haproxy(with, { to = peer.url, bind = (
      " ssl crt %s/both.pem ca-file %s verify required"):format(folder, ca.file) })
    local function client(identity)
      return with:client({ url = "https://127.0.0.1:" .. front.port, token = peer.token }, {
        ca_file = ca.file, client_cert = identity and identity.certificate,
        client_key = identity and identity.key })
    end
    for _, refused in ipairs { client(), client(stranger) } do
      local _, err = refused.data_assets:get(fixture.ID)
      assert.are.same({ "tls", 1 }, { err.kind, err.attempts })
      _, err = refused.data_assets:create { name = "n", mount = "n", tags = {},
        source = { aws = { bucket = "public-data" } } }
      assert.are.same({ "tls", 1, "not_sent" }, { err.kind, err.attempts, err.outcome })
    end
    assert.are.equal(0, #peer:requests())
    assert.are.equal(1, #assert(client(own).data_assets:search { limit = 1 }).results)
  end)

  local LARGE = { name = "n", mount = "m", description = ("x"):rep(256 * 1024), tags = {} }

  local function early(with, status)
    local peer = with:sandbox()
    local folder = with:folder()
    local ca = tls.authority(folder)
    local own = ca:issue "IP:127.0.0.1"
    process.write(folder .. "/both.pem",
      process.read(own.certificate) .. process.read(own.key))
    local front = gateway.haproxy(with, { to = peer.url,
      bind = " ssl crt " .. folder .. "/both.pem alpn h2",
      frontend = "http-request deny deny_status " .. status .. " if { method PUT }" })
    return with:client({ url = "https://127.0.0.1:" .. front.port, token = peer.token },
      { ca_file = ca.file, retries = 4, deadline = 10 })
  end

  for status, kind in pairs { [401] = "auth", [403] = "auth" } do
    it_with_haproxy(("over HTTP/2: a %d before the body was read counts"):format(status),
      function(with)
        local client = early(with, status)
        local _, err = client.data_assets:update(fixture.ID, LARGE)
        assert.are.same({ kind, status }, { err.kind, err.status })
      end)
  end
end)
