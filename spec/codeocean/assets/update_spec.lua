-- assets:update on the wire stands in init_spec; here is what is checked and merged.

local json = require "codeocean.json"
local update = require "codeocean.assets.update"

describe("codeocean.assets.update", function()
  it("has nothing against good changes", function()
    for _, changes in ipairs { { name = "" }, { description = "x", tags = {} },
      { tags = json.array() }, { mount = "m", custom_metadata = { a = json.null, b = { 1 } } },
      { custom_metadata = {} } } do
      assert.is_nil(update.problem(changes))
    end
  end)

  local mistakes = {
    { nil, "changes", "table expected, got nil" }, { {}, "changes", "at least one field" },
    { { "x" }, "1", "must be strings" }, { { tag = { "x" } }, "tag", "did you mean 'tags'" },
    { { tags = "x" }, "tags", 'list expected, got "x"' },
    { { tags = { "a", nil, "b" } }, "tags[2]", "list without a hole" },
    { { tags = { "a", 7 } }, "tags[2]", "string expected, got 7" },
    { { name = json.null }, "name", "string expected, got null" },
    { { description = false }, "description", "string expected, got false" },
    { { mount = "\xff" }, "mount", "UTF-8" },
    { { custom_metadata = "x" }, "custom_metadata", "table of names and values" },
    { { custom_metadata = { a = { [1] = 1, [3] = 3 } } }, "custom_metadata", "a: " },
    { { custom_metadata = { ["\xff"] = 1 } }, "custom_metadata", "UTF-8" },
  }
  for i, row in ipairs(mistakes) do
    it(("names mistake %d: %s"):format(i, row[2]), function()
      local name, problem = update.problem(row[1])
      assert.equal(row[2], name)
      assert.is_truthy(problem:find(row[3], 1, true), problem)
    end)
  end

  it("merges custom metadata key by key; null takes a key out", function()
    local present = { a = 1, b = { c = 2 }, d = "x" }
    assert.same({ a = 1, b = { e = 3 }, f = true },
      update.merged_metadata(present, { b = { e = 3 }, d = json.null, f = true }))
    assert.same({ a = 1, b = { c = 2 }, d = "x" }, present)
    assert.same({ a = 1 }, update.merged_metadata(nil, { a = 1, b = json.null }))
  end)
end)
