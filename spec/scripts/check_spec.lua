-- colua check: what is configured, and whether it works.

local deployment = require "deployment"
local process = require "process"

describe("colua check", function()
  local here
  setup(function() here = deployment.start() end)
  teardown(function() here:stop() end)

  local function credentials(text)
    os.execute("mkdir -p " .. here.folder .. "/.codeocean")
    process.write(here.folder .. "/.codeocean/credentials.json", text)
  end

  it("tells deployment and origin, sends one search and never shows the token", function()
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

  it("names all that it looked at when nothing is configured", function()
    os.remove(here.folder .. "/.codeocean/credentials.json")
    local result = here:run({ "check" }, { env = { CODEOCEAN_DOMAIN = "", CODEOCEAN_TOKEN = "" } })
    assert.are.same({ 4, "" }, { result.status, result.out })
    for _, place in ipairs { "CODEOCEAN_DOMAIN", "CODEOCEAN_TOKEN", "credentials.json" } do
      assert.is_truthy(result.err:find(place, 1, true))
    end
  end)

  it("says 4 for a wrong token and 7 for no server, with what was configured", function()
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

  it("says in one line that its output cannot be written", function()
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
