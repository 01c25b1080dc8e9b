-- The lines of a journal that is kept in no file.

local bulk = require "codeocean.bulk"
local fixture = require "fixture"
local scratches = require "codeocean.bulk.journal.scratch"

describe("codeocean.bulk.journal.scratch", function()
  it("returns each line, in whatever order they are added and read", function()
    local scratch = assert(scratches.new())
    local places = {}
    for i = 1, 3 do places[i] = scratch:add { plan = i, name = ("x"):rep(i) } end
    assert.same({ plan = 2, name = "xx" }, scratch:line(places[2]))
    places[4] = scratch:add { plan = 4 }
    assert.same({ plan = 1, name = "x" }, scratch:line(places[1]))
    assert.same({ plan = 4 }, scratch:line(places[4]))
    assert.is_true(places[1] < 0 and places[4] < places[3])
  end)

  it("reads a line again each time: a reader's edits change nothing", function()
    local scratch = assert(scratches.new())
    local place = scratch:add { tags = { "a" } }
    scratch:line(place).tags[1] = "edited"
    assert.same({ "a" }, scratch:line(place).tags)
  end)

  -- The bytes that Lua holds after a dry run of `count` ids, none of which exists.
  local function bytes_after(client, count)
    local function ids()
      local i = 0
      return function()
        i = i + 1
        return i <= count and ("%08x-0000-4000-8000-000000000000"):format(i) or nil
      end
    end
    local report = assert(bulk.run(client, { ids = ids(), dry_run = true, max_errors = count + 1,
      change = function() return { name = "x" } end }))
    assert.equal(count, report.counts.missing)
    report.records[1].error = nil
    collectgarbage()
    local bytes = collectgarbage "count" * 1024
    return bytes, report
  end

  it("holds no line of a dry run in memory", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox(), { dialect = "current" })
    local small, first = bytes_after(client, 100)
    local large, second = bytes_after(client, 2100)
    assert.is_true(#first.records == 100 and #second.records == 2100)
    assert.is_true((large - small) / 2000 < 300, (large - small) / 2000)
  end)

  it("is refused with its reason where there can be no temporary file", function()
    local tmpfile = io.tmpfile
    finally(function() rawset(io, "tmpfile", tmpfile) end)
    rawset(io, "tmpfile", function() return nil, "No space left on device" end)
    local found, err = scratches.new()
    assert.is_nil(found)
    assert.same({ "journal", "temporary file: No space left on device" }, { err.kind, err.message })
  end)
end)
