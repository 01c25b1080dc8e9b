-- Days as people write them.

local date = require "codeocean.input.date"

describe("codeocean.input.date", function()
  it("is the second at which a year, a month or a day begins, in UTC", function()
    for word, seconds in pairs { ["1970-01-01"] = 0, ["1970"] = 0, ["2024-02-29"] = 1709164800,
      ["2024-02"] = 1706745600, ["2000-03-01"] = 951868800, ["1969-12-31"] = -86400,
      ["20240229"] = 1709164800 } do
      assert.equal(seconds, date.seconds(word), word)
      assert.equal("integer", math.type(date.seconds(word)), word)
    end
  end)

  it("knows which days there are", function()
    for _, word in ipairs { "2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-00-01",
      "2024-01-00", "x", "", "24-01-01", "2024-01-01 ", "2024-01-01T00:00" } do
      assert.is_nil(date.seconds(word), word)
    end
  end)
end)
