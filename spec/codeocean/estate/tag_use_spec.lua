-- Counts of tags, of spellings of one tag, and of pairs.

local tag_use = require "codeocean.estate.tag_use"

local function use_of(list)
  local use = tag_use.new()
  for _, tags in ipairs(list) do use:add(tags) end
  return use
end

describe("codeocean.estate.tag_use", function()
  it("counts each tag once an asset, the most used first", function()
    local use = use_of { { "a", "b", "a" }, { "b" }, {}, { "c", "b" } }
    assert.same({ { "b", 3 }, { "a", 1 } }, use:most_used(2))
    assert.same({ { "b", 3 }, { "a", 1 }, { "c", 1 } }, use:most_used(10))
    assert.same({}, tag_use.new():most_used(3))
  end)

  it("finds tags that are perhaps one: case, hyphen, blank, plural", function()
    local use = use_of { { "QC-passed", "raw" }, { "qc-passed" }, { "qc passed" }, { "qc-passed" },
      { "Probes" }, { "probe" }, { "as" }, { "a" } }
    assert.same({
      { { "qc-passed", 2 }, { "QC-passed", 1 }, { "qc passed", 1 } },
      { { "Probes", 1 }, { "probe", 1 } },
    }, use:alike())
  end)

  it("counts the assets in which the commonest stand together", function()
    local names, counts = use_of({ { "a", "b" }, { "a", "b", "z" }, { "a" }, { "b", "a" } })
      :together(2)
    assert.same({ "a", "b" }, names)
    assert.same({ { 4, 3 }, { 3, 3 } }, counts)
  end)

  it("counts pairs of more assets than it packs at a time", function()
    local use = tag_use.new()
    for i = 1, 10000 do use:add { "all", i % 2 == 0 and "even" or "odd" } end
    local names, counts = use:together(3)
    assert.same({ "all", "even", "odd" }, names)
    assert.same({ { 10000, 5000, 5000 }, { 5000, 5000, 0 }, { 5000, 0, 5000 } }, counts)
  end)

  it("leaves out values that are not lists of strings", function()
    assert.same({ { "a", 1 } }, use_of({ "text", { "a", 7, {} } }):most_used(9))
    assert.same({}, use_of({ nil, "x" }):alike())
  end)
end)
