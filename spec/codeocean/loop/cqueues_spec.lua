local loop_example = require "loop_example"

describe("a client in a cqueues loop", function() loop_example.overlaps("cqueues", 16) end)
