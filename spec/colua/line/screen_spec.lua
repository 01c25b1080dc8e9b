-- How the terminal shows an edited statement, at 40, 80 and 200 columns.

local process = require "process"
local screens_of = require "colua.line.screen"
local terminal = require "terminal"

local UP, LEFT = terminal.UP, terminal.LEFT


describe("the edited statement", function()
  local folder

  before_each(function() folder = process.folder() end)
  after_each(function() process.clean(folder) end)

  -- The screens of the steps, after the prompt, and their outputs.
  local function play(columns, steps, env)
    local own = { HOME = folder, XDG_STATE_HOME = folder .. "/state" }
    for name, value in pairs(env or {}) do own[name] = value end
    table.insert(steps, 1, { nil, "> " })
    local outputs, _, _, _, screens = terminal.play({ argv = { "-i" }, columns = columns, rows = 12,
      env = own }, steps)
    return screens, outputs
  end

  local function last(lines, count)
    return table.move(lines, math.max(1, #lines - count + 1), #lines, 1, {})
  end

  local function block(count)
    local lines = { "t = {" }
    for i = 1, count do lines[i + 1] = ("  %d,"):format(i) end
    lines[#lines + 1] = "}"
    return table.concat(lines, "\r")
  end

  for _, columns in ipairs { 40, 80, 200 } do
    for _, term in ipairs { "xterm", "screen" } do
      local where = (" at %d columns, TERM %s"):format(columns, term)

      it("wraps, and is drawn right after each key" .. where, function()
        local text = ("x"):rep(columns + 5)
        local screens = play(columns, {
          { text, "", screen = ("x"):rep(7) }, { LEFT .. "\1" .. "y", "", screen = ("x"):rep(8) },
          { "\5" .. ("\127"):rep(columns), "", screen = "> yxxxxx" },
        }, { TERM = term })
        local rows = last(screens[2].lines, 2)
        assert.are.same({ "> " .. ("x"):rep(columns - 2), ("x"):rep(7) }, rows)
        rows = last(screens[3].lines, 2)
        assert.are.same({ "> y" .. ("x"):rep(columns - 3), ("x"):rep(8) }, rows)
        assert.are.equal(3, screens[3].cursor[2])
      end)

      it("scrolls when it is taller than the window" .. where, function()
        local screens = play(columns, {
          { terminal.PASTE .. block(20) .. terminal.PASTE_END, "", screen = ">> }" },
          { UP:rep(21), "", screen = "> t = {" },
          { UP .. "\5 -- top", "", screen = "> t = { -- top" },
        }, { TERM = term })
        assert.are.equal(12, #screens[2].lines)
        assert.are.same({ ">>   19,", ">>   20,", ">> }" }, last(screens[2].lines, 3))
        assert.are.equal("> t = { -- top", screens[4].lines[1])
      end)
    end
  end

  it("leaves no empty row behind a full one", function()
    local text = "--" .. ("x"):rep(36)
    local screens = play(40, { { text .. "\r", "\n> ", screen = "> " .. text } })
    assert.are.same({ "> " .. text, ">" }, last(screens[2].lines, 2))
  end)

  it("is one block: earlier lines are reached and changed", function()
    local screens = play(80, {
      { "if true then\r", ">> " }, { "print(1)\r", ">> " },
      { UP .. "\5 -- one", "", screen = ">> print(1) -- one" },
      { "\27>end", "", screen = ">> end" }, { "\r", "\n1\n" },
    })
    assert.are.same({ "> if true then", ">> print(1) -- one", ">> end" }, last(screens[5].lines, 3))
  end)

  it("is drawn again when the window changes", function()
    local screens = play(80, {
      { ("x"):rep(100), "", screen = ("x"):rep(22) },
      { nil, "", columns = 200, screen = "> " .. ("x"):rep(100) },
      { nil, "", columns = 40, screen = ("x"):rep(22) },
      { "\21" .. "#'abc'", "", screen = "> #'abc'" }, { "\r", "\n3\n", screen = "> " },
    })
    assert.are.equal("> " .. ("x"):rep(100), screens[3].lines[#screens[3].lines])
  end)

  it("that is taller than the window is shown whole when it is run", function()
    local screens, outputs = play(80, {
      { terminal.PASTE .. block(20) .. terminal.PASTE_END, "", screen = ">> }" },
      { UP:rep(19), "", screen = ">>   2," },
      { "\r", ">> }\n> ", screen = ">" }, { "#t\r", "\n20\n" },
    })
    local rows = block(20):gsub("\r", "\n>> ")
    assert.is_truthy(outputs[4]:find("> " .. rows .. "\n> ", 1, true), outputs[4])
    assert.are.same({ ">>   20,", ">> }", ">" }, last(screens[4].lines, 3))
  end)

  it("begins below an output without a newline", function()
    local screens = play(40, {
      { "for i = 1, 3 do io.write(i) end\r", "\n123> ", screen = ">" },
      { "io.write(('x'):rep(40)) local x\r", "x> ", screen = ">" },
      { "io.write 'a' local x\r", "\na> ", screen = ">" },
      { "print 'b'\r", "\nb\n> ", screen = ">" },
    })
    assert.are.same({ "> for i = 1, 3 do io.write(i) end", "123",
      "> io.write(('x'):rep(40)) local x", ("x"):rep(40), "> io.write 'a' local x", "a",
      "> print 'b'", "b", ">" }, last(screens[5].lines, 9))
  end)

  it("has a prompt of the user's, in colours and of several lines", function()
    local screens = play(40, {
      { "_PROMPT = 'one\\n\\27[32mtwo\\27[0m> '\r", "\none\ntwo> " },
      { "abcd" .. LEFT .. "\127", "", screen = "two> abd" },
    }, { NO_COLOR = "" })
    assert.are.equal(7, screens[3].cursor[2])
    assert.are.same({ "one", "two> abd" }, last(screens[3].lines, 2))
  end)

  it("moves over a character with its marks", function()
    local screens = play(40, {
      { "xe\u{301}y" .. LEFT .. LEFT, "", screen = "> xe\u{301}y" },
      { "\27[3~", "", screen = "> xy" },
    })
    assert.are.equal(3, screens[2].cursor[2])
  end)

  it("clears after a change of the window just the rows that it takes then", function()
    for _, row in ipairs { { 18, 1 }, { 17, 1 }, { 19, 2 }, { 38, 3 }, { 8, 0 } } do
      local columns, written = 80, nil
      local screen = screens_of.new(function(text) written = text end,
        function() return columns, 24 end)
      screen:draw { text = ("x"):rep(row[1]), at = row[1], prompt = "> ", more = ">> " }
      columns = 10
      screen:resized()
      local up = row[2] > 0 and ("\27[%dA"):format(row[2]) or ""
      assert.are.equal("\r" .. up .. "\27[J", written, row[1])
    end
  end)

  it("stays in the history when Ctrl-C cuts it", function()
    local screens = play(80, {
      { "for i = 1, 2 do\r", ">> " }, { "print(i * 10)", "10)" },
      { terminal.CTRL_C, "^C\n> " }, { UP, "", screen = ">> print(i * 10)" },
      { "\rend\r", "\n10\n20\n" },
    })
    assert.are.equal("> for i = 1, 2 do", screens[5].lines[#screens[5].lines - 1])
  end)

  it("is not stopped by Ctrl-S", function()
    play(80, { { "\19" .. "6 * 7\r", "\n42\n" } })
  end)
end)
