-- New lists of tags, by rows of cases.

local tags = require "codeocean.tags"

local function split(text)
  local list = {}
  for tag in text:gmatch("[^ ]+") do list[#list + 1] = tag end
  return list
end

describe("codeocean.tags.change", function()
  local rows = {
    -- what, before, changes, after, added, removed
    { "adds at the end", "a b", { add = { "c" } }, "a b c", "c", "" },
    { "adds to nothing", "", { add = { "c", "d" } }, "c d", "c d", "" },
    { "adds no tag twice", "a b", { add = { "b", "c", "c" } }, "a b c", "c", "" },
    { "tells case apart", "EEG", { add = { "eeg" } }, "EEG eeg", "eeg", "" },
    { "removes and keeps the order", "c a b", { remove = { "a" } }, "c b", "", "a" },
    { "removes every copy", "a b a", { remove = { "a" } }, "b", "", "a" },
    { "removes nothing that is absent", "a", { remove = { "A" } }, "a", "", "" },
    { "keeps duplicates that were there", "a a", { add = { "b" } }, "a a b", "b", "" },
    { "replaces in place", "a b c", { replace = { b = "x" } }, "a x c", "x", "b" },
    { "replaces onto an earlier tag", "x a b", { replace = { b = "x" } }, "x a", "", "b" },
    { "replaces onto a later tag", "b a x", { replace = { b = "x" } }, "a x", "", "b" },
    { "replaces two by one", "a b c", { replace = { a = "x", c = "x" } }, "x b", "x", "a c" },
    { "swaps by a map", "a b", { replace = { a = "b", b = "a" } }, "b a", "", "" },
    { "replaces by itself", "a a", { replace = { a = "a" } }, "a a", "", "" },
    { "chains pairs in order", "a", { replace = { { "a", "b" }, { "b", "c" } } }, "c", "c", "a" },
    { "goes by the order of pairs", "a", { replace = { { "b", "c" }, { "a", "b" } } },
      "b", "b", "a" },
    { "sets the whole list", "a b", { set = { "b", "c" } }, "b c", "c", "a" },
    { "sets to nothing", "a b", { set = {} }, "", "", "a b" },
    { "sets without duplicates", "a", { set = { "a", "a" } }, "a", "", "" },
    { "sets, replaces, removes, adds", "z",
      { set = { "a", "b" }, replace = { a = "x" }, remove = { "b" }, add = { "c" } },
      "x c", "x c", "z" },
    { "does nothing if told nothing", "b a", {}, "b a", "", "" },
  }
  for _, row in ipairs(rows) do
    it(row[1], function()
      local before = split(row[2])
      local after, added, removed = tags.change(before, row[3])
      assert.same(split(row[4]), after)
      assert.same(split(row[5]), added)
      assert.same(split(row[6]), removed)
      assert.same(split(row[2]), before)
      assert.not_equal(before, after)
    end)
  end

  it("accepts nil as no tags", function()
    assert.same({ "a" }, (tags.change(nil, { add = { "a" } })))
  end)

  it("returns a list of its own even if nothing changed", function()
    local set = { "a" }
    assert.not_equal(set, (tags.change({}, { set = set })))
  end)

  local mistakes = {
    { "an unknown key", { adds = { "a" } }, "changes.adds" },
    { "a single string", { add = "a" }, "changes.add.*list expected, got \"a\"" },
    { "an empty tag", { add = { "a", "" } }, "changes.add%[2%]" },
    { "a number", { remove = { 7 } }, "changes.remove%[1%].*tag.*got 7" },
    { "bad UTF-8", { set = { "\xff" } }, "changes.set%[1%].*UTF%-8" },
    { "a hole", { add = { [1] = "a", [3] = "b" } }, "changes.add%[2%].*got nil" },
    { "an empty replacement", { replace = { a = "" } }, "changes.replace%[a%].*tag" },
    { "half a pair", { replace = { { "a" } } }, "changes.replace%[1%].*pair" },
    { "a mixture", { replace = { { "a", "b" }, c = "d" } }, "changes.replace%[c%].*list expected" },
    { "a contradiction", { add = { "a" }, remove = { "a" } }, 'changes.add.*"a" is in remove' },
  }
  for _, row in ipairs(mistakes) do
    it("refuses " .. row[1], function()
      assert.error_matches(function() tags.change({ "x" }, row[2]) end, row[3])
      local ok, problem = tags.check(row[2])
      assert.is_nil(ok)
      assert.matches(row[3], problem)
    end)
  end

  it("refuses a value that is not a list of strings", function()
    assert.error_matches(function() tags.change("a", {}) end, "list")
    assert.error_matches(function() tags.change({ 1 }, {}) end, "list%[1%]")
    assert.error_matches(function() tags.change({}, nil) end, "changes")
  end)
end)

describe("codeocean.tags.equal", function()
  local rows = {
    { {}, {}, true },
    { nil, {}, true },
    { { "a", "b" }, { "a", "b" }, true },
    { { "a", "b" }, { "b", "a" }, false },
    { { "a" }, { "a", "a" }, false },
    { { "a" }, { "A" }, false },
  }
  for i, row in ipairs(rows) do
    it("compares, row " .. i, function()
      assert.equal(row[3], tags.equal(row[1], row[2]))
      assert.equal(row[3], tags.equal(row[2], row[1]))
    end)
  end
end)

describe("tags.difference", function()
  it("accepts tags of a server, an empty one too", function()
    local added, removed = tags.difference({ "", "a", "b" }, { "b", "", "c" })
    assert.same({ "c" }, added)
    assert.same({ "a" }, removed)
    assert.same({ {}, { "x" } }, { tags.difference({ "x" }, nil) })
  end)
end)

describe("a list whose length is made up", function()
  local function list_of_one()
    return setmetatable({ "a" }, { __len = function() return math.maxinteger end,
      __index = function(_, i) assert(i == 2, "read beyond its end") end })
  end

  it("ends where it has no tag", function()
    assert.same({ { "a" }, {} }, { tags.difference({}, list_of_one()) })
    assert.same({ {}, { "a" } }, { tags.difference(list_of_one(), {}) })
    assert.is_true(tags.equal(list_of_one(), list_of_one()))
    assert.is_false(tags.equal(list_of_one(), { "a", "b" }))
  end)
end)

describe("tags.change of an asset's list", function()
  it("returns a list that JSON writes as a list, also without a tag", function()
    local json = require "codeocean.json"
    local none = tags.change(json.decode '["a"]', { remove = { "a" } })
    assert.equal("[]", json.encode(none))
  end)
end)

describe("tags.changer", function()
  it("changes each list as tags.change does", function()
    local changed = tags.changer { remove = { "a" }, add = { "c" } }
    assert.same({ "b", "c" }, changed { "a", "b" })
    assert.same({ "c" }, changed(nil))
  end)

  it("refuses wrong changes before any list, and values that are no list of tags", function()
    assert.error_matches(function() tags.changer { ad = { "c" } } end, "did you mean 'add'")
    assert.error_matches(function() tags.changer { add = { "c" } } "a" end, "list expected")
  end)
end)

describe("tags.is_list", function()
  it("is true for lists of texts only", function()
    for _, value in ipairs { {}, { "a", "" } } do assert.is_true(tags.is_list(value)) end
    for _, value in ipairs { "a", { 1 }, { a = "b" }, { "a", {} } } do
      assert.is_false(tags.is_list(value))
    end
    assert.is_false(tags.is_list(nil))
  end)
end)
