-- colua archive takes assets out of the usual listings, and changes nothing else.

local deployment = require "deployment"

describe("colua archive", function()
  local here, a, b
  before_each(function()
    here = deployment.start()
    a, b = here:asset { name = "first" }, here:asset { name = "second" }
  end)
  after_each(function() here:stop() end)

  it("archives what is selected", function()
    local result = here:run { "archive", a, b, "--yes" }
    local change = "archived: false → true"
    assert.are.equal(0, result.status)
    assert.are.equal(("status\tid\tname\tchange\nok\t%s\tfirst\t%s\nok\t%s\tsecond\t%s\n"):format(a,
      change, b, change),
      result.out)
    local written = here:written()
    table.sort(written)
    local expected = { ("PATCH /data_assets/%s/archive?archive=true"):format(a),
      ("PATCH /data_assets/%s/archive?archive=true"):format(b) }
    table.sort(expected)
    assert.are.same(expected, written)
  end)

  it("asks before it writes; a dry run writes nothing", function()
    assert.are.equal(6, here:run({ "archive", a }).status)
    assert.are.same({}, here:written())
    assert.are.equal(0, here:run({ "archive", a, "-n" }).status)
    assert.are.same({}, here:written())
  end)
end)
