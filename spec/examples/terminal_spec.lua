-- The demo and the examples on a terminal of 80 columns, where they show progress and tables.

local deployment = require "deployment"
local optional = require "optional"
local process = require "process"

local COLUMNS = 80

local function run(script, options)
  options = options or {}
  options.columns = COLUMNS
  local words = { process.colua, "examples/" .. script }
  table.move(options.words or {}, 1, #(options.words or {}), 3, words)
  return process.on_terminal(words, options)
end

-- The lines as the terminal has them in the end: what was written over is gone.
local function lines_of(shown)
  local lines = {}
  for line in shown:gsub("\27%[[%d;]*m", ""):gmatch("([^\n]*)\n") do
    lines[#lines + 1] = line:match("([^\r]*)$"):gsub("\27%[K", "")
  end
  return lines
end

local function fits(shown)
  local lines = lines_of(shown)
  for _, line in ipairs(lines) do assert.is_true(utf8.len(line) <= COLUMNS, line) end
  return lines
end

describe("on a terminal", function()
  local here

  before_each(function()
    here = deployment.start { seed = 40, ready_after = 0 }
  end)
  after_each(function() here:stop() end)

  local function environment()
    local env = here:environment()
    env.LUA_CPATH, env.LUA_INIT = os.getenv "LUA_CPATH", ""
    return env
  end

  it("the demo shows its phases and proves its result", function()
    local home = process.folder()
    finally(function() process.clean(home) end)
    local result = run("demo.lua", { env = { HOME = home, XDG_STATE_HOME = home, LUA_INIT = "" } })
    assert.are.equal(0, result.status, result.out)
    -- Only a phase that takes a second is shown: none need be, and on a slow machine all are.
    local known, shown = { creating = true, planning = true, tagging = true }, 0
    for phase in result.out:gmatch "\r\27%[K(%l+)  %d+/%d+ " do
      assert.is_true(known[phase], phase)
      shown = shown + 1
    end
    local seconds = tonumber(result.out:match "\ntotal .- in ([%d.]+) s")
    assert.is_true(shown > 0 or seconds < 5)
    assert.is_truthy(result.out:find("\nproof +a fresh search finds %d+ assets tagged"))
    assert.is_nil(result.out:find("traceback", 1, true))
    assert.are.equal("total", fits(result.out)[#lines_of(result.out)]:match("^%a+"))
  end)

  it("tag-by-year.lua asks, and writes what was agreed to", function()
    local result = run("tag-by-year.lua", { env = environment(), talk = { "[y/N]", "y" } })
    assert.are.equal(0, result.status, result.out)
    local _, tagged = result.out:gsub("%f[%w]ok%f[%W]", "")
    assert.is_true(#here:written() > 10 and tagged > 10)
  end)

  it("tag-by-year.lua writes nothing after a no", function()
    local result = run("tag-by-year.lua", { env = environment(), talk = { "[y/N]", "n" } })
    assert.are.equal(6, result.status, result.out)
    assert.are.same({}, here:written())
  end)

  for _, name in ipairs(optional.names { "cqueues", "luv" }) do
    it(name .. ".lua reads everything", function()
      local result = run(name .. ".lua", { env = environment() })
      assert.are.equal(0, result.status, result.out)
      assert.is_truthy(result.out:find("^%d+ assets read by 8 coroutines, %d+ more by a map\n"
        .. "the worst tick came [%d.]+ ms late\n$"), result.out)
    end)
  end
end)
