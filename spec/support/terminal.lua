-- Plays a session on a real pseudo-terminal (terminal.py), and fails if the expected output does
-- not appear.

local json = require "codeocean.json"
local process = require "process"

local M = {}

local HERE = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"

M.ENTER, M.TAB, M.CTRL_C, M.CTRL_D, M.CTRL_R = "\r", "\t", "\3", "\4", "\18"
M.UP, M.DOWN, M.LEFT = "\27[A", "\27[B", "\27[D"
M.PASTE, M.PASTE_END = "\27[200~", "\27[201~"

local function absolute(path)
  local pipe = assert(io.popen("cd " .. process.quote(path) .. " && pwd"))
  local found = pipe:read("l")
  pipe:close()
  return found
end

local HELPER = absolute(HERE) .. "/terminal.py"

-- The steps of a spec: { typed text, expected text [, seconds] }. With `screen`, a row that the
-- terminal must show at some time, the result has the step's screen.
local function steps_of(list)
  local steps = json.array {}
  for i, step in ipairs(list) do
    steps[i] = { send = step[1] or "", expect = step[2], within = step[3] or step.within,
      signal = step.signal, columns = step.columns, screen = step.screen }
  end
  return steps
end

--- play(options, steps) -> list of what each step showed, all of it as one text, exit status,
-- seconds of each step, list of {lines =, cursor = {row, column}} for the steps with a screen.
-- options: argv (words after colua), env, cwd, columns, rows, leaves (the last step ends the
-- program).
function M.play(options, steps)
  local argv = { options.program or process.colua, table.unpack(options.argv or {}) }
  local env = { TERM = "xterm", NO_COLOR = "1", LUA_INIT = "" }
  for name, value in pairs(options.env or {}) do env[name] = value end
  local scenario = json.encode { argv = argv, env = env, cwd = options.cwd or ".",
    columns = options.columns or 100, rows = options.rows or 40, leaves = options.leaves or false,
    raw = options.raw or false, steps = steps_of(steps) }
  local run = process.run("python3", { HELPER }, { stdin = scenario })
  assert(run.status == 0, run.err)
  local answer = assert(json.decode(run.out))
  local outputs, seconds, screens = {}, {}, {}
  for i, step in ipairs(answer.steps) do
    outputs[i], seconds[i] = step.output, step.seconds
    if step.screen then screens[i] = { lines = step.screen, cursor = step.cursor } end
    if not step.found then
      error(("step %d, %q: no %q in\n%s"):format(i, steps[i][1] or "", steps[i][2],
        table.concat(outputs)), 2)
    end
  end
  return outputs, table.concat(outputs) .. answer.rest, answer.status, seconds, screens
end

return M
