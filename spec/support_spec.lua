-- The helpers of the specs themselves.

local circles = require "circles"
local process = require "process"

-- Uses both children, and notes their fifos in a file: they remove them when they end.
local FIRST = [[
local child = require "child"
local started = child.start
function child.start(code)
  local input, fifo = started(code)
  local file <close> = assert(io.open(os.getenv "FIFOS", "a"))
  file:write(fifo, "\n")
  return input, fifo
end
local fixture = require "fixture"
local http = require "http"
it("starts children", function()
  local with = fixture.new(finally)
  local server = with:server { fixture.answer("200 OK", "{}") }
  assert.equal(200, (http.request { url = server.url }))
end)
]]

local SECOND = [[
it("finds no children of another file", function()
  local count = 0
  for fifo in io.lines(os.getenv "FIFOS") do
    count = count + 1
    assert.is_nil((io.open(fifo)))
  end
  assert.equal(2, count)
end)
]]

describe("the children of a spec file", function()
  it("end with it", function()
    local folder = process.folder()
    finally(function() process.clean(folder) end)
    process.write(folder .. "/1_spec.lua", FIRST)
    process.write(folder .. "/2_spec.lua", SECOND)
    local result = process.run(process.colua, { "spec/support/start.lua",
      "--output=spec/support/report.lua", folder .. "/1_spec.lua", folder .. "/2_spec.lua" },
      { env = { FIFOS = folder .. "/fifos" } })
    assert.equal("2 passed, 0 failed", result.out:match "([^\n]+)\n$", result.out .. result.err)
  end)
end)

describe("circles.find", function()
  it("gives a circle as a path, and nil if there is none", function()
    assert.is_nil(circles.find { a = { "b", "c" }, b = { "c" }, c = {} })
    assert.are.equal("b -> c -> b", circles.find { a = { "b" }, b = { "c" }, c = { "b" } })
    assert.are.equal("a -> a", circles.find { a = { "a" } })
  end)
end)
