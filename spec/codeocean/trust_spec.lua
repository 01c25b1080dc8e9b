-- Which certificate authorities a client trusts: as text, and over TLS with a real nginx.

local process = require "process"
local sandbox = require "codeocean.sandbox"
local tls = require "tls"
local trust = require "codeocean.trust"

local CERTIFICATE, KEY = "-----BEGIN CERTIFICATE-----\n", "-----BEGIN PRIVATE KEY-----\n"

local function resolved(config, found, environment)
  found.domain = found.domain or "acme.example"
  local problem = trust.resolve(config, found, function(name) return environment[name] end)
  return config, problem
end

describe("codeocean.trust", function()
  local folder, files
  setup(function()
    folder, files = process.folder(), {}
    for _, name in ipairs { "a", "b", "c", "d", "e" } do
      files[name] = process.write(folder .. "/" .. name .. ".pem", CERTIFICATE)
    end
    local others = { key = KEY, both = CERTIFICATE .. KEY, empty = "", garbage = "\0\1\n\255",
      locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
      old_locked = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n" }
    for name, bytes in pairs(others) do
      files[name] = process.write(folder .. "/" .. name .. ".pem", bytes)
    end
  end)
  teardown(function() process.clean(folder) end)

  it("prefers the settings of this client to those of all programs", function()
    local environment = { CODEOCEAN_CA_FILE = files.b, SSL_CERT_FILE = files.d,
      SSL_CERT_DIR = folder, CURL_CA_BUNDLE = files.e }
    local found = { ca_file = files.c }
    local function file_of(config)
      local got = resolved(config, found, environment)
      return got.ca_file, got.ca_folder
    end
    assert.are.equal(files.a, (file_of { ca_file = files.a }))
    assert.are.same({ files.b, nil }, { file_of {} })
    environment.CODEOCEAN_CA_FILE = nil
    assert.are.same({ files.c, nil }, { file_of {} })
    found.ca_file = nil
    assert.are.same({ files.d, folder }, { file_of {} })
    environment.SSL_CERT_FILE = ""
    assert.are.same({ files.e, folder }, { file_of {} })
    environment.CURL_CA_BUNDLE = nil
    assert.are.same({ nil, folder }, { file_of {} })
    environment.SSL_CERT_DIR = nil
    assert.are.same({}, { file_of {} })
  end)

  it("reports what is trusted, and from which setting", function()
    assert.are.equal("the system's authorities", resolved({}, {}, {}).trust)
    assert.are.equal(files.a .. " (from ca_file)", resolved({ ca_file = files.a }, {}, {}).trust)
    assert.are.equal(files.a .. " (from ca_file in credentials.json)",
      resolved({}, { ca_file = files.a }, {}).trust)
    assert.are.equal(files.a .. " (from CURL_CA_BUNDLE)",
      resolved({}, {}, { CURL_CA_BUNDLE = files.a }).trust)
    assert.are.equal(folder .. " (from SSL_CERT_DIR)",
      resolved({}, {}, { SSL_CERT_DIR = folder }).trust)
    assert.are.equal(("%s (from SSL_CERT_FILE) and %s (from SSL_CERT_DIR)"):format(files.a, folder),
      resolved({}, {}, { SSL_CERT_FILE = files.a, SSL_CERT_DIR = folder }).trust)
  end)

  it("refuses files that do not exist, and a key without its certificate", function()
    local none = folder .. "/none"
    local rows = {
      { { ca_file = none }, {}, {}, "ca_file: .*/none: No such file" },
      { {}, {}, { CODEOCEAN_CA_FILE = none }, "CODEOCEAN_CA_FILE: .*/none: No such file" },
      { {}, { ca_file = folder }, {}, "ca_file in credentials.json: .*: it is a folder, " },
      { {}, {}, { SSL_CERT_FILE = none }, "SSL_CERT_FILE: " },
      { { client_cert = none }, {}, {}, "client_cert: " },
      { { client_key = files.key }, {}, {}, "client_key is set without client_cert" },
      { { ca_file = files.empty }, {}, {}, "ca_file: .*/empty.pem: it is empty" },
      { { ca_file = files.garbage }, {}, {}, "ca_file: .*/garbage.pem: no certificate in it" },
      { { ca_file = files.key }, {}, {}, "ca_file: .*/key.pem: no certificate in it" },
      { { client_cert = files.garbage }, {}, {}, "client_cert: .*: no certificate in it" },
      { { client_cert = files.a }, {}, {}, "client_cert: .*/a.pem: no private key in it" },
      { { client_cert = files.a, client_key = files.b }, {}, {},
        "client_key: .*/b.pem: no private key in it" },
      { { client_cert = files.a, client_key = files.locked }, {}, {},
        "client_key: .*/locked.pem: the key has a password; " },
      { { client_cert = files.a }, {}, { CODEOCEAN_CLIENT_KEY = files.old_locked },
        "CODEOCEAN_CLIENT_KEY: .*/old_locked.pem: the key has a password; " },
      { { client_cert = files.a }, { client_key = none }, {},
        "client_key in credentials.json: .*/none: No such file" },
    }
    assert.is_nil(select(2, resolved({ client_cert = files.a, client_key = files.key }, {}, {})))
    assert.is_nil(select(2, resolved({ client_cert = files.both }, {}, {})))
    for i, row in ipairs(rows) do
      local _, problem = resolved(row[1], row[2], row[3])
      assert.is_truthy(problem and problem:find(row[4]), i .. ": " .. tostring(problem))
    end
    assert.is_nil(select(2, resolved({}, { domain = "http://127.0.0.1:1" },
      { SSL_CERT_FILE = none })))
  end)
end)

describe("trust over TLS", function()
  local folder, server, ca, nginx
  setup(function()
    folder, server = process.folder(), assert(sandbox.start { seed = 2 })
    ca = tls.authority(folder)
    local identity = ca:issue "IP:127.0.0.1"
    nginx = tls.nginx(folder, {
      plain = { identity = identity, to = server.url },
      mutual = { identity = identity, to = server.url, settings = "ssl_verify_client on; "
        .. "ssl_client_certificate " .. ca.file .. ";" } })
  end)
  teardown(function()
    nginx:stop()
    server:stop()
    process.clean(folder)
  end)

  local PROGRAM = [[
    local client = assert(require "codeocean".client { retries = 0 })
    local page, err = client.data_assets:search { limit = 1 }
    print(page and #page.results or err.kind)]]

  local function search(name, env, words)
    local own = { CODEOCEAN_DOMAIN = "https://127.0.0.1:" .. nginx.port[name],
      CODEOCEAN_TOKEN = server.token }
    for variable, value in pairs(env) do own[variable] = value end
    local all = { table.unpack(words or {}) }
    table.move({ "-e", PROGRAM }, 1, 2, #all + 1, all)
    return process.run(process.colua, all, { env = own }).out
  end

  it("comes from the variables and --ca-file", function()
    assert.are.equal("tls\n", search("plain", {}))
    for _, name in ipairs { "CODEOCEAN_CA_FILE", "SSL_CERT_FILE", "CURL_CA_BUNDLE" } do
      assert.are.equal("1\n", search("plain", { [name] = ca.file }), name)
    end
    assert.are.equal("1\n", search("plain", {}, { "--ca-file", ca.file }))
    local hashed = folder .. "/hashed"
    process.shell(("mkdir %s && cp %s %s && openssl rehash %s"):format(hashed, ca.file, hashed,
      hashed))
    assert.are.equal("1\n", search("plain", { SSL_CERT_DIR = hashed }))
    assert.are.equal("tls\n", search("plain", { SSL_CERT_FILE = ca:issue("DNS:x").certificate }))
  end)

  it("comes from the fields beside the token in credentials.json", function()
    local home = folder .. "/home"
    process.shell("mkdir -p " .. home .. "/.codeocean")
    process.write(home .. "/.codeocean/credentials.json", require "codeocean".json.encode {
      domain = "https://127.0.0.1:" .. nginx.port.plain, token = server.token, ca_file = ca.file })
    assert.are.equal("1\n", process.run("env", { "-u", "CODEOCEAN_DOMAIN", "-u",
      "CODEOCEAN_TOKEN", "HOME=" .. home, process.colua, "-e", PROGRAM }).out)
  end)

  it("is mutual: the client's certificate is sent to a server that requests it", function()
    local own = ca:issue "DNS:me"
    local env = { CODEOCEAN_CA_FILE = ca.file }
    assert.are_not.equal("1\n", search("mutual", env))
    env.CODEOCEAN_CLIENT_CERT, env.CODEOCEAN_CLIENT_KEY = own.certificate, own.key
    assert.are.equal("1\n", search("mutual", env))
    local both = process.write(folder .. "/both.pem",
      process.read(own.certificate) .. process.read(own.key))
    env.CODEOCEAN_CLIENT_CERT, env.CODEOCEAN_CLIENT_KEY = both, nil
    assert.are.equal("1\n", search("mutual", env))
    env.CODEOCEAN_CLIENT_CERT, env.CODEOCEAN_CLIENT_KEY = own.certificate, ca:issue("DNS:x").key
    assert.are.equal("tls\n", search("mutual", env))
  end)

  -- The key comes after the part of the file that is searched for a password.
  it("never prompts for the password of a key", function()
    local own = ca:issue "DNS:me"
    process.shell(("openssl pkcs8 -topk8 -in %s -passout pass:secret -out %s/locked.key")
      :format(own.key, folder))
    process.write(folder .. "/late.key", "# " .. KEY .. ("#\n"):rep(1 << 19)
      .. process.read(folder .. "/locked.key"))
    local script = process.write(folder .. "/search.lua", PROGRAM)
    local result = process.run("setsid", { "-w", process.colua, script }, { env = {
      CODEOCEAN_DOMAIN = "https://127.0.0.1:" .. nginx.port.mutual,
      CODEOCEAN_TOKEN = server.token, CODEOCEAN_CA_FILE = ca.file,
      CODEOCEAN_CLIENT_CERT = own.certificate, CODEOCEAN_CLIENT_KEY = folder .. "/late.key" } })
    assert.are.same({ "tls\n", "" }, { result.out, result.err })
  end)
end)
