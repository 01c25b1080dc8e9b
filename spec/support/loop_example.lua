-- Runs the examples for event loops, each with its adapter of codeocean.loop.

local assert = require "luassert"
local deployment = require "deployment"
local process = require "process"

local M = {}

-- The example of this name reads every asset of a deployment that takes its time, and so many of
-- its requests are under way at once: a call of one coroutine lets the others go on.
function M.overlaps(name, at_once, finally, pending)
  if not process.stock_loads() then return pending "stock Lua cannot load this build" end
  local example = "examples/" .. name .. ".lua"
  if not loadfile(example) then return pending(example .. " is for another Lua") end
  local here = deployment.start { seed = 30 }
  finally(function() here:stop() end)
  here.server:fault { kind = "delay", seconds = 0.1, operation = "get", count = -1 }
  local result = process.run(process.lua, { example }, {
    env = here:environment() })
  assert.are.equal("", result.err)
  local read = tonumber(result.out:match "^(%d+) assets read by 8 ")
  assert.are.equal(#here.client.data_assets:all {}, read)
  assert.are.equal(at_once, here.server:stats().max_in_flight)
end

return M
