-- Runs examples/haproxy.lua in an HAProxy, which links Lua 5.3 in Debian 12.

local host = require "host"
local process = require "process"

-- The configuration that the example's head shows.
local function config(root, port)
  local lines = {}
  for line in process.read "examples/haproxy.lua":gmatch "\n%-%-   ([^\n]+)" do
    lines[#lines + 1] = line:gsub("lua%-load /…(.*)", ('lua-load "%s%%1"'):format(root))
      :gsub("127.0.0.1:8080", "127.0.0.1:" .. port)
  end
  assert(#lines == 11)
  return table.concat(lines, "\n") .. "\n"
end

local RUN = [[
haproxy -db -f haproxy.cfg >log 2>&1 &
until curl -sS --max-time 20 "$ADDRESS" >first 2>/dev/null; do
  kill -0 $! || { cat log >&2; exit 1; }
  sleep 0.05
done
cat first
curl -sS --max-time 20 --parallel --parallel-immediate "$ADDRESS?[1-6]" 2>progress
kill $!
wait $! 2>/dev/null
]]

-- As a daemon, which forks once it has read its configuration.
local DAEMON = [[
haproxy -D -p pid -f haproxy.cfg >log 2>&1 || { cat log >&2; exit 1; }
until curl -sS --max-time 20 "$ADDRESS" 2>/dev/null; do
  [ $((n = n + 1)) -lt 400 ] || exit 1
  sleep 0.05
done
pid=$(cat pid)
kill $pid
while kill -0 $pid 2>/dev/null; do sleep 0.05; done
]]

-- A master with a worker, and with another one after SIGUSR2. Both say in the log that they began.
-- A signal that comes before the master waits for one is lost: it is sent again every five seconds.
local MASTER = [[
: >log
haproxy -W -f haproxy.cfg >log 2>&1 &
master=$!
await_workers() {
  until [ "$(grep -c 'Loading success' log)" -ge $1 ]; do
    kill -0 $master || { cat log >&2; exit 1; }
    [ $1 = 1 ] || [ $((n % 100)) != 0 ] || kill -USR2 $master
    n=$((n + 1))
    sleep 0.05
  done
}
await_workers 1
curl -sS --max-time 20 "$ADDRESS"
n=0
await_workers 2
curl -sS --max-time 20 "$ADDRESS"
kill $master
wait $master 2>/dev/null
]]

describe("HAProxy", function()
  -- Where it runs as somebody else than root it may start no thread, unless its configuration says.
  it("resolves the deployment's host name, and says what it lacks where it cannot", function()
    local here, why = host.begin(finally, "haproxy", host.lua_of "haproxy")
    if not here then return pending(why) end
    local port = host.free_port()
    local whole = config(here.root, port)
    if process.shell("test $(id -u) = 0").status == 0 then
      whole = whole:gsub("global\n", "%0  user nobody\n")
    end
    local function answer(text)
      process.write(here.folder .. "/haproxy.cfg", text)
      local result = here:shell("n=0\n" .. DAEMON, { ADDRESS = "http://127.0.0.1:" .. port .. "/",
        CODEOCEAN_DOMAIN = ("https://%s:1"):format(process.shell("hostname").out:match "%S+") })
      assert.are.equal("", result.err)
      return result.out
    end
    local reached = answer(whole)
    assert.is_truthy(reached:find "^search: network: " and not reached:find "thread", reached)
    local refused = answer(whole:gsub("insecure%-fork%-wanted", ""))
    assert.is_truthy(refused:find "thread failed to start .*insecure%-fork%-wanted", refused)
  end)

  -- What the code printed, and how many connections it made.
  local function run(code)
    local here, why = host.begin(finally, "haproxy", host.lua_of "haproxy")
    if not here then return nil, why end
    local port = host.free_port()
    process.write(here.folder .. "/haproxy.cfg", config(here.root, port))
    local before = here.server:stats().connections
    local result = here:shell("n=0\n" .. code, { ADDRESS = "http://127.0.0.1:" .. port .. "/" })
    assert.are.equal("", result.err)
    return { result.out, here.server:stats().connections - before }, host.newest(here, 1)
  end

  it("works in the daemon, and ends at SIGTERM", function()
    local done, newest = run(DAEMON)
    if not done then return pending(newest) end
    assert.are.same({ newest, 1 }, done)
  end)

  it("has a new client after a reload (SIGUSR2)", function()
    local done, newest = run(MASTER)
    if not done then return pending(newest) end
    assert.are.same({ newest:rep(2), 2 }, done)
  end)

  it("answers six requests at once, from one client", function()
    local here, why = host.begin(finally, "haproxy", host.lua_of "haproxy")
    if not here then return pending(why) end
    local port = host.free_port()
    process.write(here.folder .. "/haproxy.cfg", config(here.root, port))
    here.server:fault { kind = "delay", seconds = 0.3, operation = "search", count = -1 }
    local result = here:shell(RUN, { ADDRESS = "http://127.0.0.1:" .. port .. "/" })
    assert.are.equal("", result.err)
    assert.are.equal(host.newest(here, 7), result.out)
    assert.are.equal(6, here.server:stats().max_in_flight)
  end)
end)
