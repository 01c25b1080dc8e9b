--- Names the most likely cause of an error, in a line. Called by `colua check`.

local M = {}

-- {fields of the error, pattern of its message, cause}; the first row that fits is used.
local ROWS = {
  { { kind = "network" }, "resolve proxy", "no proxy has that name; look at https_proxy" },
  { { kind = "network" }, "proxy answers 407",
    "the proxy wants a password: https_proxy=http://USER:PASSWORD@HOST:PORT" },
  { { kind = "network" }, "proxy answers", "the proxy does not let this host through" },
  { { kind = "network" }, "resolve host", "no host has that name; is the deployment spelt right?" },
  { { kind = "network" }, "[Cc]onnect",
    "nobody listens there; the server is down, or a firewall stands between" },
  { { kind = "network" }, "", "the connection broke off" },
  { { kind = "timeout" }, "Resolving", "the name server does not answer" },
  { { kind = "timeout" }, "",
    "no answer in time; a firewall stands between, or the server is busy" },
  { { kind = "tls" }, "not yet valid", "the certificate is not valid yet; is this machine's clock "
    .. "right?" },
  { { kind = "tls" }, "expired", "the certificate has expired, or this machine's clock is wrong" },
  { { kind = "tls" }, "host", "the certificate is for another name" },
  { { kind = "tls" }, "issuer", "the certificate's authority is not trusted, such as that of an "
    .. "inspecting proxy; --ca-file FILE trusts it" },
  { { kind = "tls" }, "self.signed",
    "the certificate vouches for itself; --ca-file FILE trusts it" },
  { { kind = "tls" }, "", "the server's TLS is not accepted" },
  { { status = 401 }, "", "the token is not known there: expired, or of another deployment" },
  { { status = 403 }, "", "the token may not search: its scope has no data assets" },
  { { kind = "throttled" }, "", "too many requests; others use this token or address too" },
  { { kind = "invalid" }, "server version", "this deployment is of another release" },
  { { gateway = true, kind = "server" }, "",
    "a gateway answers; the deployment behind it is down" },
  { { kind = "redirect" }, "", "that address belongs to something else; look where it points" },
  { { kind = "decode" }, "", "that is not Code Ocean's API: a login page, or another server" },
  { { gateway = true }, "", "that is not Code Ocean's API: a gateway's page" },
  { { kind = "missing" }, "",
    "that server has no data assets: not Code Ocean, or another release" },
  { { kind = "server" }, "", "the deployment itself fails" },
}

local function fits(row, err)
  for name, value in pairs(row[1]) do
    if err[name] ~= value then return false end
  end
  return (err.message or ""):find(row[2]) ~= nil
end

--- of(err) -> the cause, or nil if none is known.
function M.of(err)
  for _, row in ipairs(ROWS) do
    if fits(row, err) then return row[3] end
  end
end

return M
