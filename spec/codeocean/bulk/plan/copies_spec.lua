-- Functions of the user get copies of assets, so that an edit of them changes no plan.

local copies = require "codeocean.bulk.plan.copies"
local errors = require "codeocean.error"
local expressions = require "codeocean.expression"
local json = require "codeocean.json"

describe("codeocean.bulk.plan.copies", function()
  it("shares no table with the value, and is written alike", function()
    local value = json.decode '{"a":[],"b":{"c":[1,{"d":2}]},"n":123456789012345678901234567890}'
    local copy = copies.copy(value)
    assert.equal(json.encode(value), json.encode(copy))
    assert.is_true(copy.a ~= value.a and copy.b.c[2] ~= value.b.c[2] and copy.n ~= value.n)
    assert.equal(tostring(value.n), tostring(copy.n))
    assert.equal(getmetatable(value.a), getmetatable(copy.a))
  end)

  it("raises for a table that contains itself", function()
    local value = {}
    value.inner = value
    assert.has_error(function() copies.copy(value) end, "nested more than 200 deep")
  end)

  it("leaves errors and values that are not tables as they are", function()
    local err = errors.new { kind = "missing", message = "m" }
    assert.equal(err, copies.copy(err))
    assert.equal("x", copies.copy "x")
  end)

  it("are made for functions, not for expressions, which can edit nothing", function()
    local asset = { tags = {} }
    assert.equal(asset, copies.for_function(expressions.compile "size > 1", asset))
    assert.is_true(copies.for_function(function() end, asset) ~= asset)
  end)
end)
