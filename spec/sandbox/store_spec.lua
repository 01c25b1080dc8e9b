-- The database: in memory, or a file that outlives the sandbox.

local peer = require "peer"
local sandboxes = require "codeocean.sandbox"

describe("the sandbox's database", function()
  local file

  before_each(function()
    file = os.tmpname()
    os.remove(file)
  end)

  after_each(function() os.execute("rm -f " .. file .. "*") end)

  it("keeps everything in a file", function()
    local it_has = peer.start { db = file, seed = 20, ready_after = 0 }
    local _, made = it_has:create { name = "kept", tags = { "t" } }
    it_has:call("PATCH", "/" .. peer.VENDORS .. "/archive?archive=true")
    local _, before = it_has:call("GET", "?limit=1000")
    it_has.sandbox:stop()
    it_has = peer.start { db = file }
    local _, after = it_has:call("GET", "?limit=1000")
    assert.same(before, after)
    assert.same({ "kept" }, it_has:names "query=tag:t%20name:kept")
    assert.same({ "commoncrawl" }, it_has:names "archived=true&query=commoncrawl")
    assert.equal(200, (it_has:call("DELETE", "/" .. made.id)))
    it_has.sandbox:stop()
  end)

  it("is seeded only while it is empty", function()
    local function total(seed)
      local it_has = peer.start { db = file, seed = seed }
      local _, answer = it_has:call("GET", "")
      it_has.sandbox:stop()
      return answer.total
    end
    assert.equal(0, total(nil))
    local first = total(50)
    assert.is_true(first > 0)
    assert.equal(first, total(500))
  end)

  it("is whole after the process died", function()
    local script = ([[
      local it_has = require("peer").start { db = %q, ready_after = 0 }
      for i = 1, 5 do it_has:create { name = "n" .. i } end
      os.execute("kill -9 " .. io.open("/proc/self/stat"):read("n"))]]):format(file)
    local lua = arg[-1] and arg[-1]:find "colua" and arg[-1] or "lua5.4"
    local pipe = assert(io.popen(lua .. " - >/dev/null 2>&1", "w"))
    pipe:write(script)
    pipe:close()
    local it_has = peer.start { db = file }
    assert.same({ "n1", "n2", "n3", "n4", "n5" }, it_has:names "query=name:n&sort_field=name")
    it_has.sandbox:stop()
  end)

  it("belongs to one sandbox at a time", function()
    local it_has = peer.start { db = file }
    local other, problem = sandboxes.start { db = file }
    assert.is_nil(other)
    assert.truthy(problem:find("locked", 1, true), problem)
    assert.truthy(problem:find(file, 1, true))
    it_has.sandbox:stop()
    sandboxes.start({ db = file }):stop()
  end)

  it("is not another program's file", function()
    local out = assert(io.open(file, "wb"))
    out:write(("no database at all\n"):rep(100))
    out:close()
    local sandbox, problem = sandboxes.start { db = file }
    assert.is_nil(sandbox)
    assert.truthy(problem:find("not a database", 1, true), problem)
    os.remove(file)
    local made = os.execute(([[python3 -c "import sqlite3
db = sqlite3.connect('%s')
db.execute('create table theirs (x)')
db.commit()"]]):format(file))
    assert.is_true(made)
    sandbox, problem = sandboxes.start { db = file, seed = 5 }
    assert.is_nil(sandbox)
    assert.truthy(problem:find("not a database of this sandbox", 1, true), problem)
  end)

  it("says where it cannot be", function()
    local sandbox, problem = sandboxes.start { db = "/nonexistent/folder/file" }
    assert.is_nil(sandbox)
    assert.truthy(problem:find("/nonexistent/folder/file", 1, true))
  end)

  it("is each sandbox's own in memory", function()
    local one, two = peer.start {}, peer.start {}
    one:create {}
    assert.equal(1, #one:names "")
    assert.equal(0, #two:names "")
    one.sandbox:stop()
    two.sandbox:stop()
  end)
end)
