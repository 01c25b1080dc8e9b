-- squid between colua and a deployment: let through, refused, or asked for a password.

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

local function search(with, rules)
  local peer = with:sandbox { seed = 2 }
  local folder = with:folder()
  local ca = tls.authority(folder)
  local nginx = tls.nginx(folder, { it = { identity = ca:issue "DNS:acme.example",
    to = peer.url } })
  with:at_end(function() nginx:stop() end)
  local squid = gateway.squid(with, { rules = rules, hosts = "127.0.0.1 acme.example\n" })
  return process.run(process.colua, { "-e", PROGRAM }, { env = {
    CODEOCEAN_DOMAIN = "acme.example:" .. nginx.port.it, CODEOCEAN_TOKEN = peer.token,
    CODEOCEAN_CA_FILE = ca.file, https_proxy = squid.url } }).out
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
end)
