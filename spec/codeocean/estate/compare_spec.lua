-- Two lists of assets compared.

local compare = require "codeocean.estate.compare"

local function of(list, key)
  local i = 0
  return compare.by_key(function()
    i = i + 1
    return list[i]
  end, key or "name")
end

describe("codeocean.estate.compare", function()
  it("pairs by a key and lists what differs", function()
    local from = of { { id = "1", name = "same", tags = { "a" } }, { id = "2", name = "gone" },
      { id = "3", name = "other", tags = { "a" }, description = "" } }
    local to = of { { id = "4", name = "same", tags = { "a" }, description = "" },
      { id = "5", name = "other", tags = {} }, { id = "6", name = "new" } }
    assert.same({
      { key = "gone", status = "deleted", id = "2", name = "gone" },
      { key = "new", status = "added", to_id = "6", name = "new" },
      { key = "other", status = "changed", id = "3", to_id = "5", name = "other",
        fields = { tags = { before = { "a" }, after = {} } } },
    }, compare.rows(from, to))
    assert.same({}, compare.rows(from, from))
  end)

  it("lists the keys of custom metadata that differ", function()
    local from = { custom_metadata = { rig = 3, subject = "a", gone = { 1 } } }
    local to = { custom_metadata = { rig = 4, subject = "a", new = true } }
    assert.same({ custom_metadata = { before = { rig = 3, gone = { 1 } },
      after = { rig = 4, new = true } } }, compare.fields(from, to))
    assert.is_nil(compare.fields(from, from))
  end)

  it("pairs no assets by a key that several have", function()
    local from = of { { id = "1", name = "twice" }, { id = "2", name = "twice" } }
    local to = of { { id = "3", name = "twice" } }
    assert.same({ { key = "twice", status = "ambiguous" } }, compare.rows(from, to))
    assert.same({ { key = "twice", status = "ambiguous" } }, compare.rows(to, from))
  end)

  it("pairs by any field, and counts assets without it", function()
    local lists, without = of({ { id = "1", custom_metadata = { subject = 7 } }, { id = "2" },
      { id = "3", custom_metadata = { subject = "" } } }, "custom_metadata.subject")
    assert.same({ ["7"] = { { id = "1", custom_metadata = { subject = 7 } } } }, lists)
    assert.equal(2, without)
  end)
end)
