-- The colours of a statement while it is typed, as spans and on the screen.

local highlight = require "colua.line.highlight"
local process = require "process"
local terminal = require "terminal"

local BOLD, GREEN, CYAN, DIM, PLAIN = "\27[1m", "\27[32m", "\27[36m", "\27[2m", "\27[0m"

describe("colours of a statement", function()
  it("are spans of keywords, strings, numbers and comments", function()
    assert.are.same({ { 1, 5, BOLD }, { 11, 14, GREEN }, { 17, 18, CYAN }, { 20, 23, DIM } },
      highlight.spans "local x = 'é'; 12 -- y")
  end)

  it("take half a string as a string, and a command of the session as it is", function()
    assert.are.same({ { 7, 11, GREEN } }, highlight.spans "print('open")
    assert.are.same({}, highlight.spans ".csv 'a'")
  end)
end)

describe("the edited statement in colours", function()
  local folder

  before_each(function() folder = process.folder() end)
  after_each(function() process.clean(folder) end)

  local function play(columns, steps, env)
    local own = { HOME = folder, XDG_STATE_HOME = folder .. "/state", NO_COLOR = "" }
    for name, value in pairs(env or {}) do own[name] = value end
    table.insert(steps, 1, { nil, "> " })
    return terminal.play({ argv = { "-i" }, columns = columns, rows = 12, env = own, raw = true },
      steps)
  end

  it("ends each row plain, also one that wraps within a string", function()
    local second = "\27[K" .. GREEN .. ("a"):rep(5) .. PLAIN
    local shown = play(40, { { "x='" .. ("a"):rep(40), second } })
    assert.is_truthy(shown[2]:find(GREEN .. "'" .. ("a"):rep(35) .. PLAIN, 1, true))
  end)

  it("is plain where NO_COLOR says so, and has no suggestion", function()
    local shown = play(80, { { "x = 'ab'\r", "> " }, { "x =", "x =" } }, { NO_COLOR = "1" })
    assert.is_nil((shown[2] .. shown[3]):find("\27%[[%d;]+m"))
  end)

  it("suggests how the history goes on; the right arrow takes it", function()
    local screens = select(5, play(80, {
      { "x = 12\r", "> " }, { "x", DIM .. " = 12" .. PLAIN, screen = "> x = 12" },
      { "\27[C + 1", "1", screen = "> x = 12 + 1" }, { "\rx\r", "13" },
    }))
    assert.are.equal(3, screens[3].cursor[2])
  end)
end)
