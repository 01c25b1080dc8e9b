-- The examples for event loops, each with its adapter of codeocean.loop: a call of one coroutine
-- lets the others go on. The number of a row is how many requests are under way at once.

local deployment = require "deployment"
local optional = require "optional"
local process = require "process"

local TICKS = "^(%d+) assets read by 8 coroutines, (%d+) more by a map\nthe worst tick .*\n$"

local ROWS = {
  { "cqueues", TICKS, 16 },
  { "luv", TICKS, 16 },
  { "copas", "^(%d+) assets read by 8 threads\n$", 8 },
}

describe("examples", function()
  for _, row in ipairs(ROWS) do
    local name, pattern, at_once = table.unpack(row)
    optional.it(name, "overlap in a loop of " .. name, function()
      if not process.stock_loads() then return pending "stock Lua cannot load this build" end
      local here = deployment.start { seed = 30 }
      finally(function() here:stop() end)
      here.server:fault { kind = "delay", seconds = 0.1, operation = "get", count = -1 }
      local result = process.run(process.lua, { "examples/" .. name .. ".lua" }, {
        env = here:environment() })
      assert.are.equal("", result.err)
      local first = result.out:match(pattern)
      assert.are.equal(#assert(here.client.data_assets:all {}), tonumber(first))
      assert.are.equal(at_once, here.server:stats().max_in_flight)
    end)
  end
end)
