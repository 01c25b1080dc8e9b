-- Lua values as text, within limits of width, depth and length.

local json = require "codeocean.json"
local pretty = require "codeocean.output.pretty"

local function nested(levels)
  local top = {}
  local t = top
  for _ = 1, levels do
    t.n = {}
    t = t.n
  end
  t.leaf = true
  return top
end

local cycle = { name = "c" }
cycle.self = cycle

local shared = { 1 }
local tries = setmetatable({}, { __tostring = function() return "network: 7 tries" end })
local said = setmetatable({ token = "x" }, { __tostring = function() return "asset\27" end })

describe("codeocean.output.pretty.value", function()
  local rows = {
    { "nil", nil, "nil" },
    { "true", true, "true" },
    { "an integer", 7184869799906702, "7184869799906702" },
    { "a float", 1.0, "1.0" },
    { "a string", 'a"b\\\n\27', [["a\"b\\\n\27"]] },
    { "a null of JSON", { json.null }, "{ null }" },
    { "an empty table", {}, "{}" },
    { "a list", { 1, "b" }, '{ 1, "b" }' },
    { "sorted keys", { b = 1, a = 2, ["end"] = 3, ["x y"] = 4, [0.5] = 5, [true] = 6 },
      '{ [0.5] = 5, a = 2, b = 1, ["end"] = 3, ["x y"] = 4, [true] = 6 }' },
    { "a key with controls", { ["\27"] = 1 }, '{ ["\\27"] = 1 }' },
    { "a cycle", cycle, '{ name = "c", self = <cycle> }' },
    { "words with a colon", tries, "network: 7 tries" },
    { "a table met twice", { shared, shared }, "{ { 1 }, { 1 } }" },
    { "an object by its own words", said, "asset\\27" },
    { "an object within", { err = said }, "{ err = asset\\27 }" },
    { "a named table by its content", setmetatable({ a = 1 }, { __name = "x.y" }), "{ a = 1 }" },
    { "a table that raises", setmetatable({}, { __tostring = error }),
      "<table that cannot be shown>" },
  }
  for _, row in ipairs(rows) do
    it("shows " .. row[1], function() assert.equal(row[3], pretty.value(row[2])) end)
  end

  it("uses a line to its last column", function()
    local value = { a = { 1, 2 } }
    assert.equal("{ a = { 1, 2 } }", pretty.value(value, { width = 16 }))
    assert.equal("{\n  a = { 1, 2 },\n}", pretty.value(value, { width = 15 }))
  end)

  it("breaks what is too long for a line", function()
    assert.equal('{\n  a = { 1, 2 },\n  b = "0123456789",\n}',
      pretty.value({ a = { 1, 2 }, b = "0123456789" }, { width = 20 }))
  end)

  it("stops at a depth", function()
    assert.equal("{\n  n = {\n    n = {…},\n  },\n}", pretty.value(nested(3), { depth = 2 }))
  end)

  it("stops at a length", function()
    local list = {}
    for i = 1, 50 do list[i] = i end
    assert.equal("{\n  1,\n  2,\n  … 48 more\n}", pretty.value(list, { length = 2 }))
    assert.equal("{\n  1,\n  2,\n  3,\n  … 47 more\n}", pretty.value(list, { lines = 3 }))
  end)

  it("stops at a number of lines, whatever the shape", function()
    local wide = {}
    for i = 1, 90 do
      wide[i] = {}
      for j = 1, 90 do wide[i][j] = ("x"):rep(70) end
    end
    local _, breaks = pretty.value(wide, { lines = 100 }):gsub("\n", "")
    assert.is_true(breaks < 110)
  end)

  it("clips a long string", function()
    local shown = pretty.value(("x"):rep(1e6))
    assert.is_true(#shown < 1100)
    assert.matches('…"$', shown)
  end)
end)
