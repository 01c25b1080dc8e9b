local loop_example = require "loop_example"

describe("a client in a luv loop", function() loop_example.overlaps("luv", 16) end)
