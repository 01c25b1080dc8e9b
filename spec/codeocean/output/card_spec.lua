-- The card of one asset.

local card = require "codeocean.output.card"

local ID = "27b4d7ec-a2f8-4c8d-9be5-361d33e50bf0"

describe("codeocean.output.card.asset", function()
  it("shows the usual fields first, then all others sorted", function()
    local asset = {
      zeta = true, id = ID, name = "n", size = 7184869799906702, created = 1641473110.0,
      last_used = 0, tags = { "b", "a" }, alpha = 1.0, custom_metadata = { b = 1, a = { "x" } },
    }
    assert.equal(table.concat({
      "id               " .. ID,
      "name             n",
      "size             6.4 PiB (7184869799906702 bytes)",
      "created          2022-01-06 12:45:10Z",
      "last_used        never",
      "tags             b, a",
      "alpha            1",
      'custom_metadata  { a = { "x" }, b = 1 }',
      "zeta             true",
    }, "\n"), card.asset(asset))
  end)

  it("keeps the lines of a text beside its field, without their controls", function()
    assert.equal("description  one\n             two\\27[2J",
      card.asset { description = "one\r\ntwo\27[2J" })
  end)

  it("escapes the names of fields", function()
    assert.equal("a\\27b  1", card.asset { ["a\27b"] = 1 })
  end)

  it("breaks a long table into lines", function()
    assert.equal('m  {\n     a = "xxxxxxxxxx",\n     b = "yyyyyyyyyy",\n   }',
      card.asset({ m = { a = ("x"):rep(10), b = ("y"):rep(10) } }, { width = 30 }))
  end)

  it("marks cycles", function()
    local asset = { id = ID, m = {} }
    asset.m.self = asset.m
    assert.matches("m +{ self = <cycle> }", card.asset(asset))
  end)

  it("colours labels and state", function()
    assert.equal("\27[1mstate\27[0m  \27[31mfailed\27[0m",
      card.asset({ state = "failed" }, { colour = true }))
  end)
end)
