-- colua pull, a rehearsal on the copy, colua diff.

local codeocean = require "codeocean"
local process = require "process"
local sandbox = require "codeocean.sandbox"

describe("a rehearsal", function()
  local folder, server, copy

  before_each(function()
    folder = process.folder()
    copy = folder .. "/copy.db"
    server = assert(sandbox.start { seed = 120 })
  end)

  after_each(function()
    server:stop()
    process.clean(folder)
  end)

  local function colua(...)
    return process.run(process.colua, { ... }, { env = { XDG_STATE_HOME = folder,
      CODEOCEAN_DOMAIN = server.url, CODEOCEAN_TOKEN = server.token } })
  end

  local function all_of(peer)
    local client <close> = assert(codeocean.client { domain = peer.url, token = peer.token,
      dialect = "current" })
    local found = {}
    for _, archived in ipairs { false, true } do
      for asset in client.data_assets:each { archived = archived } do
        asset.archived = archived
        found[asset.id] = codeocean.json.encode(asset)
      end
    end
    return found
  end

  it("works on a copy with the same ids and fields, archived ones too", function()
    local pulled = colua("pull", copy)
    assert.equal(0, pulled.status)
    assert.matches("120 assets", pulled.err)
    local rehearsed <close> = assert(sandbox.start { db = copy, seed = 50 })
    assert.same(all_of(server), all_of(rehearsed))
  end)

  it("shows exactly what it changed, and touches nothing else", function()
    local before = all_of(server)
    assert.equal(0, colua("pull", copy, "--query", "name:ecephys").status)
    assert.equal(0, colua("diff", copy, "--detailed-exitcode").status)
    local tagged = colua("--sandbox=" .. copy, "tag", "--query", "name:ecephys", "--limit", "2",
      "--add", "rehearsed", "--yes")
    assert.equal(0, tagged.status)
    local diff = colua("diff", copy, "--jsonl", "--detailed-exitcode")
    assert.equal(10, diff.status)
    local rows = {}
    for line in diff.out:gmatch "[^\n]+" do rows[#rows + 1] = codeocean.json.decode(line) end
    assert.equal(2, #rows)
    for _, row in ipairs(rows) do
      assert.equal("+rehearsed", row.change)
      assert.equal("changed", row.status)
    end
    assert.same(before, all_of(server))
  end)

  it("never writes over a file, leaves none behind a failure, compares only what was pulled",
    function()
      process.write(copy, "precious")
      assert.equal(6, colua("pull", copy).status)
      assert.equal("precious", process.read(copy))
      server:fault { operation = "search", kind = "status", status = 403, count = -1 }
      local other = folder .. "/other.db"
      assert.equal(4, colua("pull", other).status)
      assert.is_nil(io.open(other))
      assert.is_nil(io.open(other .. ".part"))
      assert.equal(6, colua("diff", other).status)
      assert.is_nil(io.open(other))
    end)
end)
