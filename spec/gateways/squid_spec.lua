-- squid between colua and a deployment: it allows, refuses, or asks for a password.

local fixture = require "fixture"
local gateway = require "gateway"
local process = require "process"
local tls = require "tls"

local HERE = gateway.has "squid"

local PROGRAM = [[
local client = assert(require "codeocean".client {})
local page, err = client.data_assets:search { limit = 1 }
print(page and #page.results .. " of it" or err.kind, err and err.attempts, err and err.message)
]]

-- The environment of a client behind squid, for a deployment with a certificate for `names`.
local function behind(with, rules, names)
  local peer = with:sandbox { seed = 2 }
  local folder = with:folder()
  local ca = tls.authority(folder)
  local nginx = tls.nginx(folder, { it = { identity = ca:issue(names or "DNS:acme.example"),
    to = peer.url } })
  with:at_end(function() nginx:stop() end)
  local squid = gateway.squid(with, { rules = rules, hosts = "127.0.0.1 acme.example\n" })
  return { CODEOCEAN_DOMAIN = "acme.example:" .. nginx.port.it, CODEOCEAN_TOKEN = peer.token,
    CODEOCEAN_CA_FILE = ca.file, https_proxy = squid.url }
end

local function search(with, rules)
  return process.run(process.colua, { "-e", PROGRAM }, { env = behind(with, rules) }).out
end

local PASSWORD = [[
auth_param basic program /usr/bin/false
acl known proxy_auth REQUIRED
http_access allow known]]

describe("squid", function()
  local rows = {
    { "lets through", "http_access allow all", "^1 of it\tnil\tnil\n$" },
    { "denies", "http_access deny all", "^network\t1\tthe proxy answers 403 and makes no" },
    { "asks for a password", PASSWORD, "^network\t1\tthe proxy answers 407 and makes no" },
  }
  for _, row in ipairs(rows) do
    it(row[1], function()
      if not HERE then return pending "squid is not here" end
      assert.matches(row[3], search(fixture.new(finally), row[2]))
    end)
  end

  -- squid hands "USER PASSWORD" to the program, which answers OK or ERR.
  it("takes the user and password of https_proxy", function()
    if not HERE then return pending "squid is not here" end
    local with = fixture.new(finally)
    local program = process.write(with:folder() .. "/passwords",
      "#!/bin/sh\nwhile read line; do\n"
      .. "if [ \"$line\" = 'alice pass@word' ]; then echo OK; else echo ERR; fi\ndone\n")
    process.shell("chmod 755 " .. program .. " \"$(dirname " .. program .. ")\"")
    local env = behind(with, (PASSWORD:gsub("/usr/bin/false", program)))
    local function outcome(user)
      local own = { https_proxy = "http://" .. user .. "@" .. env.https_proxy:match "//(.*)" }
      for name, value in pairs(env) do own[name] = own[name] or value end
      return process.run(process.colua, { "-e", PROGRAM }, { env = own }).out
    end
    assert.are.equal("1 of it\tnil\tnil\n", outcome "alice:pass%40word")
    local refused = outcome "alice:wrong-password"
    assert.matches("^network\t1\tthe proxy answers 407 and makes no", refused)
    assert.is_nil(refused:find("wrong-password", 1, true))
  end)

  local checks = {
    { "a certificate of an authority that is not trusted", "DNS:acme.example", function(env, with)
      env.CODEOCEAN_CA_FILE = tls.authority(with:folder()).file
    end, "authority is not trusted" },
    { "a certificate for another name", "DNS:other.example", function() end, "for another name" },
    { "a host that the proxy does not reach", nil, function(env)
      env.CODEOCEAN_DOMAIN = "acme.example:1"
    end, "does not reach that host" },
  }
  for _, row in ipairs(checks) do
    it("lets colua check name " .. row[1], function()
      if not HERE then return pending "squid is not here" end
      local with = fixture.new(finally)
      local env = behind(with, "http_access allow all", row[2])
      row[3](env, with)
      local result = process.run(process.colua, { "check" }, { env = env })
      assert.are.equal(7, result.status)
      assert.matches("\ncause       [^\n]*" .. row[4], result.out)
      if row[2] then assert.matches("\nshown       a certificate of CN = ca", result.out) end
    end)
  end
end)
