-- The database: in memory, or in a file that outlives the sandbox.

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

  local function bytes(path)
    local input = assert(io.open(path, "rb"))
    local text = input:read "a"
    input:close()
    return text
  end

  -- The names, modes and times of what lies beside the file, and the file's bytes.
  local function state()
    local pipe = assert(io.popen("stat -c '%n %a %y' " .. file .. "*"))
    local text = pipe:read "a"
    pipe:close()
    return text .. bytes(file)
  end

  local function refused(message)
    local before = state()
    for _, open in ipairs {
      function() return sandboxes.start { db = file, seed = 5 } end,
      function() return sandboxes.import(file, function() end) end,
      function() return sandboxes.imported(file) end } do
      local result, problem = open()
      assert.is_nil(result)
      assert.truthy(problem:find(message, 1, true), problem)
      assert.equal(before, state())
    end
  end

  local function python(code)
    assert.is_true(os.execute(("python3 -c \"import sqlite3\ndb = sqlite3.connect('%s')\n%s\"")
      :format(file, code)))
  end

  it("refuses a file of another program, and leaves it byte for byte", function()
    local out = assert(io.open(file, "wb"))
    out:write(("no database at all\n"):rep(100))
    out:close()
    refused "is not a database of this sandbox"
    out = assert(io.open(file, "wb"))
    out:write "short"
    out:close()
    refused "is not a database of this sandbox"
    for _, journal in ipairs { "delete", "wal" } do
      os.remove(file)
      python("db.execute('pragma journal_mode = " .. journal .. "')\n"
        .. "db.execute('create table theirs (x)')\ndb.commit()")
      refused "is not a database of this sandbox"
    end
  end)

  it("refuses a file of another release, and leaves it as it is", function()
    for version, message in pairs { [2] = "an older release", [4] = "a newer release" } do
      sandboxes.start({ db = file }):stop()
      python("db.execute('pragma user_version = " .. version .. "')\ndb.commit()")
      refused(message)
      os.remove(file)
    end
  end)

  it("answers with 500 a search that meets a row which cannot be read", function()
    sandboxes.start({ db = file, seed = 3 }):stop()
    python("db.execute('update asset set extra = char(123) where row = 2')\ndb.commit()")
    local it_has = peer.start { db = file }
    for _, query in ipairs { { "GET", "?limit=1000" }, { "POST", "/search", {} } } do
      local status, answer = it_has:call(query[1], query[2], query[3])
      assert.same({ 500, { message = "the sandbox's database: malformed JSON" } },
        { status, answer })
    end
    it_has.sandbox:stop()
  end)

  it("refuses a file whose stale rows cannot be removed, instead of trying for ever", function()
    sandboxes.start({ db = file, seed = 3 }):stop()
    python("db.execute('create trigger again after delete on stale begin"
      .. " insert into stale values (old.row); end')\n"
      .. "db.execute('insert into stale values (1)')\ndb.commit()")
    local sandbox, problem = sandboxes.start { db = file }
    assert.is_nil(sandbox)
    assert.truthy(problem:find("the file is damaged", 1, true), problem)
  end)

  it("creates nothing through a dangling link, and files of mode 0600", function()
    os.execute(("ln -s %s.target %s"):format(file, file))
    local sandbox, problem = sandboxes.start { db = file }
    assert.is_nil(sandbox)
    assert.truthy(problem:find("symbolic link to nothing", 1, true), problem)
    assert.is_nil(io.open(file .. ".target"))
    os.remove(file)
    sandboxes.start({ db = file }):stop()
    assert.equal("600", state():match " (%d+) ")
  end)

  it("is whole in its one file after SIGTERM and SIGKILL", function()
    local process = require "process"
    for _, signal in ipairs { "TERM", "KILL" } do
      local pipe = assert(io.popen(("echo $$; exec %s sandbox --seed 5 --db %s"):format(
        process.quote(process.colua), file)))
      local id = pipe:read "l"
      pipe:read "l"
      local url, token = pipe:read("l"):match "=(.*)", pipe:read("l"):match "=(.*)"
      local status = require("http").request { method = "PUT",
        body = '{"name":"written","description":"d"}',
        url = url .. "/api/v1/data_assets/" .. peer.VENDORS, headers = {
          Authorization = peer.credentials(token), ["Content-Type"] = "application/json" } }
      assert.equal(200, status)
      os.execute("kill -" .. signal .. " " .. id)
      pipe:close()
      -- The file alone.
      os.execute(("mv %s %s.alone; rm -f %s %s-* %s.server"):format(file, file, file, file, file))
      local it_has = peer.start { db = file .. ".alone" }
      assert.equal("written", select(2, it_has:call("GET", "/" .. peer.VENDORS)).name)
      it_has.sandbox:stop()
      os.remove(file .. ".alone")
    end
  end)

  it("names a path that cannot be opened", function()
    local sandbox, problem = sandboxes.start { db = "/nonexistent/folder/file" }
    assert.is_nil(sandbox)
    assert.truthy(problem:find("/nonexistent/folder/file: No such file", 1, true))
  end)

  it("in memory belongs to one sandbox", function()
    local one, two = peer.start {}, peer.start {}
    one:create {}
    assert.equal(1, #one:names "")
    assert.equal(0, #two:names "")
    one.sandbox:stop()
    two.sandbox:stop()
  end)
end)
