-- The module codeocean.json. The reader and the writer in detail are in
-- spec/binding/json_*_spec.lua.

local json = require "codeocean.json"

describe("codeocean.json", function()
  it("is exact both ways", function()
    local text = '{"a":[],"b":{},"c":9223372036854775807,"d":"µ"}'
    assert.equal(text, json.encode(assert(json.decode(text))))
    assert.equal("integer", math.type(json.decode("1633277005")))
  end)

  it("writes an empty list that is marked as a list", function()
    assert.equal("[]", json.encode(json.array()))
    assert.equal('{"tags":[]}', json.encode { tags = json.array {} })
    assert.equal("{}", json.encode {})
  end)

  it("refuses invalid JSON in both directions", function()
    for _, text in ipairs { "", "[1", "01", "NaN", "[1]x", "'a'" } do
      local value, problem = json.decode(text)
      assert.is_nil(value, text)
      assert.equal("string", type(problem))
    end
    for _, value in ipairs { { [1] = 1, [3] = 3 }, { f = print }, { n = 0 / 0 }, { s = "\xff" } } do
      assert.is_false(pcall(json.encode, value))
    end
  end)

  it("has a null for lists", function()
    assert.same({ 1, json.null, 3 }, json.decode "[1,null,3]")
    assert.same({}, json.decode '{"a":null}')
    assert.same({ a = json.null, b = { c = json.null } },
      json.decode('{"a":null,"b":{"c":null}}', true))
  end)
end)
