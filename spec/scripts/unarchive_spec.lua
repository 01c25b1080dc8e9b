-- colua unarchive puts assets back into the usual listings.

local deployment = require "deployment"

describe("colua unarchive", function()
  local here, a
  before_each(function()
    here = deployment.start()
    a = here:asset { name = "first" }
    assert(here.client.data_assets:archive(a))
  end)
  after_each(function() here:stop() end)

  it("unarchives what a search in the archive finds", function()
    local result = here:run { "unarchive", "--archived", "true", "-y" }
    assert.are.same({ 0,
      ("status\tid\tname\tchange\nok\t%s\tfirst\tarchived: true → false\n"):format(a) },
      { result.status, result.out })
    assert.are.same({ ("PATCH /data_assets/%s/archive?archive=false"):format(a) }, here:written())
    assert.are.equal("name\nfirst\n", here:run({ "search", "--fields", "name" }).out)
  end)
end)
