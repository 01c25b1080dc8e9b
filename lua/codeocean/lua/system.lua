--- What the library calls of `os`, `io` and `debug`, which a host may have taken out of its Lua.
--
-- Called by whatever a client, its calls and its tasks need. Without a library each of these does
-- what is left: no variable is set, no file can be opened, a message stays as it is.

local core = require "codeocean.core"

local M = {}

local ENOENT = 2

--- getenv(name) -> the variable's value, or nil.
function M.getenv(name) return os and os.getenv(name) or nil end

--- time() -> the time of day in whole seconds, as os.time() gives it.
function M.time() return math.floor(core.time_of_day()) end

--- open(path, mode): io.open; no file is there for who cannot open any.
function M.open(path, mode)
  if io then return io.open(path, mode) end
  return nil, path .. ": this Lua has no library `io` to open it with", ENOENT
end

--- is_file(value) -> whether it is an open file.
function M.is_file(value) return io ~= nil and io.type(value) == "file" end

--- traceback([thread,] message [, level]): debug.traceback.
function M.traceback(thread, ...)
  if debug then return debug.traceback(thread, ...) end
  return type(thread) == "thread" and (...) or thread
end

return M
