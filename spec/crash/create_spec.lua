-- `colua create --from` is killed at random moments and run again until it is done. Each row is
-- created exactly once; equal rows as often as they occur. RUNS=n SEED=n.

local codeocean = require "codeocean"
local deployment = require "deployment"
local fixture = require "fixture"
local process = require "process"

local ROWS, TWINS = 60, 3
local ROUNDS, FIRST = tonumber(os.getenv "RUNS" or 4), tonumber(os.getenv "SEED" or 1)

local function request(name)
  return codeocean.json.encode { name = name, mount = name, tags = { "t" },
    source = { aws = { bucket = "open-neuro", prefix = name } } }
end

local function content()
  local lines = {}
  for i = 1, ROWS do lines[i] = request(("row %02d"):format(i)) end
  for _ = 1, TWINS do lines[#lines + 1] = request "twin" end
  return table.concat(lines, "\n")
end

-- Seconds until the kill. Each resume searches ten seconds for a request that was under way and
-- never arrived, until it is seventy seconds old: it gets the time for that after some runs that
-- sent nothing more.
local SEARCHES = 4
local function time_of(kills, searches)
  local patience = (searches >= SEARCHES or kills >= 40) and 12 or 0
  return (0.05 + math.random() * 0.2) * (1 + kills / 8) + patience
end

-- Runs colua for at most `seconds`, then SIGKILL; its output and status.
local function run_for(here, seconds, words)
  local all = { "-s", "KILL", tostring(seconds), process.colua, table.unpack(words) }
  return process.run("timeout", all, { env = here:environment(), cwd = here.folder })
end

local function created(here)
  local count = {}
  for asset in here.client.data_assets:each {} do
    count[asset.name] = (count[asset.name] or 0) + 1
  end
  return count
end

local function sent(here) return #fixture.seen(here.server, "create") end

-- Whether a run had ended before its process was killed: then another one would begin.
local function is_over(here)
  return process.shell(("grep -ls '\"state\":\"done\"' %s/state/colua/runs/*-create-*"):format(
    process.quote(here.folder))).status == 0
end

describe("creates killed at random moments", function()
  for seed = FIRST, FIRST + ROUNDS - 1 do
    it("make each row exactly once, seed " .. seed, function()
      local here = deployment.start { ready_after = 0, latency = 0.01 }
      finally(function() here:stop() end)
      math.randomseed(seed)
      process.write(here.folder .. "/rows.jsonl", content())
      local words = { "create", "--yes", "--from", "rows.jsonl", "--jobs", "4", "--fields", "name" }
      local result
      local searches, before = 0, 0 -- runs in a row that sent no create; creates that were sent
      for kills = 0, 60 do
        result = run_for(here, time_of(kills, searches), words)
        searches = before > 0 and sent(here) == before and searches + 1 or 0
        before = sent(here)
        -- every second time by the journal alone
        words = result.status ~= 0 and kills % 2 == 0 and { "resume", "last", "--fields", "name" }
          or { "create", "--yes", "--from", "rows.jsonl", "--jobs", "4", "--fields", "name" }
        if result.status == 0 or is_over(here) then break end
      end
      assert.is_true(is_over(here), result.err)
      local count = created(here)
      assert.are.equal(TWINS, count.twin)
      for i = 1, ROWS do assert.are.equal(1, count[("row %02d"):format(i)], i) end
    end)
  end
end)
