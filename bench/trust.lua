-- What the system's trust costs: 200 updates over TLS, 32 in flight, by a client that trusts what
-- the system trusts, and by one that trusts one small file. Our authority joins the system's folder
-- in a mount namespace of our own (unshare), so that the default is measured as it is.
--
--   build/colua bench/trust.lua

package.path = "spec/support/?.lua;" .. package.path

local codeocean = require "codeocean"
local core = require "codeocean.core"
local process = require "process"
local sandbox = require "codeocean.sandbox"
local tls = require "tls"

local SYSTEM, UPDATES, ROUNDS = "/etc/ssl/certs", 200, 9

-- Seconds from a new client to the last answer, and its connections.
local function measure(domain, token, ca_file)
  local began = core.now()
  local client <close> = assert(codeocean.client { domain = domain, token = token,
    ca_file = ca_file, jobs = 32, dialect = "2022" })
  local list = assert(client.data_assets:search { limit = UPDATES }).results
  local _, errs = client:map(list, function(asset)
    return assert(client.data_assets:update(asset.id, { name = asset.name, tags = { "trust" },
      description = "", mount = "trust" }))
  end)
  for _, err in pairs(errs) do error(err, 0) end
  return core.now() - began, client:stats().connections
end

-- The part of this program that sees the changed folder. Medians, the ways by turns.
local function inside(name, domain, token, small, bundle)
  local ways = { { "one file", small }, { "the system's folder" }, { "its bundle", bundle } }
  local connections
  for _ = 1, ROUNDS do
    for _, way in ipairs(ways) do
      way.times = way.times or {}
      way.times[#way.times + 1], connections = measure(domain, token, way[2])
    end
  end
  print(("%s, %d connections"):format(name, connections))
  for _, way in ipairs(ways) do
    table.sort(way.times)
    way.median = way.times[ROUNDS // 2 + 1]
    print(("  %-20s %6.1f ms  ratio %.2f"):format(way[1], way.median * 1000,
      way.median / ways[1].median))
  end
end

local function trusting_folder(folder, ca)
  local hash = process.shell("openssl x509 -hash -noout -in " .. ca.file).out:match "%x+"
  process.shell(("cp -a %s %s/certs && cp %s %s/certs/%s.0"):format(SYSTEM, folder, ca.file, folder,
    hash))
  process.shell(("cat %s/ca-certificates.crt %s > %s/bundle.pem"):format(SYSTEM, ca.file, folder))
  return folder .. "/certs"
end

if arg[1] then return inside(table.unpack(arg)) end

local folder = process.folder()
local server <close> = assert(sandbox.start { seed = 300 })
local ca = tls.authority(folder)
local identity = ca:issue "IP:127.0.0.1"
local nginx = tls.nginx(folder, { ["HTTP/1.1"] = { identity = identity, to = server.url },
  ["HTTP/2"] = { identity = identity, to = server.url, http2 = true } })
local certs = trusting_folder(folder, ca)

for _, name in ipairs { "HTTP/1.1", "HTTP/2" } do
  local domain = "https://127.0.0.1:" .. nginx.port[name]
  local result = process.shell(([[unshare -rm sh -c 'mount --bind %s %s && exec "$@"' - ]]):format(
    certs, SYSTEM) .. table.concat({ process.colua, arg[0], name, domain, server.token, ca.file,
    folder .. "/bundle.pem" }, " "))
  io.write(result.out, result.err)
end

nginx:stop()
process.clean(folder)
