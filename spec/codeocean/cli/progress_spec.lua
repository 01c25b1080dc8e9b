-- How far a command has come, where no terminal is: a line now and then.

local progress = require "codeocean.cli.progress"

describe("progress without a terminal", function()
  it("writes a line every half minute, and a phase at a time", function()
    local time, path = 0, os.tmpname()
    local out = assert(io.open(path, "w"))
    local shown = progress.new(nil, out, function() return time end)
    for done = 0, 90 do
      time = done
      shown:show("planning", { done = done, total = 90 })
    end
    shown:show("writing", { done = 0, total = 5 })
    shown:clear()
    out:close()
    local text = {}
    for line in io.lines(path) do text[#text + 1] = line end
    os.remove(path)
    assert.are.equal(3, #text)
    assert.are.equal("planning  30/90   33%  1.0/s  1 min 00 s left", text[1])
  end)
end)
