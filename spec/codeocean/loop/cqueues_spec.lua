-- Runs examples/cqueues.lua, which uses the adapter for cqueues.

local loop_example = require "loop_example"
local optional = require "optional"

describe("a client in a cqueues loop", function()
  optional.it("cqueues", "lets the others go on while one waits", function()
    loop_example.overlaps("cqueues", 16, finally, pending)
  end)
end)
