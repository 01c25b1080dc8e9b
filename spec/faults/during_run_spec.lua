-- Events during a bulk run: the server restarts, the clock is set, a descriptor of its output is
-- closed.

local codeocean = require "codeocean"
local core = require "codeocean.core"
local deployment = require "deployment"
local journal = require "codeocean.bulk.journal"
local process = require "process"
local sandbox = require "codeocean.sandbox"

local ASSETS = 60
local FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"

describe("while colua tag runs,", function()
  local here, db

  before_each(function()
    db = process.folder()
    here = deployment.start { seed = ASSETS, db = db .. "/db", latency = 0.02, ready_after = 0 }
  end)

  after_each(function()
    here:stop()
    process.clean(db)
  end)

  local function begin()
    return here:begin { "tag", "--all", "--archived", "any", "--add", "new", "--yes",
      "--journal", "run.jsonl" }
  end

  local function await_writes(n)
    local deadline = core.now() + 20
    repeat
      local seen = 0
      for _, request in ipairs(here.server:requests()) do
        if request.operation == "update" then seen = seen + 1 end
      end
      here.server:wait(0.005)
      assert(core.now() < deadline, "the run does not get to its writes")
    until seen >= n
  end

  -- All tagged, each once, and the journal tells so.
  local function check(result)
    assert.are.equal(0, result.status, result.err .. result.out)
    local n = 0
    for asset in here.client.data_assets:each { archived = "any" } do
      local times = 0
      for _, tag in ipairs(asset.tags) do times = times + (tag == "new" and 1 or 0) end
      assert.are.equal(1, times)
      n = n + 1
    end
    assert.are.equal(ASSETS, n)
    local state = assert(journal.read(here.folder .. "/run.jsonl"))
    assert.are.equal(ASSETS, state.counts.ok)
  end

  it("the server restarts", function()
    local finish = begin()
    await_writes(10)
    local port, token = here.server.port, here.server.token
    here.server:stop()
    here.server = assert(sandbox.start { port = port, token = token, db = db .. "/db" })
    check(finish "0")
    assert.is_true(#here.server:requests() > 10)
  end)

  -- The sanitizers want to be loaded before anything else.
  local can_fake = process.stock_loads() and core.list_folder(FAKETIME:match "(.*)/")
  for _, jump in ipairs(can_fake and { "+3650d", "-3650d" } or {}) do
    it("the clock is set by " .. jump .. " and the server names a date", function()
      local own = here:environment { LD_PRELOAD = FAKETIME, FAKETIME_NO_CACHE = "1",
        FAKETIME_DONT_FAKE_MONOTONIC = "1", DONT_FAKE_MONOTONIC = "1",
        FAKETIME_TIMESTAMP_FILE = process.write(db .. "/clock", "+0\n") }
      function here.environment() return own end
      local began = core.now()
      local finish = begin()
      await_writes(10)
      process.write(db .. "/clock", jump .. "\n")
      here.server:fault { kind = "status", status = 429, operation = "update",
        retry_after = os.date("!%a, %d %b %Y %H:%M:%S GMT", os.time() + 2) }
      check(finish "0")
      assert.is_true(core.now() - began < 20)
    end)
  end

  -- The next file or socket would get the number of what is closed.
  for closed, status in pairs { [">&-"] = 1, ["2>&-"] = 0, [">&- 2>&-"] = 1,
    ["<&- >&- 2>&-"] = 1, ["> /dev/full"] = 1 } do
    it("it has no " .. closed, function()
      local line = {}
      for name, value in pairs(here:environment()) do
        line[#line + 1] = name .. "=" .. process.quote(value)
      end
      local result = process.shell(("env %s %s tag --all --archived any --add new "
        .. "--yes --journal run.jsonl %s"):format(table.concat(line, " "),
        process.quote(process.colua), closed), { cwd = here.folder })
      assert.are.equal(status, result.status, result.err)
      check { status = 0, out = "", err = "" }
      for text in io.lines(here.folder .. "/run.jsonl") do
        assert.is_table((codeocean.json.decode(text)), text)
      end
    end)
  end
end)
