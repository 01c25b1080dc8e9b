-- Breaks the safety core one line at a time, in a copy of the project, and says what notices:
-- colua spec/mutants/run.lua [TEXT]. With TEXT, only the mutants whose name holds it.
--
-- A mutant is killed by the simulator (spec/simulate), by its module's spec, by those that its row
-- names, or by a C test. One that survives, or whose text is not in its file any more, is a
-- failure.

local rows = require "rows"

local SEEDS = tonumber(os.getenv "SEEDS") or 2000

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

local function write(path, content)
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(content))
end

-- Replaces a text, which must occur exactly once.
local function broken(content, from, to)
  local first, last = content:find(from, 1, true)
  if not first then return nil, "its text is not in the file" end
  if content:find(from, last + 1, true) then return nil, "its text is in the file twice" end
  return content:sub(1, first - 1) .. to .. content:sub(last + 1)
end

local function copy_project()
  local pipe = io.popen "mktemp -d"
  local folder = pipe:read "l"
  pipe:close()
  assert(os.execute("cp -Rp Makefile .ci lua scripts spec src examples docs manual bench packaging "
    .. "build " .. folder .. "/"))
  return folder
end

local function is_c(file) return file:find "%.c$" ~= nil end

-- Each killer: a command for a row, nil where there is none, and what to call it once it failed;
-- `says` finds that in the command's output.

local SPECS = { function(row)
  local own = row[2]:gsub("^lua/", "spec/"):gsub("%.lua$", "_spec.lua")
  local file = io.open(own)
  if file then file:close() end
  local specs = (file and own .. " " or "") .. (row[5] or "")
  return specs ~= "" and ("SPECS='%s' spec/run"):format(specs) or nil
end, "its spec" }

local C_KILLERS = {
  { function(row)
    local name = row[2]:match "core/(.*)%.c$"
    return ("make build/spec/%s_test && build/spec/%s_test"):format(name, name)
  end, "its C test" },
  { function(row) return row[5] and ("make all && SPECS='%s' spec/run"):format(row[5]) end,
    "specs of the engine" },
}

local LUA_KILLERS = {
  { function()
    return ("env FIRST_ONLY=1 LUA_PATH='lua/?.lua;lua/?/init.lua;spec/simulate/?.lua;;' "
      .. "build/colua spec/simulate/run.lua %d 1"):format(SEEDS)
  end, "simulator", says = "^seed (%d+: %l+)" },
  SPECS,
}

-- The output of a command that failed; nil of one that did not.
local function failure(folder, command)
  local pipe = io.popen(("cd %s && timeout 600 sh -c %q 2>&1"):format(folder, command))
  local output = pipe:read "a"
  return not pipe:close() and output or nil
end

-- The name of the killer if its command fails. Specs about time may fail under load: they must
  -- fail twice.
local function verdict(folder, killer, row)
  local command = killer[1](row)
  if not command then return nil end
  local output = failure(folder, command)
  local found = output and killer.says and output:match(killer.says)
  if found then return ("%s, seed %s"):format(killer[2], found), command end
  output = output and failure(folder, command)
  if not output then return nil end
  local where = output:match "at (spec/%S-_spec%.lua)"
  return where and "`" .. where .. "`" or killer[2], command
end

local function killer_of(folder, row)
  for _, killer in ipairs(is_c(row[2]) and C_KILLERS or LUA_KILLERS) do
    local name, command = verdict(folder, killer, row)
    if name then return name, command end
  end
end

local passes_whole = {} -- by command: whether it passes without a mutant

-- What fails without a mutant would seem to kill each of them.
local function check_whole(folder, command)
  if passes_whole[command] == nil then passes_whole[command] = not failure(folder, command) end
  if not passes_whole[command] then error(command .. " fails without a mutant", 0) end
end

local function try(folder, row)
  local path = folder .. "/" .. row[2]
  local whole = read(path)
  local content, problem = broken(whole, row[3], row[4])
  if not content then return nil, problem end
  write(path, content)
  local killer, command = killer_of(folder, row)
  write(path, whole)
  if command then check_whole(folder, command) end
  return killer, "it survives"
end

local folder = copy_project()
local killed, failed = 0, 0
for _, row in ipairs(rows) do
  if not arg[1] or row[1]:find(arg[1], 1, true) then
    local killer, problem = try(folder, row)
    if killer then killed = killed + 1 else failed = failed + 1 end
    print(("| %s | `%s` | %s |"):format(row[1], row[2]:match "/(.+)$", killer or problem:upper()))
    io.stdout:flush()
  end
end
os.execute("rm -rf " .. folder)
print(("%d passed, %d failed"):format(killed, failed))
os.exit(failed == 0 and 0 or 1)
