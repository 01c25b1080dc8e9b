-- The edited text and its cursor.

local buffers = require "colua.line.buffer"


describe("the buffer", function()
  -- "a|b": the cursor is at the bar.
  local function new(text)
    local before, behind = text:match("^(.-)|(.*)$")
    local buffer = buffers.new(before .. behind)
    buffer.at = #before
    return buffer
  end

  local function shown(buffer)
    return buffer.text:sub(1, buffer.at) .. "|" .. buffer.text:sub(buffer.at + 1)
  end

  for _, row in ipairs {
    { "a|b", "left", "|ab" }, { "|ab", "left", "|ab" }, { "aü|b", "left", "a|üb" },
    { "a|🧠b", "right", "a🧠|b" }, { "ab|", "right", "ab|" },
    { "one\ntw|o", "line_start", "one\n|two" }, { "on|e\ntwo", "line_start", "|one\ntwo" },
    { "o|ne\ntwo", "line_end", "one|\ntwo" }, { "one\nt|wo", "line_end", "one\ntwo|" },
    { "f(a, b|)", "word_left", "f(a, |b)" }, { "f(a,| b)", "word_left", "f(|a, b)" },
    { "|f(a)", "word_left", "|f(a)" }, { "f|(abc)", "word_right", "f(abc|)" },
    { "a.über|", "word_left", "a.|über" }, { "o|ne\ntwo", "text_end", "one\ntwo|" },
    { "one\nt|wo", "text_start", "|one\ntwo" },
    -- Marks, and what a joiner joins, belong to the character before them.
    { "xe\u{301}\u{302}|", "left", "x|e\u{301}\u{302}" }, { "|e\u{301}x", "right", "e\u{301}|x" },
    { "a❤\u{FE0F}|", "left", "a|❤\u{FE0F}" }, { "|\u{301}", "right", "\u{301}|" },
    { "a👩\u{200D}🔬|", "left", "a|👩\u{200D}🔬" }, { "|👩\u{200D}🔬b", "right", "👩\u{200D}🔬|b" },
    { "a\n|b", "left", "a|\nb" }, { "a|\tb", "right", "a\t|b" },
  } do
    it(("moves %s from %q"):format(row[2], row[1]), function()
      local buffer = new(row[1])
      buffer:move(row[2])
      assert.are.equal(row[3], shown(buffer))
    end)
  end

  it("goes up and down in its column", function()
    local buffer = new "äbc\nx\nlonge|r"
    assert.is_true(buffer:up())
    assert.are.equal("äbc\nx|\nlonger", shown(buffer))
    assert.is_true(buffer:up())
    assert.are.equal("ä|bc\nx\nlonger", shown(buffer))
    assert.is_false(buffer:up())
    assert.is_true(buffer:down())
    assert.is_true(buffer:down())
    assert.are.equal("äbc\nx\nl|onger", shown(buffer))
    assert.is_false(buffer:down())
  end)

  it("deletes, and undoes", function()
    local buffer = new "one tw|o"
    assert.are.equal("tw", buffer:delete "word_left")
    assert.are.equal("one |o", shown(buffer))
    assert.are.equal("o", buffer:delete "right")
    buffer:insert "x"
    buffer:undo()
    buffer:undo()
    buffer:undo()
    assert.are.equal("one tw|o", shown(buffer))
    buffer:undo()
    assert.are.equal("one tw|o", shown(buffer))
  end)

  it("knows its indentation and margin", function()
    assert.are.equal("  ", new("if x then\n  y|"):indent())
    assert.is_true(new("if x then\n  |y"):at_margin())
    assert.is_false(new("if x then\n  y|"):at_margin())
  end)
end)
