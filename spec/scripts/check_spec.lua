-- colua check shows the configuration and tries it.

local deployment = require "deployment"
local fixture = require "fixture"
local process = require "process"
local tls = require "tls"

describe("colua check", function()
  local here
  setup(function() here = deployment.start() end)
  teardown(function() here:stop() end)

  local function credentials(text)
    os.execute("mkdir -p " .. here.folder .. "/.codeocean")
    process.write(here.folder .. "/.codeocean/credentials.json", text)
  end

  it("shows the deployment and its source, sends one search and never shows the token", function()
    local result = here:run { "check" }
    assert.are.same({ 0, "" }, { result.status, result.err })
    assert.are.equal(("deployment  127.0.0.1:%d (from CODEOCEAN_DOMAIN)\n"):format(here.server.port)
      .. "token       set (from CODEOCEAN_TOKEN)\n", result.out:match("^.-\n.-\n"))
    assert.is_truthy(result.out:find("\nsearch      works: %d+ ms, the current dialect"))
    assert.is_nil(result.out:find(here.server.token, 1, true))
    assert.are.equal(1, #here:sent())
  end)

  it("reads the file that the Python client writes", function()
    credentials(('{"domain": "%s", "token": "%s"}'):format(here.server.url, here.server.token))
    local result = here:run({ "check" }, { env = { CODEOCEAN_DOMAIN = "", CODEOCEAN_TOKEN = "" } })
    assert.are.equal(0, result.status)
    assert.is_truthy(result.out:find("(from ~/.codeocean/credentials.json)\ntoken", 1, true))
  end)

  it("names all places that it read when nothing is configured", function()
    os.remove(here.folder .. "/.codeocean/credentials.json")
    local result = here:run({ "check" }, { env = { CODEOCEAN_DOMAIN = "", CODEOCEAN_TOKEN = "" } })
    assert.are.same({ 4, "" }, { result.status, result.out })
    for _, place in ipairs { "CODEOCEAN_DOMAIN", "CODEOCEAN_TOKEN", "credentials.json" } do
      assert.is_truthy(result.err:find(place, 1, true))
    end
  end)

  it("ends with 4 for a wrong token and 7 for no server, and shows the configuration", function()
    local wrong = here:run({ "check" }, { env = { CODEOCEAN_TOKEN = "cop_wrong" } })
    assert.are.equal(4, wrong.status)
    assert.is_truthy(wrong.err:find("^colua check: search: auth 401: "))
    assert.is_nil((wrong.out .. wrong.err):find("cop_wrong", 1, true))
    local gone = here:run({ "check" }, { env = { CODEOCEAN_DOMAIN = "http://127.0.0.1:1" } })
    assert.are.equal(7, gone.status)
    assert.is_truthy(gone.out:find("^deployment  127.0.0.1:1 "))
    assert.is_truthy(gone.err:find("^colua check: search: network: "))
  end)

  it("quotes a login page instead of calling it a success", function()
    here.server:fault { kind = "html" }
    local result = here:run { "check" }
    assert.are.equal(3, result.status)
    assert.is_truthy(result.err:find("decode", 1, true))
  end)

  it("reports in one line that its output cannot be written", function()
    local program = [[os.exit(select(3, os.execute '"$COLUA" check > /dev/full'))]]
    local result = here:run({ "-e", program }, { env = { COLUA = process.colua } })
    assert.are.same({ 1, "colua check: output: No space left on device\n" },
      { result.status, result.err })
  end)

  it("works on the sandbox of colua --sandbox", function()
    local result = here:run({ "check" }, { before = { "--sandbox" } })
    assert.is_truthy(result.out:find("(from --sandbox)", 1, true))
  end)
end)

-- Each row: the obstacle (a function that returns the environment of the command), the exit
-- status, and the text of the cause.
describe("colua check names the cause:", function()
  local function answers(status, body, headers)
    return function(with)
      local list = {}
      for i = 1, 8 do list[i] = fixture.answer(status, body, headers) end
      return { CODEOCEAN_DOMAIN = with:server(list).url, CODEOCEAN_TOKEN = "cop_x" }
    end
  end

  local function proxy(status)
    return function(with)
      local env = answers(status, "", { "Connection: close" })(with)
      return { CODEOCEAN_DOMAIN = "acme.example", CODEOCEAN_TOKEN = "cop_x",
        https_proxy = env.CODEOCEAN_DOMAIN }
    end
  end

  local rows = {
    { "nobody listens", function(with)
      return { CODEOCEAN_DOMAIN = with:nobody().url, CODEOCEAN_TOKEN = "cop_x" }
    end, 7, "nobody listens there" },
    { "no such name", function()
      return { CODEOCEAN_DOMAIN = ("x"):rep(64) .. ".example", CODEOCEAN_TOKEN = "cop_x" }
    end, 7, "is the deployment spelt right" },
    { "no such proxy", function()
      return { CODEOCEAN_DOMAIN = "acme.example", CODEOCEAN_TOKEN = "cop_x",
        https_proxy = "http://" .. ("x"):rep(64) .. ".example:3128" }
    end, 7, "look at https_proxy" },
    { "no proxy listens", function(with)
      return { CODEOCEAN_DOMAIN = "acme.example", CODEOCEAN_TOKEN = "cop_x",
        https_proxy = with:nobody().url }
    end, 7, "no proxy listens there" },
    { "no TLS", function(with)
      return { CODEOCEAN_DOMAIN = with:sandbox().url:gsub("http", "https"),
        CODEOCEAN_TOKEN = "cop_x" }
    end, 7, "no TLS is spoken there" },
    { "a proxy that refuses", proxy "403 Forbidden", 7, "does not let this host through" },
    { "a proxy that wants a password", proxy "407 Proxy Authentication Required", 7,
      "the proxy wants a password" },
    { "a proxy that fails", proxy "502 Bad Gateway", 7, "does not reach that host" },
    { "another API", answers("200 OK", '{"hello":"world"}'), 3, "not Code Ocean's API" },
    { "another server", answers("200 OK", "<html><title>Login</title></html>"), 3,
      "not Code Ocean's API" },
    { "a redirect", answers("302 Found", "", { "Location: https://login.example/" }), 7,
      "belongs to something else" },
    { "a wrong token", answers("401 Unauthorized", '{"message":"no"}'), 4, "not known there" },
    { "a token without the scope", answers("403 Forbidden", '{"message":"no"}'), 4,
      "has no data assets" },
    { "a gateway that wants a login", answers("401 Unauthorized",
      "<html><title>401 Authorization Required</title></html>"), 4, "a login of its own" },
    { "a gateway that refuses", answers("403 Forbidden",
      "<html><title>403 Forbidden</title></html>"), 4, "a gateway before the deployment refuses" },
    { "too many requests", answers("429 Too Many Requests", '{"message":"slow"}',
      { "Retry-After: 600" }), 7, "too many requests" },
    { "another release", answers("400 Bad Request",
      '{"message":"server version 3.1.0 is lower than required minimum 4.6.0"}'), 3,
      "of another release", "server      version 3.1.0\n" },
  }
  for _, row in ipairs(rows) do
    it(row[1], function()
      local with = fixture.new(finally)
      local result = process.run(process.colua, { "check" }, { env = row[2](with) })
      assert.is_truthy(result.out:find("\ncause       [^\n]*" .. row[4]), result.out .. result.err)
      assert.are.equal(row[3], result.status, result.err)
      assert.is_truthy(not row[5] or result.out:find(row[5], 1, true), result.out)
    end)
  end

  it("a certificate that is not trusted: of which authority it is", function()
    local with = fixture.new(finally)
    local peer, folder = with:sandbox { seed = 2 }, with:folder()
    local ca = tls.authority(folder)
    local nginx = tls.nginx(folder, { it = { identity = ca:issue "IP:127.0.0.1", to = peer.url } })
    with:at_end(function() nginx:stop() end)
    local env = { CODEOCEAN_DOMAIN = "https://127.0.0.1:" .. nginx.port.it,
      CODEOCEAN_TOKEN = peer.token }
    local refused = process.run(process.colua, { "check" }, { env = env })
    assert.is_truthy(refused.out:find("\ntrust       the system's authorities\n", 1, true))
    assert.is_truthy(refused.out:find("\nshown       a certificate of CN = [^\n]+\n"), refused.out)
    assert.is_truthy(refused.out:find("--ca-file FILE trusts it", 1, true))
    assert.are.same({}, nginx:log "it")
    env.CODEOCEAN_CA_FILE = ca.file
    local trusted = process.run(process.colua, { "check" }, { env = env })
    assert.are.same({ 0, "" }, { trusted.status, trusted.err })
    assert.is_truthy(trusted.out:find("\ntrust       " .. ca.file .. " (from CODEOCEAN_CA_FILE)\n",
      1, true), trusted.out)
    assert.is_nil(trusted.out:find "\nshown ")
  end)

  it("a clock that differs", function()
    local with = fixture.new(finally)
    local env = answers("200 OK", '{"results":[],"has_more":false}',
      { "Date: " .. os.date("!%a, %d %b %Y %H:%M:%S GMT", os.time() + 3600) })(with)
    local result = process.run(process.colua, { "check" }, { env = env })
    assert.is_truthy(result.out:find "\nclock       the server's is 3%d%d%d s ahead of")
  end)
end)

describe("colua check", function()
  for dialect, name in pairs { ["2022"] = "the 2022 dialect", current = "the current dialect" } do
    it("names " .. name, function()
      local with = fixture.new(finally)
      local peer = with:sandbox { seed = 2, dialect = dialect }
      local result = process.run(process.colua, { "check" }, { env = {
        CODEOCEAN_DOMAIN = peer.url, CODEOCEAN_TOKEN = peer.token } })
      assert.is_truthy(result.out:find(name, 1, true), result.out .. result.err)
    end)
  end

  it("writes nothing, and reports that the rights of the token are not known", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 2 }
    local result = process.run(process.colua, { "check" }, { env = {
      CODEOCEAN_DOMAIN = peer.url, CODEOCEAN_TOKEN = peer.token } })
    assert.is_truthy(result.out:find("\nwriting     not tried: only a write shows", 1, true))
    assert.are.equal(1, #peer:requests())
    assert.are.equal("search", peer:requests()[1].operation)
  end)
end)
