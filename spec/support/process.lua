-- Runs programs for specs: quotes every word, returns both outputs and the status. Each runs in a
-- folder of its own, which `process.clean` removes.

local M = {}


function M.quote(word)
  return "'" .. tostring(word):gsub("'", "'\\''") .. "'"
end


-- The interpreter that runs this spec, else the one the build made.
local function own_interpreter()
  local i = 0
  while arg and arg[i - 1] do i = i - 1 end
  local name = arg and arg[i] or ""
  return name:find("colua$") and name or (os.getenv("BUILD") or "build") .. "/colua"
end


local function absolute(path)
  if path:sub(1, 1) == "/" then return path end
  local pipe = assert(io.popen("pwd"))
  local here = pipe:read("l")
  pipe:close()
  return here .. "/" .. path
end


M.colua = absolute(own_interpreter())
M.lua = "lua" .. _VERSION:match "%d%.%d"


function M.folder()
  local pipe = assert(io.popen("mktemp -d"))
  local path = pipe:read("l")
  pipe:close()
  return path
end


function M.clean(folder)
  os.execute("rm -rf " .. M.quote(folder))
end


function M.write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  return path
end


function M.read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end


local function environment(variables)
  local words = {}
  for name, value in pairs(variables or {}) do
    words[#words + 1] = name .. "=" .. M.quote(value)
  end
  table.sort(words)
  return #words > 0 and "env " .. table.concat(words, " ") .. " " or ""
end


-- Runs shell code in `options.cwd`; {status, out, err}. A signal gives 128 + its number.
function M.shell(code, options)
  options = options or {}
  local scratch = M.folder()
  M.write(scratch .. "/in", options.stdin or "")
  local line = ("cd %s && { %s\n} < %s/in > %s/out 2> %s/err"):format(
    M.quote(options.cwd or "."), code, scratch, scratch, scratch)
  local _, how, status = os.execute(line)
  local result = {
    status = how == "signal" and 128 + status or status,
    out = M.read(scratch .. "/out"), err = M.read(scratch .. "/err") }
  M.clean(scratch)
  return result
end


-- Runs `program` with a list of words; options: stdin, env, cwd.
function M.run(program, words, options)
  local quoted = { M.quote(program) }
  for _, word in ipairs(words) do quoted[#quoted + 1] = M.quote(word) end
  return M.shell(environment(options and options.env) .. table.concat(quoted, " "), options)
end


-- Runs a list of words on a pseudo-terminal: {status, out}, where out is all that the terminal
-- showed. options: columns (80), talk (question, answer, question, … to be typed), env, cwd.
local HELPER = absolute(debug.getinfo(1, "S").source:match("^@(.*)/") .. "/dialogue.py")

function M.on_terminal(words, options)
  local line = { HELPER, options.columns or 80 }
  for _, word in ipairs(options.talk or {}) do line[#line + 1] = word end
  line[#line + 1] = "--"
  for _, word in ipairs(words) do line[#line + 1] = word end
  local env = { TERM = "xterm" }
  for name, value in pairs(options.env or {}) do env[name] = value end
  return M.run("python3", line, { env = env, cwd = options.cwd })
end


-- Whether stock Lua can load the modules of this build: sanitized ones belong into a sanitized
-- program, and only ours is one.
function M.stock_loads()
  local result = M.run(M.lua, { "-e", 'require "codeocean.core"' })
  return not result.err:find("ASan runtime", 1, true)
end


-- The programs that can host the modules.
function M.hosts()
  return M.stock_loads() and { M.lua, M.colua } or { M.colua }
end


return M
