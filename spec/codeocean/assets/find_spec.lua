-- How assets:find chooses among the rows of an answer. Its requests in each dialect are in
-- search_spec.

local errors = require "codeocean.error"
local find = require "codeocean.assets.find"

local function assets_with(names)
  local rows = {}
  for i, name in ipairs(names) do rows[i] = { id = "id" .. i, name = name } end
  local asked = {}
  return { search = function(_, params)
    asked[#asked + 1] = params
    return { results = rows, has_more = false }
  end }, asked
end

describe("codeocean.assets.find", function()
  it("returns only rows of exactly this name", function()
    local assets, asked = assets_with { "rat 1", "rat", "Rat", "rat" }
    local list = assert(find.all_named(assets, "rat"))
    assert.same({ "id2", "id4" }, { list[1].id, list[2].id })
    assert.equal(2, #list)
    assert.equal('name:"rat"', asked[1].query)
  end)

  local rows = {
    { { "rat", "rat 1" }, nil },
    { { "rat 1" }, "missing" }, { {}, "missing" },
    { { "rat", "rat" }, "ambiguous" },
  }
  for i, row in ipairs(rows) do
    it("finds one, none or several, row " .. i, function()
      local asset, err = find.find(assets_with(row[1]), "rat")
      if not row[2] then return assert.equal("id1", asset.id) end
      assert.is_nil(asset)
      assert.equal(row[2], err.kind)
      if row[2] == "ambiguous" then assert.equal(2, #err.data) end
    end)
  end

  it("returns the error of a search that fails", function()
    local failure = errors.new { kind = "auth", message = "no" }
    local asset, err = find.find({ search = function() return nil, failure end }, "rat")
    assert.is_nil(asset)
    assert.equal(failure, err)
  end)
end)
