-- Names of parameters are compared to the last byte: a parameter that the server ignores would
-- make a search select everything.

local codeocean = require "codeocean"

-- No request gets as far as this.
local function client(dialect)
  return codeocean.client { domain = "127.0.0.1:9", token = "cop_spec", dialect = dialect,
    retries = 0 }
end

local names = { "query\0", "query\0x", "\0query", "query ", " query", "query\n", "qu\0ery", "QUERY",
  "queryy" }

describe("a search", function()
  for _, dialect in ipairs { "2022", "current" } do
    for _, name in ipairs(names) do
      it(("of the dialect %s refuses %q"):format(dialect, name), function()
        local own <close> = client(dialect)
        assert.error_matches(function() own.data_assets:search { [name] = "x" } end,
          "bad argument .* to 'search'")
      end)
    end
  end
end)

describe("a create", function()
  it("refuses a name that goes on after a NUL byte", function()
    local own <close> = client()
    local params = { name = "n", mount = "m", tags = {}, ["tags\0x"] = { "a" },
      source = { computation = { id = "c" } } }
    assert.error_matches(function() own.data_assets:create(params) end, "did you mean 'tags'")
  end)
end)
