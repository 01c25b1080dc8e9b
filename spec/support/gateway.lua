-- Real gateways on loopback in front of a sandbox, closed when the test ends:
--
--   local nginx = gateway.nginx(with, { to = peer.url, http = "limit_req_zone …;",
--     location = "limit_req zone=api;" })
--   nginx.url; nginx:log()     -- the rows {at, status, method, path} of what it answered

local process = require "process"
local socket = require "cqueues.socket"

local M = {}

local Gateway = {}
Gateway.__index = Gateway

-- A port that nobody listens on.
function M.free_port()
  local held = assert(socket.listen("127.0.0.1", 0))
  local port = select(3, assert(held:listen()):localname())
  held:close()
  return port
end

function M.has(program)
  return process.shell("PATH=$PATH:/usr/sbin command -v " .. program).status == 0
end

-- Some write their pid before they listen.
local function await(port)
  for _ = 1, 500 do
    local link = socket.connect("127.0.0.1", port)
    link:onerror(function(_, _, why) return why end)
    local connected = link:connect(1)
    link:close()
    if connected then return end
    os.execute "sleep 0.01"
  end
end

-- A program that goes into the background once it listens and writes the file `pid`.
local function start(with, command, write_config)
  local folder = with:folder()
  for _ = 1, 3 do
    local port = M.free_port()
    write_config(folder, port)
    local result = process.shell("PATH=$PATH:/usr/sbin " .. command
      .. " && for i in $(seq 500); do [ -s pid ] && exit; sleep 0.01; done; exit 1",
      { cwd = folder })
    if result.status == 0 then
      await(port)
      local pid = tonumber(process.read(folder .. "/pid"))
      with:at_end(function() process.shell("kill " .. pid
        .. "; while kill -0 " .. pid .. " 2>/dev/null; do sleep 0.01; done") end)
      return setmetatable({ folder = folder, port = port, pid = pid,
        url = "http://127.0.0.1:" .. port }, Gateway)
    end
    M.failure = result.out .. result.err
  end
  error(command .. ": " .. M.failure)
end

-- nginx ------------------------------------------------------------------------------------------

local NGINX = [[
daemon on;
master_process off;
pid pid;
error_log error.log;
events { worker_connections 1024; }
http {
  log_format row '$msec $status $connection $request_method $request_uri';
  access_log access.log row;
  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4;
  scgi_temp_path t5;
  %s
  server {
    listen 127.0.0.1:%d%s;
    server_name 127.0.0.1;
    %s
    location / {
      %s
    }
  }
}
]]

-- options: to (a URL that it passes requests on to); http, server, location (directives);
-- listen (parameters of listen, such as " ssl http2").
function M.nginx(with, options)
  local pass = options.to and "proxy_pass " .. options.to
    .. "; proxy_http_version 1.1; proxy_set_header Connection '';" or ""
  return start(with, "nginx -p . -c nginx.conf", function(folder, port)
    process.write(folder .. "/nginx.conf", NGINX:format(options.http or "", port,
      options.listen or "", options.server or "", (options.location or "") .. "\n" .. pass))
  end)
end

-- haproxy ----------------------------------------------------------------------------------------

local HAPROXY = [[
global
  pidfile pid
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend front
  bind 127.0.0.1:%d%s
  %s
  default_backend back
backend back
  %s
]]

-- options: to (a URL; nil: no server behind it), frontend (lines), bind (parameters).
function M.haproxy(with, options)
  local server = options.to and "server it " .. options.to:match "//(.*)$" or ""
  return start(with, "haproxy -D -f haproxy.cfg >log 2>&1", function(folder, port)
    process.write(folder .. "/haproxy.cfg", HAPROXY:format(port, options.bind or "",
      options.frontend or "", server))
  end)
end

-- squid ------------------------------------------------------------------------------------------

local SQUID = [[
http_port 127.0.0.1:%d
pid_filename %s/pid
cache_log %s/cache.log
access_log none
cache deny all
coredump_dir %s
shutdown_lifetime 0 seconds
hosts_file %s/hosts
acl all_ports port 1-65535
%s
]]

-- options: rules (lines of http_access and others); hosts (lines of a hosts file).
function M.squid(with, options)
  return start(with, "squid -f squid.conf", function(folder, port)
    process.write(folder .. "/hosts", options.hosts or "")
    process.shell("chmod 777 " .. folder)
    process.write(folder .. "/squid.conf", SQUID:format(port, folder, folder, folder, folder,
      options.rules))
  end)
end

-- What nginx answered so far, in order.
function Gateway:log()
  local rows = {}
  for line in io.lines(self.folder .. "/access.log") do
    local at, status, connection, method, path =
      line:match("^(%S+) (%d+) (%d+) (%S+) (%S+)$")
    rows[#rows + 1] = { at = tonumber(at), status = tonumber(status), connection = connection,
      method = method, path = path }
  end
  return rows
end

return M
