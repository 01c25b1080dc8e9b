-- Runs a python3 program for the specs of one file; http and fixture use it. It reads a line at a
-- time from its input and answers through a fifo, whose path is its argument. It ends at the line
-- "end" or the end of its input, and removes the fifo.
--
--   local input, fifo = child.start(code)
--
-- It ends with the spec file. Require this, and what requires this, at the top of a file: that is
-- where the teardown belongs to the file. In a program that a spec runs there is no busted: the
-- child ends with the program.

local process = require "process"

local M = {}

local inputs = {}

--- start(code) -> the pipe to a new child, and the path of its fifo.
function M.start(code)
  local fifo = os.tmpname()
  os.remove(fifo)
  assert(os.execute("mkfifo -m 600 " .. process.quote(fifo)))
  local words = { "exec python3 -u -c", process.quote(code), process.quote(fifo) }
  local input = assert(io.popen(table.concat(words, " "), "w"))
  inputs[#inputs + 1] = input
  return input, fifo
end

-- The line, not the closing: a program that was started meanwhile may have the pipe too.
local function stop()
  for _, input in ipairs(inputs) do
    input:write("end\n")
    input:close()
  end
end

local busted = package.loaded.busted
if busted then busted.teardown(stop) end

return M
