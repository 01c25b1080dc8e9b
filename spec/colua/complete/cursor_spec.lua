-- Where the cursor is in a statement: after which path, in which call, in which table.

local cursor = require "colua.complete.cursor"
local lexer = require "colua.complete.lexer"


describe("the cursor", function()
  local function at(text)
    local tokens = lexer.tokens(text)
    return tokens, #tokens
  end

  for text, path in pairs {
    ["assets"] = { "assets" }, ["x = a.b:c"] = { "a", ".", "b", ":", "c" },
    ["page.results[12]"] = { "page", ".", "results", "[", 12 }, ["a['x y']"] = { "a", "[", "x y" },
    ["t[1][2].x"] = { "t", "[", 1, "[", 2, ".", "x" },
  } do
    it("stands behind the path " .. text, function()
      assert.are.same(path, (cursor.path(at(text))))
    end)
  end

  for _, text in ipairs { "f().x", "t[i]", "('x')", "1", "a..", "t[1" } do
    it("stands behind no path in " .. text, function() assert.is_nil((cursor.path(at(text)))) end)
  end

  for text, expected in pairs {
    ["assets:get("] = { { "assets", ":", "get" }, 1 }, ["f(a, {1}, "] = { { "f" }, 3 },
    ["f {"] = { { "f" }, 1, 2 }, ["f(a, { x = 1, "] = { { "f" }, 2, 5 },
    ["bulk.run(c, { select = {"] = { { "assets", ":", "search" }, 1, 10 },
    ["f(g(1), "] = { { "f" }, 2 },
  } do
    it("stands in the call " .. text, function()
      assert.are.same(expected, { cursor.call(at(text)) })
    end)
  end

  for _, text in ipairs { "f(1)", "x = {", "t = { a = {", "if (", "" } do
    it("stands in no call in " .. text, function() assert.is_nil((cursor.call(at(text)))) end)
  end

  it("finds the call that a table is an argument of", function()
    assert.are.equal("tags", (cursor.table_key(at "f { tags = { 'a', ")))
    assert.is_nil((cursor.table_key(at "f { tags = { 'a' }, ")))
  end)
end)
