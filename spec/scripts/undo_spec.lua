-- colua undo: by name, by journal, and the last.

local deployment = require "deployment"

describe("colua undo", function()
  local here, a

  before_each(function()
    here = deployment.start()
    a = here:asset { name = "a", tags = { "x" } }
    assert.are.equal(0, here:run({ "tag", a, "--add", "new", "--yes" }).status)
  end)
  after_each(function() here:stop() end)

  it("takes back the last run, or the one that is named", function()
    assert.are.same({ "x", "new" }, here:tags_of(a))
    local name = here:run({ "runs", "--fields", "run", "--tsv" }).out:match "\n(%x+)"
    assert.are.equal(0, here:run({ "undo", name, "--yes" }).status)
    assert.are.same({ "x" }, here:tags_of(a))
    assert.are.equal(0, here:run({ "tag", a, "--add", "again", "--yes" }).status)
    assert.are.equal(0, here:run({ "undo", "last", "--yes" }).status)
    assert.are.same({ "x" }, here:tags_of(a))
  end)

  it("asks, and writes nothing without an answer", function()
    local result = here:run { "undo", "last" }
    assert.are.equal(6, result.status)
    assert.is_truthy(result.err:find("nothing was written", 1, true), result.err)
    assert.are.same({ "x", "new" }, here:tags_of(a))
  end)

  it("names what it does not know", function()
    local result = here:run { "undo", "zzzz", "--yes" }
    assert.are_not.equal(0, result.status)
    assert.is_truthy(result.err:find("zzzz", 1, true))
    result = here:run { "undo" }
    assert.are.equal(2, result.status)
    assert.is_truthy(result.err:find("RUN", 1, true), result.err)
  end)
end)
