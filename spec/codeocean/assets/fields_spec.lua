-- The names of an asset's fields, and the hints for wrong ones.

local fields = require "codeocean.assets.fields"

describe("codeocean.assets.fields", function()
  it("has each name once", function()
    local seen = {}
    for _, name in ipairs(fields.NAMES) do
      assert.is_nil(seen[name], name)
      seen[name] = true
    end
    assert.is_true(seen.id and seen.custom_metadata)
  end)

  for path, hint in pairs { nmae = "did you mean 'name'?", ["Tags"] = "did you mean 'tags'?",
    lastUsed = "did you mean 'last_used'?", xyz = "there are id, name,", [""] = "there are id",
    ["metdata.x"] = "custom_metadata" } do
    it(("says what is wrong with %q"):format(path), function()
      assert.is_truthy(fields.problem(path):find(hint, 1, true), fields.problem(path))
    end)
  end

  it("accepts known fields and paths into them", function()
    for _, path in ipairs { "id", "custom_metadata.a b.c", "provenance.commit" } do
      assert.is_nil(fields.problem(path))
    end
    assert.is_nil(fields.problem("status", { "status" }))
    assert.is_string(fields.problem("id", { "status" }))
  end)
end)
