-- Bulk runs are killed and resumed until they are done. Every second run is on a machine that
-- loses power: data that was not synced is cut at a random place, and the last block is torn.
-- RUNS=n SEED=n.

local codeocean = require "codeocean"
local journal = require "codeocean.bulk.journal"
local process = require "process"
local sandbox = require "codeocean.sandbox"

local ASSETS = 400
local ROUNDS, FIRST = tonumber(os.getenv "RUNS" or 8), tonumber(os.getenv "SEED" or 1)
local BLOCK = 512

-- Runs the child for at most `seconds`, then SIGKILL; its output and status.
local function run_for(seconds, words)
  local command = { "timeout", "-s", "KILL", tostring(seconds), process.colua }
  for _, word in ipairs(words) do command[#command + 1] = word end
  for i, word in ipairs(command) do command[i] = process.quote(word) end
  return process.shell(table.concat(command, " "))
end

local function writes(server)
  local list = {}
  for _, request in ipairs(server:requests()) do
    if request.method == "PUT" then list[#list + 1] = request end
  end
  return list
end

local function id_of(request) return request.path:match("[^/]+$") end

describe("a bulk run killed at random moments", function()
  local folder, server, path
  local survived = 0

  teardown(function()
    if os.getenv "RUNS" then print(("\n%d runs, %d crashes survived"):format(ROUNDS, survived)) end
  end)

  -- The journal as it may be found then: cut behind what was synced, garbage in the place of what
  -- stood in the last block behind it.
  local function lose_power()
    local file = io.open(path .. ".synced")
    if not file then return end
    local synced, text = file:read("n"), process.read(path)
    file:close()
    assert.is_true(#text >= synced)
    local kept = text:sub(1, math.random(synced, #text))
    local torn = math.max(synced, #kept - #kept % BLOCK)
    if math.random(2) == 1 then kept = kept:sub(1, torn) .. ("\0"):rep(#kept - torn) end
    process.write(path, kept)
  end

  local function resume_until_done(seed)
    math.randomseed(seed)
    for kills = 0, 60 do
      -- longer and longer, or a slow machine would never get beyond planning
      local seconds = (0.02 + math.random() * 0.25) * (1 + kills / 4)
      local result = run_for(seconds, { "spec/crash/child.lua", path, server.url, server.token })
      if result.status == 0 then return codeocean.json.decode(result.out), kills end
      -- timeout kills itself as well, so the one before may still be on its way out
      if not result.err:find("another process is writing it", 1, true) then
        assert.are.equal(137, result.status, result.err)
        survived = survived + 1
        if seed % 2 == 0 then lose_power() end
      end
    end
    error("the run never came to its end")
  end

  for round = FIRST, FIRST + ROUNDS - 1 do
    it("ends with every asset right, nothing written without an intent: seed " .. round, function()
      folder = process.folder()
      path = folder .. "/run.jsonl"
      server = assert(sandbox.start { seed = ASSETS, latency = 0.002 })
      finally(function()
        server:stop()
        process.clean(folder)
      end)
      local counts, kills = resume_until_done(round)
      assert.is_true(kills > 0)
      local sum = 0
      for _, n in pairs(counts) do sum = sum + n end
      assert.equal(ASSETS, sum)
      assert.equal(ASSETS, counts.ok + counts.unchanged)

      local client = assert(codeocean.client { domain = server.url, token = server.token })
      local all = assert(client.data_assets:all { archived = "any" })
      assert.equal(ASSETS, #all)
      for _, asset in ipairs(all) do
        local times = 0
        for _, tag in ipairs(asset.tags) do if tag == "done" then times = times + 1 end end
        assert.equal(1, times)
      end

      local state = assert(journal.read(path))
      local intended = {}
      for index = 1, state.count do
        local record = state:record(index)
        if record.intent then intended[record.id] = true end
      end
      local sent = writes(server)
      assert.is_true(#sent >= ASSETS)
      for _, request in ipairs(sent) do assert.is_true(intended[id_of(request)]) end
    end)
  end
end)
