-- core.fnv, the hash FNV-1a, against published hashes.

local core = require "codeocean.core"

local fnv = core.fnv

describe("core.fnv", function()
  for text, expected in pairs { [""] = "cbf29ce484222325", a = "af63dc4c8601ec8c",
    foobar = "85944171f73967e8" } do
    it(("hashes %q as published"):format(text), function()
      assert.equal(expected, ("%016x"):format(fnv(text)))
    end)
  end

  it("hashes a text in pieces as the whole", function()
    assert.equal(fnv "foobar", fnv("bar", fnv "foo"))
  end)
end)
