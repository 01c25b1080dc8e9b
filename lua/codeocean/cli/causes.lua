--- Names the most likely cause of an error, in a line. Called by `colua check`.

local ascii = require "codeocean.ascii"

local M = {}

local NEEDS_CERTIFICATE = "the server wants a certificate of the client that it trusts; "
  .. "CODEOCEAN_CLIENT_CERT and CODEOCEAN_CLIENT_KEY name one"

local BROKEN_TLS = "the connection broke off before TLS was agreed on: no TLS is spoken there, "
  .. "or a firewall cuts it"

local SOCKS_PASSWORD = "the proxy wants a password, or another: socks5h://USER:PASSWORD@HOST:PORT"

-- {fields of the error, pattern of its message, cause}; the first row that fits is used.
local ROWS = {
  { { kind = "network" }, "resolve proxy", "no proxy has that name; look at https_proxy" },
  { { kind = "network" }, "Unsupported proxy", "https_proxy is not the address of a proxy" },
  { { kind = "network" }, "proxy answers 407",
    "the proxy wants a password: https_proxy=http://USER:PASSWORD@HOST:PORT" },
  { { kind = "network" }, "proxy answers 5",
    "the proxy does not reach that host; is the deployment spelt right?" },
  { { kind = "network" }, "proxy answers", "the proxy does not let this host through" },
  { { kind = "network" }, "SOCKS5 connection.*%(2%)", "the proxy does not let this host through" },
  { { kind = "network" }, "SOCKS[45] connection",
    "the proxy does not reach that host; is the deployment spelt right?" },
  { { kind = "network" }, "rejected by the SOCKS", SOCKS_PASSWORD },
  { { kind = "network" }, "No authentication method", SOCKS_PASSWORD },
  { { kind = "network" }, "resolve host", "no host has that name; is the deployment spelt right?" },
  { { kind = "network", at_proxy = true }, "",
    "no proxy listens there; look at https_proxy" },
  { { kind = "network" }, "SSL_connect", BROKEN_TLS },
  { { kind = "network" }, "TLS connect", BROKEN_TLS },
  { { kind = "network" }, "[Cc]onnect",
    "nobody listens there; the server is down, or a firewall stands between" },
  { { kind = "network" }, "", "the connection broke off" },
  { { kind = "timeout" }, "Resolving", "the name server does not answer" },
  { { kind = "timeout" }, "",
    "no answer in time; a firewall stands between, or the server is busy" },
  { { kind = "tls" }, "wrong version number",
    "no TLS is spoken there: another port, or plain http" },
  { { kind = "tls" }, "protocol version", "the server speaks only TLS before 1.2" },
  { { kind = "tls" }, "unsupported protocol", "the server speaks only TLS before 1.2" },
  { { kind = "tls" }, "alert.*certificate", NEEDS_CERTIFICATE },
  { { kind = "tls" }, "alert unknown ca", NEEDS_CERTIFICATE },
  { { kind = "tls" }, "private key file",
    "the key does not belong to the client's certificate, or cannot be read" },
  { { kind = "tls" }, "client certificate", "the client's certificate cannot be read" },
  { { kind = "tls" }, "certificate file", "the file of trusted certificates cannot be read" },
  { { kind = "tls" }, "not yet valid", "the certificate is not valid yet; is this machine's clock "
    .. "right?" },
  { { kind = "tls" }, "expired", "the certificate has expired, or this machine's clock is wrong" },
  { { kind = "tls" }, "host", "the certificate is for another name" },
  { { kind = "tls" }, "issuer", "the certificate's authority is not trusted, such as that of an "
    .. "inspecting proxy; --ca-file FILE trusts it" },
  { { kind = "tls" }, "self.signed",
    "the certificate vouches for itself; --ca-file FILE trusts it" },
  { { kind = "tls" }, "", "the server's TLS is not accepted" },
  { { status = 401, gateway = true }, "",
    "a gateway before the deployment wants a login of its own" },
  { { status = 403, gateway = true }, "",
    "a gateway before the deployment refuses: its rules, or a client's certificate it misses" },
  { { status = 401 }, "", "the token is not known there: expired, or of another deployment" },
  { { status = 403 }, "", "the token may not search: its scope has no data assets" },
  { { kind = "throttled" }, "", "too many requests; others use this token or address too" },
  { { kind = "invalid" }, "server version", "this deployment is of another release" },
  { { status = 400, gateway = true }, "SSL certificate", NEEDS_CERTIFICATE },
  { { status = 400, gateway = true }, "HTTPS", "TLS is spoken there: https in place of http" },
  { { gateway = true, kind = "server" }, "",
    "a gateway answers; the deployment behind it is down" },
  { { kind = "redirect" }, "", "that address belongs to something else; look where it points" },
  { { kind = "decode" }, "", "that is not Code Ocean's API: a login page, or another server" },
  { { gateway = true }, "", "that is not Code Ocean's API: a gateway's page" },
  { { kind = "missing" }, "",
    "that server has no data assets: not Code Ocean, or another release" },
  { { kind = "server" }, "", "the deployment itself fails" },
}

local function host_only(host)
  return ascii.lower((host:gsub(":%d+$", ""):gsub("[%[%]]", "")))
end

-- Whether the connection that failed was to another host, thus to a proxy. Before 8.10
-- libcurl names the proxy in the host's place; later it adds "via" and the proxy, from 8.20 on
-- "over proxy" and the proxy.
local function is_at_proxy(err, host)
  local message = err.message or ""
  if message:find "^Failed to connect to %S+ over proxy " then return true end
  local name, port_and_more = message:match "^Failed to connect to (%S+) port(.*)$"
  if not name or not host then return false end
  return port_and_more:find("^ %d+ via ") ~= nil or ascii.lower(name) ~= host_only(host)
end

local function fits(row, err, at_proxy)
  for name, value in pairs(row[1]) do
    local own = err[name]
    if name == "at_proxy" then own = at_proxy end
    if own ~= value then return false end
  end
  return (err.message or ""):find(row[2]) ~= nil
end

--- of(err [, host]) -> the cause of an error of a client of that host, or nil if none is known.
function M.of(err, host)
  local at_proxy = is_at_proxy(err, host)
  for _, row in ipairs(ROWS) do
    if fits(row, err, at_proxy) then return row[3] end
  end
end

return M
