-- core.column: a value for each input of a run, in few bytes.

local core = require "codeocean.core"

describe("a column", function()
  it("of integers gives back the value set at a place, and nil elsewhere", function()
    local column = core.column()
    assert.equal(0, #column)
    for _, value in ipairs { 0, 1, -1, math.mininteger, math.maxinteger - 1 } do
      column[3] = value
      assert.equal(value, column[3])
    end
    assert.equal(3, #column)
    assert.same({ nil, nil, nil, nil }, { column[1], column[2], column[4], column[0] })
    assert.same({ nil, nil, nil }, { column[-1], column.x, column[1.5] })
    column[3] = nil
    assert.is_nil(column[3])
  end)

  it("of words gives back the word", function()
    local words = { "ok", "failed" }
    local column = core.column(words)
    words[1] = "other"
    column[1], column[200] = "failed", "ok"
    assert.same({ "failed", "ok" }, { column[1], column[200] })
    assert.is_nil(column[2])
    assert.equal(200, #column)
  end)

  it("keeps its values while it grows, in whatever order they are set", function()
    local integers, words = core.column(), core.column { "odd", "even" }
    for i = 5000, 1, -1 do
      integers[i], words[i] = i * 7, i % 2 == 0 and "even" or "odd"
    end
    for i = 5001, 20000 do integers[i] = -i end
    for i = 1, 5000 do
      assert.equal(i * 7, integers[i])
      assert.equal(i % 2 == 0 and "even" or "odd", words[i])
    end
    for i = 5001, 20000 do assert.equal(-i, integers[i]) end
  end)

  it("takes a byte for a word and eight for an integer", function()
    local function grown_by(column, value)
      collectgarbage()
      local before = collectgarbage "count"
      for i = 1, 100000 do column[i] = value end
      collectgarbage()
      return (collectgarbage "count" - before) * 1024 / 100000
    end
    assert.is_true(grown_by(core.column { "ok" }, "ok") < 2)
    assert.is_true(grown_by(core.column(), 5) < 13)
  end)

  it("refuses values that do not fit", function()
    local integers, words = core.column(), core.column { "ok" }
    assert.has_error(function() integers[0] = 1 end)
    assert.has_error(function() integers[1 << 40] = 1 end)
    assert.has_error(function() integers[1] = math.maxinteger end)
    assert.has_error(function() integers[1] = "ok" end)
    assert.has_error(function() words[1] = "failed" end)
    assert.has_error(function() words[1] = 1 end)
    assert.has_error(function() core.column {} end)
    assert.has_error(function() core.column { 1 } end)
    assert.has_error(function() core.column "ok" end)
    assert.same({ 0, 0 }, { #integers, #words })
  end)
end)
