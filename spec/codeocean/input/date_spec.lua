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

  it("ends with the second before the next one begins", function()
    for word, next_one in pairs { ["1970"] = "1971", ["2024"] = "2025", ["2024-02"] = "2024-03",
      ["2023-12"] = "2024-01", ["2024-02-29"] = "2024-03-01", ["1969-12-31"] = "1970" } do
      assert.equal(date.seconds(next_one) - 1, date.last_second(word), word)
    end
    assert.equal(1709164800, date.last_second "2024-02-29 00:00:00Z")
    assert.is_nil(date.last_second "2023-02-29")
  end)

  it("is the second of a time in UTC, as listings and previews show it", function()
    for _, word in ipairs { "2024-02-29 10:00:01Z", "2024-02-29T10:00:01Z" } do
      assert.equal(1709164800 + 36001, date.seconds(word))
    end
    for _, word in ipairs { "2024-02-29 10:00:01", "2024-02-29 24:00:00Z", "2024-02-29 10:60:00Z",
      "2023-02-29 10:00:00Z", "2024-02-29 10:00Z", "2024-02 10:00:00Z", "2024-02-29 " } do
      assert.is_nil(date.seconds(word), word)
    end
  end)

  it("refuses days that no calendar has", function()
    for _, word in ipairs { "2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-00-01",
      "2024-01-00", "x", "", "24-01-01", "2024-01-01 ", "2024-01-01T00:00" } do
      assert.is_nil(date.seconds(word), word)
    end
  end)
end)
