-- A bulk run that gets SIGINT or SIGTERM while it writes: its journal is complete, and the command
-- that it prints resumes it.

local deployment = require "deployment"
local journal = require "codeocean.bulk.journal"
local process = require "process"
local runs = require "codeocean.bulk.runs"

local ASSETS, JOBS, LATE, PATIENCE = 30, 4, 0.3, 60

-- A fault that makes each answer late keeps requests in flight until the signal has come.
describe("a run of colua tag that gets", function()
  local here

  before_each(function()
    here = deployment.start { seed = ASSETS, ready_after = 0 }
    here.server:fault { kind = "delay", operation = "update", seconds = LATE, count = -1 }
    here.server:fault { kind = "delay", operation = "get", seconds = LATE, count = -1 }
  end)
  after_each(function() here:stop() end)

  local function seen(pattern)
    local n = 0
    for _, line in ipairs(here:sent()) do if line:find(pattern) then n = n + 1 end end
    return n
  end

  -- Waits until the server has seen such a request.
  local function await(pattern)
    local until_then = os.time() + PATIENCE
    while seen(pattern) == 0 do
      assert(os.time() < until_then, "the server saw no such request: " .. pattern)
      here.server:wait(0.005)
    end
  end

  local function begin(...)
    return here:begin { "tag", "--all", "--archived", "any", "--add", "new", "--yes", "--jobs",
      JOBS, ... }
  end

  -- The one journal there is, as its path and what it says.
  local function only_journal()
    local list = process.shell("ls -d " .. process.quote(here.folder) .. "/state/colua/runs/*")
    local path = list.out:match("^([^\n]+)\n$")
    return path, assert(journal.read(path))
  end

  -- How many inputs have an outcome, how many are ok, how many have an intent.
  local function outcomes(ledger)
    local n, ok, intents = 0, 0, 0
    for index = 1, ledger.count do
      local record = ledger:record(index)
      if ledger.outcomes[index] then n = n + 1 end
      if record.status == "ok" then ok = ok + 1 end
      if record.intent then intents = intents + 1 end
    end
    return n, ok, intents
  end

  -- Runs a line that colua printed, word for word, and checks that nothing was left undone.
  local function go_on(command, before)
    here.server:clear()
    here:mark()
    local build = process.colua:match("^(.*)/")
    local result = process.run("sh", { "-c", command }, { cwd = here.folder,
      env = here:environment { PATH = build .. ":" .. os.getenv "PATH" } })
    assert.are.equal(0, result.status, result.err)
    assert.is_truthy(result.err:find(("%d selected: %d ok ("):format(ASSETS, ASSETS), 1, true),
      result.err)
    assert.are.equal(ASSETS, before + #here:written())
    for asset in here.client.data_assets:each { archived = "any" } do
      local _, times = table.concat(asset.tags, "\n"):gsub("%f[^\n\0]new%f[\n\0]", "")
      assert.are.equal(1, times, asset.id)
    end
    local _, state = only_journal()
    assert.are.same({ "done", ASSETS }, { state.ended, state.counts.ok })
  end

  for _, signal in ipairs { "INT", "TERM" } do
    it("SIG" .. signal .. " stops sending, ends what is in flight, and can be resumed", function()
      local finish = begin()
      await "^PUT "
      local sent = #here:written()
      local result = finish(signal)
      local written = #here:written()

      assert.are.equal(130, result.status, result.err)
      assert.is_true(written >= sent and written <= sent + JOBS, ("%d, then %d"):format(sent,
        written))
      -- Writes get their answer; a read that is under way is cancelled, and then has no status.
      for _, request in ipairs(here.server:requests()) do
        local is_cancelled = request.method == "GET" and not request.status
        assert.is_true(is_cancelled or request.status == 200, request.path)
      end
      local path, state = only_journal()
      assert.are.same({ "interrupted", written, ASSETS - written },
        { state.ended, state.counts.ok, state.counts.pending })
      local n, ok, intents = outcomes(state)
      assert.are.same({ written, written }, { n, ok })
      assert.is_true(intents >= written and intents <= written + JOBS, intents)
      assert.are.equal(written, select(2, result.out:gsub("%f[^\n]ok\t", "")))

      local summary, last, command = result.err:match("^([^\n]*)\n([^\n]*)\n([^\n]*) goes on\n$")
      assert.is_truthy(summary and summary:find(("%d selected: %d ok, %d pending ("):format(ASSETS,
        written, ASSETS - written), 1, true), result.err)
      assert.are.equal("interrupted: what is pending was not done", last)
      assert.are.equal("colua resume " .. runs.short(path), command)
      go_on(command, written)
    end)

    it("SIG" .. signal .. " before the first write ends it at once, and can be resumed", function()
      local finish = begin()
      await "^GET /data_assets/%x"
      local result = finish(signal)
      assert.are.equal(130, result.status, result.err)
      assert.are.same({}, here:written())
      local path, state = only_journal()
      local said = "^30 selected: 30 pending %(.-%)\ninterrupted: what is pending was not done\n"
        .. "colua resume " .. runs.short(path) .. " goes on\n$"
      assert.is_truthy(result.err:find(said), result.err)
      assert.are.same({ "interrupted", true, ASSETS },
        { state.ended, state.selected, state.ids.count })
      assert.are.same({ 0, 0, 0 }, { outcomes(state) })
      go_on("colua resume " .. path, 0)
    end)
  end
end)
