-- Where the token is in memory, and that no core file contains it.

local deployment = require "deployment"
local peer = require "peer"
local process = require "process"

local HERE = process.shell("pwd").out:match("[^\n]+")
local TOKEN = "cop_markerTOKENabcdefgh"

-- Dies of SIGABRT with room for a core file; prints whether the kernel wrote one.
local DIE = [[
import os, resource, signal, subprocess, sys
most = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
child.send_signal(signal.SIGABRT)
print(os.WCOREDUMP(os.waitpid(child.pid, 0)[1]))
]]

local STOP = 'print "ready" io.stdout:flush() io.read()'

describe("the token in memory", function()
  local here
  setup(function() here = deployment.start { token = TOKEN, seed = 2 } end)
  teardown(function() here:stop() end)

  local function dumps(program)
    local result = process.run("python3", { "-c", DIE, program, "-e", STOP },
      { cwd = here.folder })
    assert.are.equal(0, result.status, result.err)
    return result.out
  end

  it("is in no core file of colua, though other programs leave one", function()
    if dumps(process.lua) ~= "True\n" then return pending("no core files are written here") end
    assert.are.equal("False\n", dumps(process.colua))
  end)

  -- How often memory holds the text while the client is in use, and once it is closed. Without
  -- them, why it cannot be counted.
  local function counts(text)
    local script = process.write(here.folder .. "/stops.lua", [[
      local function stop() ]] .. STOP .. [[ end
      do
        local client = assert(require "codeocean".client())
        assert(client.data_assets:search { limit = 1 })
        stop()
        client:close()
      end
      collectgarbage() collectgarbage()
      stop()]])
    local result = process.run("python3", { HERE .. "/spec/support/memory.py", text,
      process.colua, script }, { env = here:environment() })
    if not process.stock_loads() then return nil, "a sanitizer keeps what was freed" end
    if result.err:find("PermissionError", 1, true) then
      return nil, "only root looks into a process that leaves no core"
    end
    local open, closed = result.out:match("^(%d+)\n(%d+)\n$")
    assert.is_truthy(open, result.out .. result.err)
    return tonumber(open), tonumber(closed)
  end

  -- What is left is a string that Lua or libcurl has freed and not wiped.
  it("is nearly gone once the client is closed", function()
    local open, closed = counts(TOKEN)
    if not open then return pending(closed) end
    assert.is_true(open >= 3, open)
    assert.is_true(closed <= 2, closed)
  end)

  -- Ours are those of the headers with and without a body; the others are libcurl's.
  it("is in fewer headers by those of ours once the client is closed", function()
    local open, closed = counts(peer.credentials(TOKEN):match "%S+$")
    if not open then return pending(closed) end
    assert.is_true(closed >= 0 and closed <= open - 2, ("%d, then %d"):format(open, closed))
  end)
end)
