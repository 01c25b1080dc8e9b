-- Ctrl-C during a script. The signal is sent when the script has reported through a named pipe
-- that it runs.

local process = require "process"

-- The chunk opens `ready` for writing, which the shell waits for; then it is interrupted.
local interrupting = [[
  mkfifo ready
  %s & pid=$!
  read -r word < ready
  kill -INT $pid
  wait $pid]]

local ready = "local f = io.open('ready', 'w') f:write('now\\n') f:close() "


describe("an interrupted", function()
  local folder

  before_each(function() folder = process.folder() end)
  after_each(function() process.clean(folder) end)

  local function interrupt(program, words)
    local quoted = { process.quote(program) }
    for _, word in ipairs(words) do quoted[#quoted + 1] = process.quote(word) end
    local result = process.shell(interrupting:format(table.concat(quoted, " ")), { cwd = folder })
    result.err = result.err:gsub("^" .. program:gsub("%p", "%%%0") .. ":", "PROGRAM:")
    -- The signal may come before the loop does: where it struck is not compared.
    result.err = result.err:gsub(" %(command line%):1:", ""):gsub("\n\t[^\n]*", "")
    result.out = result.out:gsub("%(command line%):1: ", "")
    process.shell("rm -f ready", { cwd = folder })
    return result
  end

  for name, code in pairs {
    ["loop"] = ready .. "while true do end",
    ["function"] = ready .. "local function f() while true do end end f()",
    ["call that catches it"] = "print(pcall(function() " .. ready .. "while true do end end))",
    ["chunk that closes what it opened"] = "local x <close> = setmetatable({}, { __close = "
      .. "function() print('closed') end }) " .. ready .. "while true do end",
  } do
    it(name .. " ends as under lua5.4", function()
      assert.are.same(interrupt(process.lua, { "-e", code }),
        interrupt(process.colua, { "-e", code }))
    end)
  end

  it("command says so in one line and gives 130", function()
    os.execute(("cd %s && mkdir -p build scripts lua/codeocean && cp %s build/colua"):format(
      folder, process.quote(process.colua)))
    process.write(folder .. "/lua/codeocean/init.lua", "")
    process.write(folder .. "/scripts/spin.lua", "-- colua spin: never end\n"
      .. "local x <close> = setmetatable({}, { __close = function() print('closed') end })\n"
      .. ready .. "while true do end")
    assert.are.same({ status = 130, out = "closed\n", err = "PROGRAM: interrupted\n" },
      interrupt("./build/colua", { "spin" }))
  end)
end)
