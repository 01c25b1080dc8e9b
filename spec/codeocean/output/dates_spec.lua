-- Dates of custom metadata, shown as days in a copy of the asset.

local dates = require "codeocean.output.dates"

describe("codeocean.output.dates", function()
  local loads

  local function reader(names)
    loads = 0
    return dates.reader { load = function() loads = loads + 1 end,
      dates = function() return loads > 0 and names or nil end }
  end

  local function asset(metadata) return { id = "i", name = "n", custom_metadata = metadata } end

  it("shows dates as days in a copy; one with a time of day keeps it", function()
    local shown = reader { day = true, days = true, absent = true }
    local original = asset { day = 1709164800, days = { 0, 86400 }, rig = 86400, odd = "x" }
    local copy = shown(original)
    assert.same({ id = "i", name = "n", custom_metadata = { day = "2024-02-29",
      days = { "1970-01-01", "1970-01-02" }, rig = 86400, odd = "x" } }, copy)
    assert.equal(1709164800, original.custom_metadata.day)
    assert.equal("2024-02-29 00:00:01Z",
      shown(asset { day = 1709164801 }).custom_metadata.day)
    assert.equal("soon", shown(asset { day = "soon", rig = 1 }).custom_metadata.day)
    assert.equal(1, loads)
  end)

  it("requests no schema before there is a number to show", function()
    local shown = reader { day = true }
    for _, value in ipairs { asset(nil), asset {}, asset { day = "x", who = { "a" } } } do
      assert.equal(value, shown(value))
    end
    assert.equal(0, loads)
  end)

  it("leaves an asset as it is if the deployment has no schema, after one request", function()
    local shown, one = reader(nil), asset { day = 86400 }
    assert.equal(one, shown(one))
    assert.equal(one, shown(one))
    assert.equal(1, loads)
  end)

  it("keeps the metatable, and reads what the asset itself has", function()
    local meta = { __index = function() error "read" end }
    local copy = reader { day = true }(setmetatable(asset { day = 86400 }, meta))
    assert.equal(meta, getmetatable(copy))
    assert.equal("1970-01-02", copy.custom_metadata.day)
  end)
end)
