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
  return start(with, "nginx -e error.log -p . -c nginx.conf", function(folder, port)
    process.write(folder .. "/nginx.conf", NGINX:format(options.http or "", port,
      options.listen or "", options.server or "", (options.location or "") .. "\n" .. pass))
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
