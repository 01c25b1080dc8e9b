-- Sums of bytes, exact beyond 2^63-1.

local sums = require "codeocean.estate.byte_sum"

local function sum_of(...)
  local sum = sums.new()
  for _, value in ipairs { ... } do sum:add(value) end
  return sum
end

describe("codeocean.estate.byte_sum", function()
  it("adds exactly, as an integer while it is one", function()
    assert.equal(0, sum_of():value())
    assert.equal(7184869799906702 + 1, sum_of(7184869799906702, 1):value())
    assert.equal(math.maxinteger, sum_of(math.maxinteger):value())
    assert.equal(math.maxinteger, sum_of(math.maxinteger - 5, 5):value())
    assert.equal("integer", math.type(sum_of(5):value()))
  end)

  it("adds exactly beyond 2^63-1", function()
    assert.equal("9223372036854775808", sum_of(math.maxinteger, 1):value())
    assert.equal("18446744073709551614", sum_of(math.maxinteger, math.maxinteger):value())
    assert.equal("1000000000000000000000",
      (function()
        local sum = sums.new()
        for _ = 1, 1000 do sum:add(1000000000000000000) end
        return sum:value()
      end)())
  end)

  it("leaves out values that are not sizes", function()
    assert.equal(3, sum_of(1, -5, 0.5, 0 / 0, "8", 2):value())
  end)

  it("adds sums, and compares them", function()
    local a, b = sum_of(math.maxinteger), sum_of(math.maxinteger, 1)
    assert.is_true(a < b)
    assert.is_false(b < a)
    a:add_sum(b)
    assert.equal("18446744073709551615", a:value())
  end)

  it("is shown in the units of sizes", function()
    assert.equal("0 B", sum_of():size())
    assert.equal("6.4 PiB", sum_of(7184869799906702):size())
    assert.equal("16.0 EiB", sum_of(math.maxinteger, math.maxinteger):size())
  end)
end)
