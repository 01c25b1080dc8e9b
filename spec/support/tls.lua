-- TLS for specs: an authority of our own, and nginx in front of a sandbox.
--
--   local ca = tls.authority(folder)                            -- ca.file
--   local good = ca:issue("DNS:localhost,IP:127.0.0.1")         -- good.certificate, good.key
--   local nginx = tls.nginx(folder, { h2 = { identity = good, to = sandbox.url, http2 = true } })
--   nginx.port.h2                                               -- where it listens
--   nginx:stop()                                                -- ends it
--   nginx:log "h2"                                              -- what it answered until then

local process = require "process"
local socket = require "cqueues.socket"

local M = {}

local function run(folder, ...)
  local words = {}
  for i, word in ipairs { ... } do words[i] = process.quote(word) end
  local result = process.shell(table.concat(words, " "), { cwd = folder })
  assert(result.status == 0, result.err)
  return result.out
end

local NEW_KEY = { "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes" }

local function request(folder, name, ...)
  local words = { "openssl", "req", "-subj", "/CN=" .. name, "-keyout", name .. ".key" }
  table.move(NEW_KEY, 1, #NEW_KEY, #words + 1, words)
  table.move({ ... }, 1, select("#", ...), #words + 1, words)
  run(folder, table.unpack(words))
end

local function identity(folder, name)
  return { certificate = folder .. "/" .. name .. ".pem", key = folder .. "/" .. name .. ".key" }
end

-- Certificates -----------------------------------------------------------------------------------

local CONFIG = [[
[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
unique_subject = no
rand_serial = yes
policy = any
[any]
commonName = supplied
]]

local Authority = {}
Authority.__index = Authority

-- An authority whose files are in a folder of their own inside this one, and whose name no other
-- has: of two with one name an older OpenSSL says that their keys differ.
function M.authority(folder)
  local self = setmetatable({ issued = 0 }, Authority)
  self.folder = run(folder, "mktemp", "-d", folder .. "/ca.XXXXXX"):match("[^\n]+")
  self.file = self.folder .. "/ca.pem"
  process.write(self.folder .. "/config", CONFIG)
  process.write(self.folder .. "/index", "")
  request(self.folder, "ca", "-x509", "-days", "30", "-out", "ca.pem",
    "-subj", "/CN=" .. self.folder:match "[^/]*$")
  return self
end

-- A certificate for these names, valid until then (a time as openssl writes it; next year).
function Authority:issue(names, valid_until)
  self.issued = self.issued + 1
  local name = "issued" .. self.issued
  valid_until = valid_until or os.date("!%Y%m%d%H%M%SZ", os.time() + 365 * 86400)
  process.write(self.folder .. "/names", "subjectAltName = " .. names)
  request(self.folder, name, "-new", "-out", name .. ".csr")
  run(self.folder, "openssl", "ca", "-batch", "-notext", "-config", "config",
    "-startdate", "20200101000000Z", "-enddate", valid_until, "-extfile", "names",
    "-in", name .. ".csr", "-out", name .. ".pem")
  return identity(self.folder, name)
end

-- One that vouches for itself.
function M.self_signed(folder, names)
  request(folder, "selfish", "-x509", "-days", "30", "-addext", "subjectAltName=" .. names,
    "-out", "selfish.pem")
  return identity(folder, "selfish")
end

-- nginx ------------------------------------------------------------------------------------------

local FRAME = [[
daemon on;
master_process off;
pid pid;
error_log error.log;
events { worker_connections 1024; }
http {
  log_format row '$server_port $connection $server_protocol $status $request_method $request_uri';
  access_log access.log row;
  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4;
  scgi_temp_path t5;
%s}
]]

local SERVER = [[
  server {
    listen 127.0.0.1:%d ssl%s;
    ssl_certificate %s;
    ssl_certificate_key %s;
    %s
    location / { %s }
  }
]]

-- Ports that nobody listens on, all different.
local function free_ports(count)
  local sockets, ports = {}, {}
  for i = 1, count do
    sockets[i] = assert(socket.listen("127.0.0.1", 0))
    ports[i] = select(3, assert(sockets[i]:listen()):localname())
  end
  for _, held in ipairs(sockets) do held:close() end
  return ports
end

local function block(server, port)
  local answer = server.answer
    or "proxy_pass " .. server.to .. "; proxy_http_version 1.1; proxy_set_header Connection '';"
  return SERVER:format(port, server.http2 and " http2" or "", server.identity.certificate,
    server.identity.key, server.settings or "", answer)
end

local Nginx = {}
Nginx.__index = Nginx

-- nginx in front of `to`: servers by name, each with identity, to or `answer` (a directive),
-- http2, settings (directives). Once the command returns, its ports take connections.
function M.nginx(folder, servers)
  local self = setmetatable({ port = {} }, Nginx)
  self.folder = run(folder, "mktemp", "-d", folder .. "/nginx.XXXXXX"):match("[^\n]+")
  local names, blocks = {}, {}
  for name in pairs(servers) do names[#names + 1] = name end
  table.sort(names)
  for _ = 1, 3 do
    for i, port in ipairs(free_ports(#names)) do
      self.port[names[i]], blocks[i] = port, block(servers[names[i]], port)
    end
    process.write(self.folder .. "/nginx.conf", FRAME:format(table.concat(blocks)))
    local result = process.shell("PATH=$PATH:/usr/sbin nginx -p . -c nginx.conf && "
      .. "until [ -s pid ]; do :; done", { cwd = self.folder })
    if result.status == 0 then return self end
  end
  error(process.read(self.folder .. "/error.log"))
end

-- Ends it and waits for that; nginx takes its pid file away last.
function Nginx:stop()
  process.shell("kill $(cat pid) && while [ -e pid ]; do :; done", { cwd = self.folder })
end

-- The requests that one server answered: {connection, protocol, status, method, path}.
function Nginx:log(name)
  local rows = {}
  for line in io.lines(self.folder .. "/access.log") do
    local port, connection, protocol, status, method, path =
      line:match("^(%d+) (%d+) (%S+) (%d+) (%S+) (%S+)$")
    if tonumber(port) == self.port[name] then
      rows[#rows + 1] = { connection = connection, protocol = protocol, status = tonumber(status),
        method = method, path = path }
    end
  end
  return rows
end

return M
