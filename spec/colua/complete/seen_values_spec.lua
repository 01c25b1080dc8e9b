-- The values that the answers of a session contained.

local seen_module = require "colua.complete.seen_values"


describe("the assets seen so far", function()
  local seen, answer

  before_each(function()
    seen = seen_module.new { on = function(_, _, fn) answer = fn end }
  end)

  it("have ids, tags and fields, of pages too", function()
    answer({ operation = "get" }, { id = "a", name = "rat", tags = { "EEG" } })
    answer({ operation = "search", params = { limit = 1 } },
      { results = { { id = "b", name = "mouse", size = 1 } } })
    answer({ operation = "delete" }, true)
    answer({ operation = "get" }, nil, { kind = "missing" })
    assert.are.equal("rat", seen:name "a")
    assert.are.equal("mouse", seen:name "b")
    assert.is_nil(seen:name "c")
    assert.is_true(seen:all("tags").EEG)
    assert.is_true(seen:all("fields").size)
  end)

  it("are kept up to a number, the newest", function()
    for i = 1, seen_module.MOST + 5 do answer({}, { id = "id" .. i, name = "n" }) end
    local count = 0
    for _ in pairs(seen:all "assets") do count = count + 1 end
    assert.is_true(count <= seen_module.MOST)
    assert.is_nil(seen:name "id1")
    assert.are.equal("n", seen:name("id" .. seen_module.MOST + 5))
  end)

  it("include the search of a page", function()
    local page, params = { results = {} }, { limit = 3 }
    answer({ operation = "search", params = params }, page)
    assert.are.equal(params, seen:search_of(page))
    assert.is_nil(seen:search_of {})
  end)

  it("print as their names, escaped", function()
    local asset = { id = "a", name = "r\27at" }
    answer({}, asset)
    assert.are.equal("r\\27at (a)", tostring(asset))
    local nameless = { id = "b" }
    answer({}, nameless)
    assert.are.equal("b", tostring(nameless))
  end)
end)
