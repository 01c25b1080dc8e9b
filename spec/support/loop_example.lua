-- The examples for event loops, each with its adapter of codeocean.loop.

local assert = require "luassert"
local busted = require "busted"
local deployment = require "deployment"
local optional = require "optional"
local process = require "process"

local M = {}

-- The example of this name reads every asset of a deployment that takes its time, and so many of
-- its requests are under way at once: a call of one coroutine lets the others go on.
function M.overlaps(name, at_once)
  optional.it(name, "lets the others go on while one waits", function()
    if not process.stock_loads() then return busted.pending "stock Lua cannot load this build" end
    local own <close> = setmetatable({ it = deployment.start { seed = 30 } },
      { __close = function(self) self.it:stop() end })
    local here = own.it
    here.server:fault { kind = "delay", seconds = 0.1, operation = "get", count = -1 }
    local result = process.run(process.lua, { "examples/" .. name .. ".lua" }, {
      env = here:environment() })
    assert.are.equal("", result.err)
    local read = tonumber(result.out:match "^(%d+) assets read by 8 ")
    assert.are.equal(#here.client.data_assets:all {}, read)
    assert.are.equal(at_once, here.server:stats().max_in_flight)
  end)
end

return M
