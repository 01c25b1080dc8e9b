-- Runs examples/copas.lua, which uses the adapter for copas.

local loop_example = require "loop_example"
local optional = require "optional"

describe("a client in a copas loop", function()
  optional.it("copas", "lets the others go on while one waits", function()
    loop_example.overlaps("copas", 8, finally, pending)
  end)
end)
