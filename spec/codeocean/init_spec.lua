-- The functions of the module codeocean.

local codeocean = require "codeocean"
local errors = require "codeocean.error"
local fixture = require "fixture"

describe("codeocean", function()
  it("has the functions of the reference, and nothing else", function()
    local names = {}
    for name in pairs(codeocean) do names[#names + 1] = name end
    table.sort(names)
    assert.same({ "client", "is_error", "is_id", "json", "null", "version" }, names)
  end)

  it("distinguishes ids and errors from other values", function()
    assert.is_true(codeocean.is_id(fixture.ID))
    assert.is_true(codeocean.is_id((fixture.ID:gsub("-", ""))))
    for _, value in ipairs { "", "x", 7, {}, false, fixture.ID .. "0" } do
      assert.is_false(codeocean.is_id(value))
      assert.is_false(codeocean.is_error(value))
    end
    assert.is_true(codeocean.is_error(errors.new { kind = "auth" }))
  end)
end)
