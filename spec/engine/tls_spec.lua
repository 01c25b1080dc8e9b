-- TLS, HTTP/2, redirects and proxies, with nginx between the client and the sandbox.

local codeocean = require "codeocean"
local core = require "codeocean.core"
local cqueues = require "cqueues"
local process = require "process"
local sandbox = require "codeocean.sandbox"
local socket = require "cqueues.socket"
local tls = require "tls"

local HERE = "IP:127.0.0.1,DNS:localhost"
local LONG_AGO = "20200201000000Z"

describe("over TLS", function()
  local folder, server, ca, nginx, ids

  -- A fresh nginx each, so that its log tells of one test only.
  local function start(servers)
    if nginx then nginx:stop() end
    nginx = tls.nginx(folder, servers)
  end

  local function client_of(name, options)
    local all = { domain = ("https://%s:%d"):format(options and options.host or "127.0.0.1",
      nginx.port[name]), token = server.token, ca_file = ca.file, jobs = 32, dialect = "2022" }
    for key, value in pairs(options or {}) do all[key] = value end
    all.host = nil
    return assert(codeocean.client(all))
  end

  local function log_of(name)
    nginx:stop()
    return nginx:log(name)
  end

  local function count(rows, field)
    local seen, different = {}, 0
    for _, row in ipairs(rows) do
      if not seen[row[field]] then different = different + 1 end
      seen[row[field]] = true
    end
    return different, seen
  end

  setup(function()
    folder = process.folder()
    server = assert(sandbox.start { seed = 40, latency = 0.1 })
    ca = tls.authority(folder)
    local client <close> = assert(codeocean.client { domain = server.url, token = server.token })
    ids = {}
    for i, asset in ipairs(assert(client.data_assets:search { limit = 32 }).results) do
      ids[i] = asset.id
    end
  end)

  teardown(function()
    if nginx then nginx:stop() end
    server:stop()
    process.clean(folder)
  end)

  before_each(function() server:clear() end)

  local function get_all(client)
    local names, errs = client:map(ids, function(id)
      return assert(client.data_assets:get(id)).id
    end)
    assert.are.same({}, errs)
    assert.are.same(ids, table.move(names, 1, #names, 1, {}))
  end

  it("requests share one connection where HTTP/2 is offered", function()
    start { h2 = { identity = ca:issue(HERE), to = server.url, http2 = true } }
    local client <close> = client_of "h2"
    get_all(client)
    assert.are.equal(1, client:stats().connections)
    local rows = log_of "h2"
    assert.are.equal(32, #rows)
    assert.are.equal(1, (count(rows, "connection")))
    assert.are.same({ ["HTTP/2.0"] = true }, select(2, count(rows, "protocol")))
    assert.is_true(server:stats().max_in_flight >= 8)
  end)

  it("connections are kept where it is not", function()
    start { h1 = { identity = ca:issue(HERE), to = server.url } }
    local client <close> = client_of("h1", { jobs = 4 })
    get_all(client)
    get_all(client)
    local rows = log_of "h1"
    assert.are.equal(64, #rows)
    assert.are.same({ ["HTTP/1.1"] = true }, select(2, count(rows, "protocol")))
    local connections = count(rows, "connection")
    assert.are.equal(4, connections)
    assert.are.equal(4, client:stats().connections)
  end)

  it("a server with the wrong certificate is sent nothing, and tried once", function()
    local other = tls.authority(folder)
    local good = ca:issue(HERE)
    local cases = {
      wrong_host = { ca:issue "DNS:other.example", "subject name" },
      expired = { ca:issue(HERE, LONG_AGO), "expired" },
      self_signed = { tls.self_signed(folder, HERE), "self.signed", untrusted = true },
      unknown = { other:issue(HERE), "local issuer", untrusted = true },
      too_old = { good, "protocol version",
        settings = "ssl_protocols TLSv1.1; ssl_ciphers DEFAULT@SECLEVEL=0;" },
    }
    local servers = {}
    for name, case in pairs(cases) do
      servers[name] = { identity = case[1], to = server.url, settings = case.settings }
    end
    start(servers)
    for name, case in pairs(cases) do
      local client <close> = client_of(name)
      local began = core.now()
      local _, err = client.data_assets:update(ids[1], { name = "n", description = "d",
        tags = { "t" }, mount = "m" })
      assert.are.equal("tls", err.kind, name)
      assert.are.equal("not_sent", err.outcome, name)
      assert.are.equal(1, err.attempts, name)
      assert.is_true(core.now() - began < 20, name)
      local line = tostring(err)
      assert.is_nil(line:find "\n", name)
      assert.is_truthy(line:find(case[2]), name .. ": " .. line)
      local advised = line:find("ca_file", 1, true) ~= nil
      assert.are.equal(case.untrusted or false, advised, name .. ": " .. line)
      assert.is_nil(line:find(server.token, 1, true), name)
    end
    nginx:stop()
    for name in pairs(cases) do assert.are.same({}, nginx:log(name), name) end
    assert.are.same({}, server:requests())
  end)

  it("thirty-two calls to an untrusted server are attempted once each", function()
    start { unknown = { identity = tls.authority(folder):issue(HERE), to = server.url } }
    local client <close> = client_of "unknown"
    local results, errs = client:map(ids, function(id) return client.data_assets:get(id) end)
    assert.are.equal(32, results.n)
    for i = 1, 32 do assert.are.equal("tls", errs[i].kind) end
    assert.is_true(client:stats().requests <= 32)
    assert.are.same({}, log_of "unknown")
  end)

  it("a handshake that is cut off is tried again", function()
    local listener = assert(socket.listen("127.0.0.1", 0))
    local port = select(3, assert(listener:listen()):localname())
    local client <close> = assert(codeocean.client { domain = "https://127.0.0.1:" .. port,
      token = "cop_x", retries = 1, wait = function(c) cqueues.poll(c) end })
    local err
    local loop = cqueues.new()
    loop:wrap(function()
      for _ = 1, 2 do listener:accept():close() end
    end)
    loop:wrap(function() err = select(2, client.data_assets:get(ids[1])) end)
    assert(loop:loop(5))
    listener:close()
    assert.are.equal("network", err.kind)
    assert.are.equal(2, err.attempts)
    assert.are.equal("not_sent", err.outcome)
  end)

  it("one client does not trust another's authority", function()
    start { h2 = { identity = ca:issue(HERE), to = server.url, http2 = true } }
    local trusting <close> = client_of "h2"
    assert(trusting.data_assets:get(ids[1]))
    local wary <close> = client_of("h2", { ca_file = tls.authority(folder).file })
    local _, err = wary.data_assets:get(ids[1])
    assert.are.equal("tls", err.kind)
  end)

  it("a redirect to another host is refused, and the token not taken there", function()
    local good = ca:issue(HERE)
    start { elsewhere = { identity = good, to = server.url } }
    local target = "https://localhost:" .. nginx.port.elsewhere
    local second <close> = setmetatable(tls.nginx(folder, {
      first = { identity = good, answer = "return 307 " .. target .. "$request_uri;" } }),
      { __index = getmetatable(nginx), __close = nginx.stop })
    local client <close> = assert(codeocean.client { token = server.token, ca_file = ca.file,
      domain = "https://127.0.0.1:" .. second.port.first })
    for _, call in ipairs {
      function() return client.data_assets:get(ids[1]) end,
      function() return client.data_assets:delete(ids[1]) end,
      function() return client.data_assets:archive(ids[1]) end } do
      local _, err = call()
      assert.are.equal("redirect", err.kind)
      assert.are.equal(1, err.attempts)
      assert.is_truthy(tostring(err):find(target, 1, true))
    end
    assert.are.same({}, log_of "elsewhere")
    assert.are.same({}, server:requests())
  end)

  it("nothing goes in the clear to a name that is not this machine", function()
    local client, err = codeocean.client { domain = "http://deploy.test", token = "cop_x" }
    assert.is_nil(client)
    assert.are.equal("config", err.kind)
    assert.is_truthy(tostring(err):find("use https", 1, true))
    assert(codeocean.client { domain = "http://deploy.test", token = "cop_x",
      insecure_http = true }):close()
    assert(codeocean.client { domain = "http://127.0.0.1:1", token = "cop_x" }):close()
  end)

  describe("a proxy of the environment", function()
    -- Knows one name; prints its port, then a line for each request that it gets.
    local PROXY = [==[
import os, socket, sys, threading
listener = socket.create_server(('127.0.0.1', 0))
print(os.getpid(), listener.getsockname()[1], flush=True)

def pump(a, b):
    try:
        while True:
            data = a.recv(65536)
            if not data: break
            b.sendall(data)
    except OSError: pass
    try: b.shutdown(socket.SHUT_WR)
    except OSError: pass

def serve(link):
    head = b''
    while b'\r\n\r\n' not in head:
        more = link.recv(65536)
        if not more: return
        head += more
    method, target, _ = head.split(b'\r\n')[0].decode().split(' ')
    print(method, target, file=log, flush=True)
    if method != 'CONNECT' or not target.startswith('deploy.test:'):
        link.sendall(b'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
        return link.close()
    there = socket.create_connection(('127.0.0.1', int(target.split(':')[1])))
    link.sendall(b'HTTP/1.1 200 OK\r\n\r\n')
    threading.Thread(target=pump, args=(there, link), daemon=True).start()
    pump(link, there)

with open(sys.argv[1], 'w') as log:
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
]==]

    local pid, port, pipe

    before_each(function()
      pipe = assert(io.popen(("exec python3 -u -c %s %s"):format(process.quote(PROXY),
        process.quote(folder .. "/proxy.log"))))
      pid, port = pipe:read("n", "n")
    end)

    after_each(function()
      process.run("kill", { pid })
      pipe:close()
    end)

    -- What a client in a process of its own says, and what the proxy was asked meanwhile.
    local function get_through_proxy(domain, variable, options)
      local script = process.write(folder .. "/get.lua", ([[
        local client = assert(require "codeocean".client { ca_file = %q, insecure_http = %s })
        local asset, err = client.data_assets:get %q
        print(asset and asset.id or err.kind)]]):format(ca.file, options or "false", ids[1]))
      local result = process.run(process.colua, { script }, { env = {
        [variable] = "http://127.0.0.1:" .. port, CODEOCEAN_DOMAIN = domain,
        CODEOCEAN_TOKEN = server.token } })
      assert.are.equal("", result.err)
      return result.out, process.read(folder .. "/proxy.log")
    end

    it("is used, and resolves the name", function()
      start { h1 = { identity = ca:issue "DNS:deploy.test", to = server.url } }
      local host = "deploy.test:" .. nginx.port.h1
      local said, asked = get_through_proxy("https://" .. host, "https_proxy")
      assert.are.equal(ids[1] .. "\n", said)
      assert.are.equal("CONNECT " .. host .. "\n", asked)
      said, asked = get_through_proxy("http://" .. host, "http_proxy", "true")
      assert.are.equal("missing\n", said)
      assert.is_truthy(asked:find("GET http://" .. host .. "/api/v1/", 1, true))
    end)

    it("is not asked for this machine", function()
      start { h1 = { identity = ca:issue(HERE), to = server.url } }
      for _, domain in ipairs { "https://127.0.0.1:" .. nginx.port.h1,
        "https://localhost:" .. nginx.port.h1, server.url } do
        for _, variable in ipairs { "https_proxy", "http_proxy", "ALL_PROXY" } do
          local said, asked = get_through_proxy(domain, variable)
          assert.are.equal(ids[1] .. "\n", said)
          assert.are.equal("", asked)
        end
      end
    end)
  end)
end)
