-- Ctrl-C in a session: at the prompt it clears the line; elsewhere it ends what runs, and the
-- session continues.

local fixture = require "fixture"
local process = require "process"
local promptness = require "promptness"
local sandbox = require "codeocean.sandbox"
local terminal = require "terminal"

local AT_ONCE = 0.1

local running = {
  ["a loop"] = "print 'go' while true do end",
  ["a loop in a coroutine"] = "coroutine.wrap(function() print 'go' while true do end end)()",
  ["a loop in a resumed coroutine"] = "print(coroutine.resume(coroutine.create(function() "
    .. "print 'go' while true do end end)))",
  ["a loop two coroutines deep"] = "coroutine.wrap(function() coroutine.wrap(function() "
    .. "print 'go' while true do end end)() end)()",
  ["a loop that catches it"] = "print 'go' "
    .. "while true do pcall(function() while true do end end) end",
  ["a loop that catches it in C"] = "print 'go' while true do pcall(string.rep) end",
  ["a loop in a task"] = "client:map({ 1, 2 }, function() print 'go' while true do end end)",
  ["a long iteration"] = "print 'go' while true do for a in assets:each {} do a = a end end",
  ["a request"] = "box:fault { kind = 'stall' } print 'go' slow.data_assets:get(id)",
  ["requests in tasks"] = "box:fault { kind = 'stall', count = -1 } print 'go' "
    .. "slow:map({ id, id, id }, function(i) return slow.data_assets:get(i) end)",
  ["requests that are caught"] = "box:fault { kind = 'stall', count = -1 } print 'go' "
    .. "for i = 1, 100 do pcall(function() slow.data_assets:get(id) end) end",
  ["a sleep"] = "print 'go' client:sleep(60)",
  ["a wait for an asset"] = "box:fault { kind = 'stuck_draft', count = -1 } print 'go' "
    .. "while true do client:sleep(1) end",
  ["a match that prints"] = "print 'go' while true do io.write '' end",
}


describe("Ctrl-C", function()
  local folder

  setup(function() folder = process.folder() end)
  teardown(function() process.clean(folder) end)

  local function play(steps, options)
    options = options or {}
    options.argv = options.argv or { "--sandbox" }
    options.env = { HOME = folder, XDG_STATE_HOME = folder }
    for name, value in pairs(options.more or {}) do options.env[name] = value end
    return terminal.play(options, steps)
  end

  local function wait(seconds)
    local box <close> = assert(sandbox.start {})
    box:wait(seconds)
  end

  local prepare = "box = require('codeocean.sandbox').start { seed = 3 } "
    .. "slow = codeocean.client { domain = box.url, token = box.token, retries = 0 } "
    .. "id = slow.data_assets:search({}).results[1].id\r"

  for name, code in pairs(running) do
    it("ends " .. name .. " within 100 ms, and the session is intact", function()
      local function seconds_of(steps) return select(4, play(steps))[5] end
      local took = seconds_of {
        { nil, "sandbox > " },
        { prepare, "sandbox > " },
        { "local kept = 41\r", "sandbox > " },
        { code .. "\r", "\ngo\n" },
        { terminal.CTRL_C, "interrupted\nsandbox > " },
        { "kept + 1\r", "\n42\nsandbox > " },
        { "#assets:search({ limit = 2 }).results == 2\r", "\ntrue\n" },
        { "box:clear()\r", "sandbox > " },
        { "slow:stats().requests > 0, not not slow.data_assets:get(id)\r", "\ntrue\ntrue\n" },
      }
      promptness.within(AT_ONCE, took, wait)
    end)
  end

  it("during a status row leaves one row, and tells of nothing else", function()
    local peer = fixture.new(finally):sandbox { latency = 1 }
    for _, line in ipairs { "x = assets:all {}", "assets:all {}" } do
      local _, all, _, _, screens = play({
        { nil, "127.0.0.1 > " }, { line .. "\r", "search  0" },
        { terminal.CTRL_C, "interrupted\n127.0.0.1 > ", screen = "127.0.0.1 >" },
      }, { argv = {}, more = { CODEOCEAN_DOMAIN = peer.url, CODEOCEAN_TOKEN = peer.token } })
      local rows = screens[3].lines
      assert.are.same({ "127.0.0.1 > " .. line, "interrupted", "127.0.0.1 >" },
        table.move(rows, #rows - 2, #rows, 1, {}))
      assert.is_nil(all:find("cancelled", 1, true))
    end
  end)

  it("does not cut what cleans up", function()
    play {
      { nil, "sandbox > " },
      { "do local c <close> = setmetatable({}, { __close = function() for i = 1, 1e5 do end "
        .. "print 'closed' end }) print 'go' while true do end end\r", "\ngo\n" },
      { terminal.CTRL_C, "closed\n" },
      { nil, "interrupted\nsandbox > " },
    }
  end)

  for name, term in pairs { ["an edited line"] = "xterm", ["a dumb terminal's line"] = "dumb" } do
    it("clears " .. name, function()
      play({
        { nil, "sandbox > " },
        { "error 'never'", "never'" },
        { terminal.CTRL_C, "^C\nsandbox > " },
        { "6 * 7\r", "\n42\n" },
        { "for i = 1, 2 do\r", ">> " },
        { terminal.CTRL_C, "^C\nsandbox > " },
        { "6 * 8\r", "\n48\n" },
      }, { more = { TERM = term } })
    end)
  end

  it("is a signal too", function()
    play {
      { nil, "sandbox > " },
      { "1 +", "1 +" },
      { nil, "^C\nsandbox > ", signal = "SIGINT" },
      { "6 * 7\r", "\n42\n" },
    }
  end)

  it("leaves by Ctrl-D", function()
    local _, all, status = play({ { nil, "sandbox > " }, { terminal.CTRL_D, "\n" } },
      { leaves = true })
    assert.are.equal(0, status)
    assert.is_nil(all:find("rror"))
  end)
end)
