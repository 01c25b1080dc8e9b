-- The progress of a command on standard error.

local fixture = require "fixture"
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

describe("progress on a terminal", function()
  -- A file that takes what is written, and claims to be a terminal of 80 columns.
  local function terminal()
    local written, time = {}, 0
    local shown = progress.new(nil, io.stderr, function() return time end)
    shown.out = { write = function(_, ...) written[#written + 1] = table.concat { ... } end }
    shown.width, shown.every, shown.first = 80, 0.1, 1
    return shown, written, function(now) time = now end
  end

  it("begins when a phase has taken a second", function()
    local shown, written, set_time = terminal()
    for tenth = 0, 9 do
      set_time(tenth / 10)
      shown:show("listing", { done = tenth })
    end
    assert.are.same({}, written)
    set_time(1)
    shown:show("listing", { done = 10 })
    assert.are.same({ "\r\27[Klisting  10  10.0/s" }, written)
    shown:clear()
    assert.are.equal("\r\27[K", written[2])
    set_time(1.5)
    shown:show("writing", { done = 1 })
    assert.are.equal(2, #written)
  end)
end)

describe("progress of searches", function()
  it("counts the rows that come, until it is closed", function()
    local with = fixture.new(finally)
    local client, counts = with:client(with:sandbox { seed = 25 }), {}
    do
      local shown <close> = progress.of_searches(client, "listing")
      function shown:show(phase, event) counts[#counts + 1] = { phase, event.done } end
      assert(client.data_assets:all { page_size = 10, archived = false })
    end
    assert(client.data_assets:all())
    assert.are.equal(3, #counts)
    assert.are.same({ "listing", 10 }, counts[1])
    assert.are.same({ "listing", 20 }, counts[2])
  end)
end)
