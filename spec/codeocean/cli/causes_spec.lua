-- Real failures give errors that each row of the causes is found by.

local causes = require "codeocean.cli.causes"
local fixture = require "fixture"

describe("the cause of", function()
  local rows = {
    { { kind = "network", message = "Could not resolve proxy: x.invalid" }, "https_proxy" },
    { { kind = "network", message = "the proxy answers 407 and makes no connection" }, "password" },
    { { kind = "network", message = "the proxy answers 403 and makes no connection" },
      "does not let" },
    { { kind = "network", message = "the proxy answers 503 and makes no connection" },
      "does not reach" },
    { { kind = "network", message = "Can't complete SOCKS5 connection to acme.example. (2)" },
      "does not let" },
    { { kind = "network", message = "Can't complete SOCKS5 connection to acme.example. (4)" },
      "does not reach" },
    { { kind = "network", message = "No authentication method was acceptable." }, "password" },
    { { kind = "network", message = "User was rejected by the SOCKS5 server (1 1)." }, "password" },
    { { kind = "network", message = "Unsupported proxy scheme for 'ftp://x'" },
      "not the address of a proxy" },
    { { kind = "network", message = "Could not resolve host: x.invalid" }, "spelt right" },
    { { kind = "network", message = "Failed to connect to 127.0.0.1 port 1" }, "nobody listens" },
    { { kind = "network", message = "TLS connect error: error:0A000126:SSL routines::"
      .. "unexpected eof while reading" }, "no TLS is spoken" },
    { { kind = "network", message = "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to x:1" },
      "a firewall cuts it" },
    { { kind = "network", message = "Empty reply from server" }, "broke off" },
    { { kind = "timeout", message = "Resolving timed out after 1001 milliseconds" },
      "name server" },
    { { kind = "timeout", message = "Connection timed out" }, "in time" },
    { { kind = "tls", message = "certificate is not yet valid" }, "clock right" },
    { { kind = "tls", message = "certificate has expired" }, "has expired" },
    { { kind = "tls", message = "unable to get local issuer certificate" }, "--ca-file" },
    { { kind = "tls", message = "self-signed certificate" }, "vouches for itself" },
    { { kind = "tls", message = "error:0A00010B:SSL routines::wrong version number" },
      "no TLS is spoken" },
    { { kind = "tls", message = "tlsv1 alert protocol version" }, "before 1.2" },
    { { kind = "tls", message = "SSL routines::unsupported protocol" }, "before 1.2" },
    { { kind = "tls", message = "tlsv13 alert certificate required" }, "of the client" },
    { { kind = "tls", message = "tlsv1 alert unknown ca" }, "of the client" },
    { { kind = "tls", message = "unable to set private key file: 'x' type PEM" },
      "does not belong" },
    { { kind = "tls", message = "could not load PEM client certificate from x" },
      "cannot be read" },
    { { kind = "tls", message = "error setting certificate file: x" }, "cannot be read" },
    { { kind = "invalid", status = 400, gateway = true,
      message = "400 No required SSL certificate was sent" }, "of the client" },
    { { kind = "invalid", status = 400, gateway = true,
      message = "400 The plain HTTP request was sent to HTTPS port" }, "https in place" },
    { { kind = "auth", status = 401, message = "401 Authorization Required", gateway = true },
      "login of its own" },
    { { kind = "auth", status = 403, message = "403 Forbidden", gateway = true },
      "a gateway before the deployment refuses" },
    { { kind = "auth", status = 401, message = "no" }, "not known there" },
    { { kind = "auth", status = 403, message = "no" }, "scope" },
    { { kind = "throttled", status = 429, message = "" }, "too many" },
    { { kind = "server", status = 503, gateway = true, message = "503" }, "behind it is down" },
    { { kind = "server", status = 500, message = "oops" }, "itself fails" },
    { { kind = "redirect", status = 302, message = "" }, "where it points" },
    { { kind = "decode", message = "" }, "login page" },
    { { kind = "missing", status = 404, gateway = true, message = "" }, "gateway's page" },
    { { kind = "missing", status = 404, message = "" }, "has no data assets" },
  }
  for _, row in ipairs(rows) do
    it(row[1].kind .. ": " .. row[1].message, function()
      local cause = causes.of(row[1])
      assert.is_truthy(cause and cause:find(row[2], 1, true), tostring(cause))
    end)
  end

  it("a connection that fails to another host than the deployment: the proxy", function()
    local function cause(message, host)
      return causes.of({ kind = "network", message = message }, host)
    end
    local here = "Failed to connect to acme.example port 443 after 1 ms: refused"
    assert.matches("nobody listens", cause(here, "Acme.example:443"))
    assert.matches("nobody listens",
      cause("Failed to connect to fd99::1 port 1 after", "[fd99::1]:1"))
    assert.matches("no proxy listens", cause(here, "other.example"))
    assert.matches("no proxy listens", cause(
      "Failed to connect to acme.example port 443 via p after 1 ms: refused", "acme.example"))
    assert.matches("no proxy listens", cause(
      "Failed to connect to acme.example:443 over proxy p after 1 ms: refused", "acme.example"))
  end)

  it("an error without a server is not given", function()
    assert.is_nil(causes.of { kind = "cancelled", message = "cancelled" })
    assert.is_nil(causes.of { kind = "dry_run", message = "x" })
  end)

  it("real errors: nobody listens, a wrong token, a login page", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local function cause(server, options)
      local _, err = with:client(server, options).data_assets:search { limit = 1 }
      return causes.of(err)
    end
    assert.matches("nobody listens", cause(with:nobody(), { retries = 0 }))
    assert.matches("not known there", cause(peer, { token = "cop_wrong" }))
    peer:fault { kind = "html" }
    assert.matches("login page", cause(peer))
  end)

  it("a wrong clock: the counters have the difference", function()
    local with = fixture.new(finally)
    local server = with:server { fixture.answer("200 OK", '{"results":[],"has_more":false}',
      { "Date: " .. os.date("!%a, %d %b %Y %H:%M:%S GMT", os.time() + 3600) }) }
    local client = with:client(server, { token = "cop_x", dialect = "current" })
    assert(client.data_assets:search { limit = 1 })
    assert.is_true(math.abs(client:stats().clock_skew - 3600) < 5)
    assert.are.equal(0, client:stats().pace)
  end)
end)
