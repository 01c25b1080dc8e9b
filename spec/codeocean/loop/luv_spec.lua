-- Runs examples/luv.lua, which uses the adapter for luv.

local loop_example = require "loop_example"
local optional = require "optional"

describe("a client in a luv loop", function()
  optional.it("luv", "lets the others go on while one waits", function()
    loop_example.overlaps("luv", 16, finally, pending)
  end)
end)
