-- The editor of statements: keys in, a text or a reason out. The terminal is simulated; what a
-- real one shows is in screen_spec.

local lines = require "colua.line"

local UP, DOWN, LEFT, ALT_ENTER = "\27[A", "\27[B", "\27[D", "\27\r"

describe("colua.line", function()
  local raw, suspended, output

  before_each(function() raw, suspended, output = {}, 0, {} end)

  -- An editor whose user presses these keys; a table among them is what comes in place of a byte.
  local function editor(input, options)
    local bytes, position = {}, 0
    for _, part in ipairs(type(input) == "table" and input or { input }) do
      if type(part) == "table" then bytes[#bytes + 1] = part
      else for i = 1, #part do bytes[#bytes + 1] = part:byte(i) end end
    end
    local function byte()
      position = position + 1
      local value = bytes[position]
      if type(value) == "table" then
        if value.fails then error(value.fails, 0) end
        return nil, value[1]
      end
      return value
    end
    local own = { entries = {}, incomplete = function() return false end,
      write = function(text) output[#output + 1] = text end,
      complete = function() end,
      terminal = { byte = byte, byte_waits = function() return false end,
        size = function() return 40, 10 end, raw = function(on) raw[#raw + 1] = on end,
        suspend = function() suspended = suspended + 1 end } }
    for name, value in pairs(options or {}) do own[name] = value end
    return lines.new(own)
  end

  local function read(input, options, text)
    return editor(input, options):read("> ", ">> ", text)
  end

  local rows = {
    { "enter", "abc\r", "abc" }, { "characters of several bytes", "ü€\127\r", "ü" },
    { "moves", "ac" .. LEFT .. "b\1x\5y\r", "xabcy" }, { "deletes", "abc\1\4\27[3~\r", "c" },
    { "cuts of a line", "abc\1\11x\25\25\r", "xabcabc" },
    { "ctrl-u", "abc" .. LEFT .. "\21\r", "c" },
    { "cuts of words by blanks", "a b.c \23\25\25\r", "a b.c b.c " },
    { "an empty cut, which keeps what was cut", "ab\21\21\25\r", "ab" },
    { "undo", "ab \11\23\31\r", "ab " }, { "a paste", "\27[200~a\rb\27[201~\r", "a\nb" },
    { "alt-enter", "a" .. ALT_ENTER .. "b\r", "a\nb" },
    { "a further line, indented as the one above", "  a" .. ALT_ENTER .. "b\r", "  a\n  b" },
    { "tab at the margin", "\tx\r", "  x" }, { "keys without a meaning", "a\7\27[9~b\r", "ab" },
  }
  for _, row in ipairs(rows) do
    it("knows " .. row[1], function()
      assert.same({ row[3] }, { read(row[2]) })
      assert.same({ true, false }, raw)
    end)
  end

  it("reads another line while a statement lacks its end", function()
    local function incomplete(text) return not text:find "end" end
    assert.equal("if x\nend", read("if x\rend\r", { incomplete = incomplete }))
  end)

  it("returns why there is no statement, and the text typed so far", function()
    assert.same({ nil, "end" }, { read "\4" })
    assert.same({ nil, "interrupted", "ab" }, { read "ab\3" })
    assert.same({ nil, "interrupted", "ab" }, { read { "ab", { "interrupted" } } })
    assert.same({ nil, "end", "ab" }, { read { "ab", { "closed" } } })
    assert.same({ nil, "interrupted" }, { read "\3" })
    assert.equal(10, #raw)
  end)

  it("goes on after a change of the window's size and after a stop", function()
    assert.equal("abc", read { "ab", { "resized" }, "c\26\r" })
    assert.equal(1, suspended)
  end)

  it("leaves the terminal as it was when a hook raises", function()
    local problem = {}
    local ok, raised = pcall(read, { "a", { fails = problem } })
    assert.same({ false, true }, { ok, raised == problem })
    assert.same({ true, false }, raw)
  end)

  it("recalls the history, and after it the text typed so far", function()
    local options = { entries = { "first", "second" } }
    assert.equal("second", read("typed" .. UP .. "\r", options))
    assert.equal("first", read("typed" .. UP .. UP .. UP .. "\r", options))
    assert.equal("typed!", read("typed" .. UP .. UP .. DOWN .. DOWN .. DOWN .. "!\r", options))
    assert.same({ "first", "second" }, options.entries)
  end)

  it("moves within a block before it recalls", function()
    assert.equal("xa\nb", read("\1" .. UP .. "\1x\r", { entries = { "old" } }, "a\nb"))
    assert.equal("old", read("\1" .. UP .. UP .. "\r", { entries = { "old" } }, "a\nb"))
  end)

  it("recalls the entries with the same beginning", function()
    local entries = { "print(1)", "x = 2", "print(3)" }
    assert.equal("print(1)", read("pr\27p\27p\r", { entries = entries }))
    assert.equal("print(3)", read("pr\27p\27p\27n\r", { entries = entries }))
    assert.equal("pr", read("pr\27p\27n\r", { entries = entries }))
  end)

  it("searches the history", function()
    local entries = { "alpha", "beta", "alps" }
    assert.equal("alps", read("\18al\r\r", { entries = entries }))
    assert.equal("alpha", read("\18al\18\r\r", { entries = entries }))
  end)

  it("completes at the cursor, and shows the list below", function()
    local asked
    local function complete(text, at)
      asked = { text, at }
      return "nt", "one\ntwo"
    end
    assert.equal("print)", read("pri)" .. LEFT .. "\t\r", { complete = complete }))
    assert.same({ "pri)", 3 }, asked)
    assert.is_truthy(table.concat(output):find("\r\none\r\ntwo\r\n", 1, true))
  end)

  it("shows a hint while a text is edited, not when it is entered", function()
    local hints = {}
    local function hint(text, at)
      hints[#hints + 1] = text .. at
      return "HINT"
    end
    assert.equal("ab", read("ab" .. LEFT .. "\r", { hint = hint }))
    assert.same({ "0", "a1", "ab2", "ab1" }, hints)
    assert.is_truthy(table.concat(output):find("HINT", 1, true))
    assert.is_nil(output[#output]:find("HINT", 1, true))
  end)

  it("begins with a text, and keeps what was cut for the next statement", function()
    local own = editor "\21\r\25\r"
    assert.equal("", own:read("> ", ">> ", "given"))
    assert.equal("given", own:read("> ", ">> "))
  end)

  it("draws once for all bytes that wait", function()
    local count = 3
    local function waits()
      count = count - 1
      return count > 0
    end
    local own = editor "abc\r"
    own.terminal.byte_waits = waits
    own:read("> ", ">> ")
    assert.are.equal((" "):rep(40) .. "\r\27[K", output[1])
    assert.is_truthy(output[2]:find("> ab", 1, true), output[2])
  end)
end)
