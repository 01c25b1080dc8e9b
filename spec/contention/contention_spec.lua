-- How many tags are lost when several programs write to the same assets at once. The API has no
-- version of an asset: who reads before another's write and writes after it puts back what was
-- there before. WRITERS=n ASSETS=n print the figures for each latency, with and without verify;
-- without them a small run checks that verify loses nothing.

local codeocean = require "codeocean"
local process = require "process"
local sandbox = require "codeocean.sandbox"

local PRINTED = os.getenv "WRITERS" ~= nil
local WRITERS = math.tointeger(tonumber(os.getenv "WRITERS" or 3))
local ASSETS = math.tointeger(tonumber(os.getenv "ASSETS" or 60))
local LATENCIES = PRINTED and { 0, 0.02, 0.1 } or { 0.02 }

-- Starts all writers, waits for them: what each said.
local function write_all(server, verify)
  local words = {}
  for i = 1, WRITERS do
    words[i] = ("%s spec/contention/writer.lua %s %s writer-%d %s &"):format(
      process.quote(process.colua), server.url, server.token, i, verify and "yes" or "no")
  end
  local result = process.shell(table.concat(words, " ") .. " wait")
  local said = {}
  for line in result.out:gmatch "[^\n]+" do said[#said + 1] = codeocean.json.decode(line) end
  assert.are.equal(WRITERS, #said, result.err)
  return said
end

local function lost_tags(server)
  local client <close> = assert(codeocean.client { domain = server.url, token = server.token })
  local lost, assets = 0, 0
  for asset in client.data_assets:each { archived = "any" } do
    local has = {}
    for _, tag in ipairs(asset.tags) do has[tag] = true end
    for i = 1, WRITERS do
      if not has["writer-" .. i] then lost = lost + 1 end
    end
    assets = assets + 1
  end
  assert.are.equal(ASSETS, assets)
  return lost
end

describe("writers at once", function()
  if PRINTED then
    print(("\n%d writers, %d assets, %d tags"):format(WRITERS, ASSETS, WRITERS * ASSETS))
    print " latency  verify  lost  written again"
  end

  for _, latency in ipairs(LATENCIES) do
    for _, verify in ipairs { false, true } do
      it(("at %.0f ms %s verify"):format(latency * 1000, verify and "with" or "without"), function()
        local server = assert(sandbox.start { seed = ASSETS, latency = latency, ready_after = 0 })
        finally(function() server:stop() end)
        local repaired = 0
        for _, said in ipairs(write_all(server, verify)) do
          assert.is_nil(said.error)
          assert.are.same({ ASSETS, ASSETS }, { said.ok, said.selected })
          repaired = repaired + said.repaired
        end
        local lost = lost_tags(server)
        if PRINTED then
          print((" %4.0f ms  %-6s  %4d  %d"):format(latency * 1000, verify and "yes" or "no", lost,
            repaired))
        end
        if verify then assert.are.equal(0, lost) end
      end)
    end
  end
end)
