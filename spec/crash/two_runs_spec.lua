-- A script with two runs is killed at random, resumed from another folder and killed again, while
-- a second program writes to the same assets. No write of either is lost. RUNS=n SEED=n.

local codeocean = require "codeocean"
local process = require "process"
local sandbox = require "codeocean.sandbox"

local ASSETS = 60
local ROUNDS = math.max(1, (math.tointeger(tonumber(os.getenv "RUNS")) or 8) // 8)
local FIRST = math.tointeger(tonumber(os.getenv "SEED")) or 1

describe("a script of two runs, killed while a colleague writes", function()
  local folder, server, home

  local function start()
    folder = process.folder()
    home = folder .. "/home"
    server = assert(sandbox.start { seed = ASSETS, latency = 0.002, ready_after = 0 })
    process.shell("mkdir home elsewhere", { cwd = folder })
    process.shell(("cp %s %s/script.lua"):format("spec/crash/two_runs.lua", home))
    local client <close> = assert(codeocean.client { domain = server.url, token = server.token })
    local list = {}
    for asset in client.data_assets:each { archived = "any" } do list[#list + 1] = asset.id end
    assert.are.equal(ASSETS, #list)
    process.write(home .. "/ids.txt", table.concat(list, "\n") .. "\n")
  end

  local function environment()
    return { XDG_STATE_HOME = folder .. "/state", CODEOCEAN_DOMAIN = server.url,
      CODEOCEAN_TOKEN = server.token }
  end

  -- Runs colua in that folder; kills it after `seconds`, if given.
  local function colua(cwd, seconds, ...)
    local words = { "-s", "KILL", tostring(seconds or 100), process.colua, ... }
    return process.run("timeout", words, { cwd = cwd, env = environment() })
  end

  -- The short name of the newest run that was interrupted, but none in `unselected`, or nil.
  local function interrupted(unselected)
    local listed = process.run(process.colua, { "runs", "--jsonl" }, { env = environment() })
    for line in listed.out:gmatch "[^\n]+" do
      local run = codeocean.json.decode(line)
      if run.state == "interrupted" and not unselected[run.run] then return run.run end
    end
  end

  local function begin_writer()
    local words = { process.colua, "spec/crash/second_writer.lua", server.url, server.token,
      folder .. "/stop" }
    for i, word in ipairs(words) do words[i] = process.quote(word) end
    return assert(io.popen(table.concat(words, " ")))
  end

  local function times(list, wanted)
    local n = 0
    for _, tag in ipairs(list) do if tag == wanted then n = n + 1 end end
    return n
  end

  for seed = FIRST, FIRST + ROUNDS - 1 do
    it("has every tag of both: seed " .. seed, function()
      start()
      local writer = begin_writer()
      finally(function()
        process.write(folder .. "/stop", "")
        writer:close()
        server:stop()
        process.clean(folder)
      end)
      math.randomseed(seed)
      local kills, first = 0, colua(home, 0.1 + math.random(), "script.lua", server.url,
        server.token)
      if first.status == 137 then kills = 1 end
      local unselected = {} -- interrupted while their ids were written: the script is to run again
      for _ = 1, 40 do
        local name = interrupted(unselected)
        if not name then break end
        local seconds = 0.2 + math.random() * (1 + kills)
        local result = colua(folder .. "/elsewhere", seconds, "resume", name, "--yes")
        if result.status == 137 then
          kills = kills + 1
        elseif result.err:find("nothing was sent; run it again", 1, true) then
          assert.are.equal(6, result.status, result.err)
          unselected[name] = true
        else
          assert.are.equal(0, result.status, result.err)
        end
      end
      assert.is_nil(interrupted(unselected))
      local last = colua(home, nil, "script.lua", server.url, server.token)
      assert.are.equal(0, last.status, last.err)
      process.write(folder .. "/stop", "")
      local theirs = math.tointeger(tonumber(writer:read "a"))
      assert.is_true(theirs > 0 and kills > 0)

      local client <close> = assert(codeocean.client { domain = server.url, token = server.token })
      local all = assert(client.data_assets:all { archived = "any" })
      assert.are.equal(ASSETS, #all)
      for _, asset in ipairs(all) do
        assert.are.same({ 1, 1 }, { times(asset.tags, "one"), times(asset.tags, "two") }, asset.id)
        for n = 1, theirs do
          assert.are.equal(1, times(asset.tags, "theirs-" .. n), asset.id)
        end
      end
    end)
  end
end)
