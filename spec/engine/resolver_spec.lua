-- A name server that never answers, in a network namespace of its own: no call, and not even the
-- end of the program, waits for it beyond its time-out.

local core = require "codeocean.core"
local process = require "process"

-- In a namespace of its own, where 127.0.0.1 is the name server.
local SILENT = [[
ip link set lo up
echo "nameserver 127.0.0.1" > resolv.conf
mount --bind resolv.conf /etc/resolv.conf
python3 -c "import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 53))
open('listens', 'w').close()
time.sleep(60)" &
server=$!
while [ ! -e listens ]; do sleep 0.01; done
"$@"
status=$?
kill $server
exit $status
]]

local CALL = [[
local core = require "codeocean.core"
local client = assert(require "codeocean".client { domain = "acme.example", token = "cop_x",
  timeout = tonumber(arg[1]), deadline = tonumber(arg[1]) })
local began = core.now()
local _, err = client.data_assets:get "11111111-2222-4333-8444-555555555555"
local took = core.now() - began
client:close()
print(err.kind, took < 5 and core.now() - began < 5 and "soon" or took)
]]

-- The same call in a cqueues loop, beside a ticker, whose worst delay it prints.
local LOOP = [[
local cqueues = require "cqueues"
local client = assert(require "codeocean".client { domain = "acme.example", token = "cop_x",
  timeout = 1, deadline = 1, wait = require "codeocean.loop.cqueues" })
local loop, worst, done = cqueues.new(), 0, false
loop:wrap(function()
  local _, err = client.data_assets:get "11111111-2222-4333-8444-555555555555"
  client:close()
  done = err.kind
end)
loop:wrap(function()
  while not done do
    local before = cqueues.monotime()
    cqueues.sleep(0.01)
    worst = math.max(worst, cqueues.monotime() - before)
  end
end)
assert(loop:loop())
print(done, worst < 0.5 and "soon" or worst)
]]

local function quiet(words)
  local folder = process.folder()
  process.write(folder .. "/silent", SILENT)
  process.write(folder .. "/call.lua", CALL)
  process.write(folder .. "/loop.lua", LOOP)
  local line = "cd " .. folder .. " && unshare -rmn sh silent " .. words
  local began = core.now()
  local result = process.shell(line)
  process.clean(folder)
  return result, core.now() - began
end

local function possible()
  return process.shell("unshare -rmn true && command -v python3 ip").status == 0
end


describe("a name server that does not answer", function()
  local here = process.shell("pwd").out:match "[^\n]+"
  local build = os.getenv("BUILD") or "build"
  build = build:sub(1, 1) == "/" and build or here .. "/" .. build
  local paths = ("env LUA_PATH='%s/lua/?.lua;%s/lua/?/init.lua;;' LUA_CPATH='%s/?.so;;' "):format(
    here, here, build)

  it("holds up a call no longer than its time-out, nor the end of colua", function()
    if not possible() then return pending "no namespaces here" end
    local result, seconds = quiet(process.quote(process.colua) .. " call.lua 1")
    assert.are.same({ 0, "timeout\tsoon\n", "" }, { result.status, result.out, result.err })
    assert.is_true(seconds < 5, seconds)
  end)

  it("nor the end of another Lua, though libcurl's thread outlives the state", function()
    if not possible() then return pending "no namespaces here" end
    if not process.stock_loads() then return pending "a sanitized build" end
    local result, seconds = quiet(paths .. process.lua .. " call.lua 1")
    assert.are.same({ 0, "timeout\tsoon\n", "" }, { result.status, result.out, result.err })
    assert.is_true(seconds < 5, seconds)
  end)

  it("nor the others in a cqueues loop", function()
    if not possible() then return pending "no namespaces here" end
    if not process.stock_loads() then return pending "a sanitized build" end
    local result, seconds = quiet(paths .. process.lua .. " loop.lua")
    assert.are.same({ 0, "timeout\tsoon\n", "" }, { result.status, result.out, result.err })
    assert.is_true(seconds < 5, seconds)
  end)

  it("nor Ctrl-C", function()
    if not possible() then return pending "no namespaces here" end
    local result, seconds = quiet(("timeout -s INT 0.5 %s call.lua 30"):format(
      process.quote(process.colua)))
    assert.are.equal(124, result.status)
    assert.is_true(seconds < 5, seconds)
  end)
end)
