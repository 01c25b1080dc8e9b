-- --by-name: a name in place of an id must be that of exactly one asset.

local deployment = require "deployment"

describe("--by-name", function()
  local here

  before_each(function() here = deployment.start() end)
  after_each(function() here:stop() end)

  it("reads names from arguments and from files", function()
    local a = here:asset { name = "Rig 3, day 1", tags = {} }
    local b = here:asset { name = "Rig 3", tags = {} }
    local result = here:run { "tag", "--by-name", "Rig 3", "--add", "x", "--yes" }
    assert.equal(0, result.status, result.err)
    assert.same({ {}, { "x" } }, { here:tags_of(a), here:tags_of(b) })
    result = here:run({ "tag", "--by-name", "-", "--add", "y", "--yes" },
      { stdin = "Rig 3, day 1\nRig 3\n" })
    assert.equal(0, result.status, result.err)
    assert.same({ { "y" }, { "x", "y" } }, { here:tags_of(a), here:tags_of(b) })
    result = here:run { "get", "--by-name", "Rig 3", "--fields", "id" }
    assert.equal("id\n" .. b .. "\n", result.out)
  end)

  it("reports names of no asset and of several, and writes the others", function()
    local a = here:asset { name = "a", tags = {} }
    here:asset { name = "twin", tags = {} }
    here:asset { name = "twin", tags = {} }
    local result = here:run({ "archive", "--by-name", "--ids", "-", "--yes" },
      { stdin = "nobody\na\ntwin\n" })
    assert.equal(3, result.status)
    assert.is_truthy(result.err:find('stdin:1: find: missing: no asset is called "nobody"', 1,
      true))
    assert.is_truthy(result.err:find('stdin:3: find: ambiguous: 2 assets are called "twin"', 1,
      true))
    assert.equal(1, #here:written())
    result = here:run { "unarchive", "--by-name", "a", "--yes" }
    assert.equal(0, result.status, result.err)
    assert.is_truthy(here:written()[1]:find(a, 1, true))
  end)

  it("is refused without names", function()
    local result = here:run { "tag", "--by-name", "--query", "x", "--add", "y" }
    assert.equal(2, result.status)
    assert.is_truthy(result.err:find("--by-name belongs to names", 1, true), result.err)
  end)
end)
