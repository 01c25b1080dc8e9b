-- The row that shows the progress of a line of the session.

local fixture = require "fixture"
local process = require "process"
local statuses = require "colua.progress"
local terminal = require "terminal"


describe("the status", function()
  local now, written, hooks, status, client

  before_each(function()
    now, written, hooks = 0, {}, {}
    client = {
      on = function(_, event, fn) hooks[event] = fn end, step = function() end,
      stats = function() return { in_flight = 2 } end,
    }
    status = statuses.new { now = function() return now end, width = function() return 80 end,
      out = { write = function(_, ...) written[#written + 1] = table.concat { ... } end,
        flush = function() end } }
    status:watch(client)
  end)

  local function shown()
    local text = table.concat(written):gsub("\r\27%[K", "|")
    written = {}
    return text
  end

  local function answer(count, err, run)
    for _ = 1, count do
      hooks.request { operation = "get", run = run }
      hooks.answer({ operation = "get", run = run }, not err, err)
    end
  end

  it("waits half a second, then shows what, how many, how fast", function()
    status:wait(client)
    now = 0.49
    status:wait(client)
    assert.are.equal("", shown())
    now = 2
    answer(30)
    status:wait(client)
    assert.are.equal("|get  30  15.0/s  2 in flight  2 s", shown())
  end)

  it("counts the assets that a search finds", function()
    hooks.request { operation = "search" }
    hooks.answer({ operation = "search" }, { results = { {}, {}, {} } })
    hooks.answer({ operation = "search" }, { results = { {} } })
    now = 2
    status:wait(client)
    assert.are.equal("|search  4  2.0/s  2 in flight  2 s", shown())
  end)

  it("is removed, whichever call Ctrl-C cut", function()
    local write = status.out.write
    local function cut(fn)
      function status.out.write(...)
        write(...)
        error("interrupted", 0)
      end
      assert.has_error(fn, "interrupted")
      status.out.write = write
    end
    now = 1
    cut(function() status:wait(client) end)
    cut(function() status:clear() end)
    shown()
    status:clear()
    assert.are.equal("|", shown())
  end)

  it("is drawn ten times a second at most, and gone when an answer comes", function()
    now = 1
    status:wait(client)
    now = 1.05
    status:wait(client)
    assert.are.equal("|waiting  0  2 in flight  1 s", shown())
    answer(1)
    assert.are.equal("|", shown())
    answer(1)
    assert.are.equal("", shown())
  end)

  it("shows the phase of a bulk run, its share and the time left", function()
    hooks.progress { type = "planned", done = 1, total = 200 }
    now = 10
    hooks.progress { type = "applied", done = 1, total = 200 }
    now = 20
    hooks.progress { type = "applied", done = 50, total = 200, errors = 1 }
    answer(1, nil, {})
    status:wait(client)
    assert.are.equal("| 50/200   25%" .. "  5.0/s  30 s left  2 in flight  1 error  20 s",
      (shown():gsub("writing  ", "")))
    hooks.report()
    assert.are.equal("|", shown())
  end)

  it("is begun again with each line", function()
    now = 5
    answer(3)
    status:begin()
    status:wait(client)
    assert.are.equal("", shown())
  end)

  it("is drawn on a terminal only", function()
    status.width = function() return nil end
    now = 3
    status:wait(client)
    assert.are.equal("", shown())
  end)
end)


it("a search of more than half a second shows that it works, and leaves no trace", function()
  local with = fixture.new(finally)
  local peer, folder = with:sandbox { latency = 1 }, with:folder()
  local _, all, _, _, screens = terminal.play({ argv = {}, env = { HOME = folder,
    XDG_STATE_HOME = folder, CODEOCEAN_DOMAIN = peer.url, CODEOCEAN_TOKEN = peer.token } }, {
    { nil, "127.0.0.1 > " },
    { "assets:search {}\r", "search  0  1 in flight" },
    { nil, "no asset matches\n127.0.0.1 > ", screen = "127.0.0.1 >" },
  })
  assert.is_truthy(all:find "search  0")
  local lines = screens[3].lines
  assert.are.same({ "127.0.0.1 > assets:search {}", "no asset matches", "127.0.0.1 >" },
    table.move(lines, #lines - 2, #lines, 1, {}))
  process.clean(folder)
end)
