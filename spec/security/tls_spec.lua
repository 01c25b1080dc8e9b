-- A server that offers old TLS only is refused, whatever the environment says.

local process = require "process"
local tls = require "tls"
local sandbox = require "codeocean.sandbox"

describe("TLS", function()
  local folder, server, ca, nginx
  setup(function()
    folder, server = process.folder(), assert(sandbox.start { seed = 2 })
    ca = tls.authority(folder)
    local identity = ca:issue("IP:127.0.0.1")
    local function only(protocol)
      return { identity = identity, to = server.url, settings = "ssl_protocols " .. protocol
        .. "; ssl_ciphers ALL:@SECLEVEL=0;" }
    end
    nginx = tls.nginx(folder, { old = only "TLSv1.1", good = only "TLSv1.2" })
  end)
  teardown(function()
    nginx:stop()
    server:stop()
    process.clean(folder)
  end)

  local function search(name, env, ca_file)
    env.CODEOCEAN_DOMAIN = env.CODEOCEAN_DOMAIN or "https://127.0.0.1:" .. nginx.port[name]
    env.CODEOCEAN_TOKEN = server.token
    ca_file = ca_file and ("%q"):format(ca_file) or "nil"
    return process.run(process.colua, { "-e", ([[
      local client = assert(require "codeocean".client { ca_file = %s, retries = 0 })
      local page, err = client.data_assets:search { limit = 1 }
      print(page and #page.results or err.kind)]]):format(ca_file) },
      { env = env }).out
  end

  it("1.1 is refused, 1.2 is not", function()
    -- OpenSSL's own minimum out of the way, so that it is ours that refuses
    local lax = process.write(folder .. "/openssl.cnf", "openssl_conf = a\n[a]\nssl_conf = b\n"
      .. "[b]\nsystem_default = c\n[c]\nMinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n")
    local shaken = process.shell(("OPENSSL_CONF=%s openssl s_client -tls1_1 -connect "
      .. "127.0.0.1:%d"):format(lax, nginx.port.old))
    assert.is_truthy(shaken.out:find("Protocol *: TLSv1.1"), shaken.out .. shaken.err)
    assert.are.equal("tls\n", search("old", { OPENSSL_CONF = lax }, ca.file))
    assert.are.equal("1\n", search("good", { OPENSSL_CONF = lax }, ca.file))
    assert.are.equal(1, #server:requests())
    for name, kind in pairs { old = "tls", good = "network" } do -- nginx refuses a CONNECT
      local proxy = "https://127.0.0.1:" .. nginx.port[name]
      assert.are.equal(kind .. "\n", search(name, { OPENSSL_CONF = lax, https_proxy = proxy,
        CODEOCEAN_DOMAIN = "https://acme.example" }, ca.file))
    end
  end)

  it("keys are written where SSLKEYLOGFILE says, by libcurl", function()
    local path = folder .. "/keys"
    assert.are.equal("1\n", search("good", { SSLKEYLOGFILE = path }, ca.file))
    assert.is_truthy(("\n" .. process.read(path)):find "\nCLIENT_")
  end)

  it("an authority nobody named is not trusted", function()
    local seen = #server:requests()
    assert.are.equal("tls\n", search("good", {}))
    for _, name in ipairs { "CURL_SSL_NO_VERIFY", "GIT_SSL_NO_VERIFY" } do
      assert.are.equal("tls\n", search("good", { [name] = ca.file }), name)
    end
    assert.are.equal(seen, #server:requests())
  end)
end)
