-- Breaks the safety core one line at a time, in a copy of the project, and says what notices:
-- colua spec/mutants/run.lua [TEXT]. With TEXT, only the mutants whose name holds it.
--
-- A mutant is killed by the simulator (spec/simulate), by a spec, or by a C test. One that
-- survives, or whose text is not in its file any more, is a failure.

local rows = require "rows"

local SEEDS = 150
local BULK = "spec/codeocean/bulk spec/codeocean/assets/answer_spec.lua spec/scripts/tag_spec.lua "
  .. "spec/scripts/delete_spec.lua spec/scripts/archive_spec.lua spec/scripts/unarchive_spec.lua "
  .. "spec/scripts/undo_spec.lua spec/scripts/resume_spec.lua spec/scripts/runs_spec.lua"

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

local function write(path, content)
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(content))
end

-- With one text instead of another, which must stand there once.
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

local function passes(folder, command)
  return os.execute(("cd %s && timeout 600 %s >/dev/null 2>&1"):format(folder, command)) == true
end

local function is_c(file) return file:find "%.c$" ~= nil end

local C_KILLERS = {
  { "its C test", function(row)
    local name = row[2]:match "([%w_]+)%.c$"
    return ("make build/spec/%s_test && build/spec/%s_test"):format(name, name)
  end },
  { "the pacing test", function()
    return "make build/spec/pacing_test && build/spec/pacing_test"
  end },
  { "specs", function()
    return "make all && SPECS='spec/engine spec/codeocean/client_repeat_spec.lua' spec/run"
  end },
}

local LUA_KILLERS = {
  { "the simulator", function()
    return ("env SHOW=0 LUA_PATH='lua/?.lua;lua/?/init.lua;spec/simulate/?.lua;;' "
      .. "build/colua spec/simulate/run.lua %d"):format(SEEDS)
  end },
  { "specs", function() return ("SPECS='%s' spec/run"):format(BULK) end },
}

local function killer_of(folder, row)
  for _, killer in ipairs(is_c(row[2]) and C_KILLERS or LUA_KILLERS) do
    if not passes(folder, killer[2](row)) then return killer[1] end
  end
end

local function try(folder, row)
  local path = folder .. "/" .. row[2]
  local whole = read(path)
  local content, problem = broken(whole, row[3], row[4])
  if not content then return nil, problem end
  write(path, content)
  local killer = killer_of(folder, row)
  write(path, whole)
  return killer, "it survives"
end

-- What fails without a mutant would seem to kill each of them.
local function check_whole(folder)
  for _, file in ipairs { "src/core/retry.c", "src/core/limiter.c", "lua" } do
    local killer = killer_of(folder, { "", file })
    if killer then error(killer .. " fails without a mutant", 0) end
  end
end

local folder = copy_project()
local killed, failed = 0, 0
check_whole(folder)
for _, row in ipairs(rows) do
  if not arg[1] or row[1]:find(arg[1], 1, true) then
    local killer, problem = try(folder, row)
    if killer then killed = killed + 1 else failed = failed + 1 end
    print(("| %s | %s | %s |"):format(row[1], row[2]:match "[^/]+$", killer or problem:upper()))
    io.stdout:flush()
  end
end
os.execute("rm -rf " .. folder)
print(("%d passed, %d failed"):format(killed, failed))
os.exit(failed == 0 and 0 or 1)
