-- --filter: its syntax, and the hints after a search that found nothing.

local filter = require "codeocean.cli.filter"
local options = require "codeocean.cli.options"

describe("codeocean.cli.filter", function()
  local function read(word) return filter.read(word, options.list) end

  it("leaves blanks around key and values out", function()
    assert.same({ key = "session date", value = "4" }, read " session date = 4 ")
    assert.same({ key = "rig", values = { "4", "5" } }, read "rig= 4 , 5")
    assert.same({ key = "rig", range = { min = 4 } }, read "rig >= 4")
    for _, word in ipairs { " =4", "rig= ", "rig", "rig>4", "rig==4" } do
      local none, problem = read(word)
      assert.is_nil(none, word)
      assert.is_string(problem)
    end
  end)

  it("takes days for bounds: from the first second, to the last", function()
    assert.same({ key = "day", range = { min = 1709164800 } }, read "day>=2024-02-29")
    assert.same({ key = "day", range = { max = 1709164800 + 86399 } }, read "day<=2024-02-29")
    assert.same({ key = "day", range = { max = 1709164800 + 86399 } }, read "day<=2024-02")
    assert.same({ key = "day", range = { min = 2024 } }, read "day>=2024")
    local _, problem = read "day>=2023-02-29"
    assert.equal("'day>=2023-02-29': '2023-02-29' is not a number or a date such as 2024-02-29",
      problem)
  end)

  local SCHEMA = { rig = { type = "number" }, ["session date"] = { type = "date" } }
  local HINTS = {
    { "rgi=4", "did you mean --filter 'rig=…'?" },
    { "tag=raw", "did you mean --filter 'tags=…'?" },
    { "type=dataset", "filters know name, description, tags and custom metadata; --where compares "
      .. "'type'" },
    { "xyzzy=4", "custom metadata has no key 'xyzzy'; colua fields lists the keys" },
    { "session date=2024-02-29", "'session date' is a time; --filter 'session date>=2024-02-29' "
      .. "--filter 'session date<=2024-02-29' finds that day" },
  }
  for _, row in ipairs(HINTS) do
    it("explains why nothing was found by " .. row[1], function()
      assert.equal("nothing was found: " .. row[2],
        filter.hint_for_nothing({ assert(read(row[1])) }, SCHEMA))
    end)
  end

  it("gives no hint about a key that exists, or may exist", function()
    for _, word in ipairs { "rig=4", "tags=raw", "name=x", "session date>=2024-02-29" } do
      assert.is_nil(filter.hint_for_nothing({ assert(read(word)) }, SCHEMA), word)
    end
    assert.is_nil(filter.hint_for_nothing({ assert(read "xyzzy=4") }, nil))
    assert.matches("%-%-where", filter.hint_for_nothing({ assert(read "size>=4") }, nil))
  end)
end)
