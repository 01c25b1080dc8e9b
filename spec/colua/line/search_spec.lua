-- Searching the history while the pattern is typed (Ctrl-R).

local searches = require "colua.line.search"


describe("the search", function()
  local search

  before_each(function() search = searches.new { "get(1)", "über 1", "get(2)" } end)

  local function keys(...)
    local state
    for _, key in ipairs { ... } do state = search:key(key) end
    return state
  end

  it("finds the newest, and with Ctrl-R older ones", function()
    assert.is_nil(search:match())
    assert.are.equal("on", keys("g", "e", "t", "("))
    assert.are.equal("get(2)", search:match())
    keys "ctrl-r"
    assert.are.equal("get(1)", search:match())
    keys("ctrl-r", "ctrl-s")
    assert.are.equal("get(2)", search:match())
    assert.are.equal("(history: get() ", search:prompt())
  end)

  it("reads the pattern literally, and deletes from it", function()
    keys("ü", ".")
    assert.is_nil(search:match())
    assert.are.equal("(no history: ü.) ", search:prompt())
    keys "backspace"
    assert.are.equal("über 1", search:match())
    keys("backspace", "backspace")
    assert.are.equal("(history: ) ", search:prompt())
  end)

  it("ends by any other key, and is given up by Ctrl-G", function()
    assert.is_nil(keys("g", "enter"))
    assert.are.equal("off", keys "ctrl-g")
  end)
end)
