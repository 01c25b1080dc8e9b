-- The tokens of a Lua text, which may be incomplete.

local lexer = require "colua.complete.lexer"


describe("the lexer", function()
  local function kinds(text)
    local list = {}
    for i, token in ipairs(lexer.tokens(text)) do
      list[i] = token.kind .. (token.complete and "" or "!")
    end
    return table.concat(list, " ")
  end

  for text, expected in pairs {
    ["local x = 5"] = "keyword name symbol number", ["a.b:c()"] =
      "name symbol name symbol name symbol symbol",
    ["'a' \"b"] = "string string!", ["'a\\'b'"] = "string", ["'a\n"] = "string",
    ["[[x]] [==[y]]"] = "string string!", ["-- c\nx"] = "comment name", ["--[[ c"] = "comment!",
    ["::l:: 0x1F"] = "symbol name symbol number", [""] = "", ["'a\\z\n b'"] = "string",
  } do
    it(("knows %q"):format(text), function() assert.are.equal(expected, kinds(text)) end)
  end

  it("outlines the locals of a chunk", function()
    local outline = lexer.outline "local a <const>, b = 1 do local c end local function f() end"
    assert.are.same({ { name = "a", attribute = "const" }, { name = "b" }, { name = "f" } },
      outline.locals)
    assert.is_nil(outline.returns)
    assert.are.equal(13, lexer.outline("local x = 1 return x").returns)
  end)
end)
