-- Ages such as 90d.

local age = require "codeocean.cli.age"

describe("codeocean.cli.age", function()
  it("reads days, weeks, months and years", function()
    assert.equal(90 * 86400, age.seconds "90d")
    assert.equal(26 * 7 * 86400, age.seconds "26w")
    assert.equal(180 * 86400, age.seconds "6m")
    assert.equal(365 * 86400, age.seconds "1y")
  end)

  it("refuses anything else, and names it", function()
    for _, word in ipairs { "", "1", "y", "-1y", "0d", "1.5y", "1 y", "1Y", "9999y",
      "99999999999d" } do
      local seconds, problem = age.seconds(word)
      assert.is_nil(seconds, word)
      assert.is_truthy(problem:find("'" .. word .. "' is not an age", 1, true), problem)
    end
  end)
end)
