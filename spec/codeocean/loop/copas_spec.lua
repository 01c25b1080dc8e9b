local loop_example = require "loop_example"

describe("a client in a copas loop", function() loop_example.overlaps("copas", 8) end)
