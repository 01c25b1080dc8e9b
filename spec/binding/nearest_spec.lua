-- "Did you mean": the one rule for fields, options and commands.

local core = require "codeocean.core"

local FIELDS = { "name", "description", "mount", "tags", "source", "custom_metadata" }

describe("codeocean.core.nearest", function()
  local rows = {
    { "tag", "tags" }, { "tgs", "tags" }, { "Tags", "tags" }, { "atgs", "tags" },
    { "nam", "name" }, { "desc", "description" }, { "discripton", "description" },
    { "title", "name" }, { "metadata", "custom_metadata" }, { "META", "custom_metadata" },
    { "customMetadata", "custom_metadata" }, { "custom_metdaata", "custom_metadata" },
    { "", nil }, { "_", nil }, { "x", nil }, { "na", nil }, { "owner", nil }, { "state", nil },
    { "tags\0", nil }, { ("n"):rep(1000), nil },
  }
  for _, row in ipairs(rows) do
    it(("finds what was meant by %q"):format(row[1]:sub(1, 20)), function()
      assert.are.equal(row[2], (core.nearest(row[1], FIELDS)))
    end)
  end

  it("returns the nearest name and, of equally near ones, the first", function()
    assert.are.equal("sort_order", core.nearest("sort_ordre", { "sort_field", "sort_order" }))
    assert.are.equal("cat", core.nearest("bat", { "cat", "rat" }))
    assert.are.equal("bat", core.nearest("BAT", { "cat", "bat" }))
  end)

  it("finds a synonym only among the names that there are", function()
    assert.is_nil(core.nearest("title", { "query", "limit" }))
  end)

  it("refuses a name that is not a string, and a list that is not a table", function()
    assert.has_error(function() core.nearest(nil, {}) end)
    assert.has_error(function() core.nearest("x") end)
    assert.is_nil(core.nearest("x", {}))
  end)
end)
