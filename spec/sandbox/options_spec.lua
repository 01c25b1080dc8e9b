-- sandbox.start: its options, and the object that it returns.

local http = require "http"
local peer = require "peer"
local sandboxes = require "codeocean.sandbox"

describe("a sandbox", function()
  it("has an address on loopback and a token", function()
    local sandbox <close> = assert(sandboxes.start())
    assert.truthy(sandbox.url:find "^http://127%.0%.0%.1:%d+$")
    assert.equal(sandbox.url, "http://127.0.0.1:" .. sandbox.port)
    assert.truthy(sandbox.token:find("^cop_" .. ("%x"):rep(32) .. "$"))
    assert.truthy(sandbox.estate:find("^" .. ("%x"):rep(32) .. "$"))
    assert.equal("sandbox (" .. sandbox.url .. ")", tostring(sandbox))
    assert.is_nil(sandbox.nonsense)
  end)

  it("has a token and an estate that no other has, unless the token is given", function()
    local one <close> = assert(sandboxes.start())
    local two <close> = assert(sandboxes.start())
    assert.are_not.equal(one.token, two.token)
    assert.are_not.equal(one.estate, two.estate)
    local given <close> = assert(sandboxes.start { token = "cop_given" })
    assert.equal("cop_given", given.token)
  end)

  it("takes a port, and says when it is taken", function()
    local first <close> = assert(sandboxes.start {})
    local second, problem = sandboxes.start { port = first.port }
    assert.is_nil(second)
    assert.truthy(problem:find(tostring(first.port), 1, true))
    assert.truthy(problem:find "in use")
    local port = first.port
    first:stop()
    local third <close> = assert(sandboxes.start { port = port })
    assert.equal(port, third.port)
  end)

  it("stops, also twice; later calls fail", function()
    local sandbox = assert(sandboxes.start {})
    local url = sandbox.url
    sandbox:stop()
    sandbox:stop()
    assert.equal("sandbox (stopped)", tostring(sandbox))
    assert.is_nil((http.request { url = url }))
    for _, method in ipairs { "requests", "clear", "stats", "fault" } do
      local ok, problem = pcall(sandbox[method], sandbox, {})
      assert.is_false(ok)
      assert.truthy(problem:find("stopped", 1, true))
    end
    assert.is_false(sandbox:wait())
  end)

  it("stops when it is closed or collected", function()
    local url
    do
      local sandbox <close> = assert(sandboxes.start {})
      url = sandbox.url
    end
    assert.is_nil((http.request { url = url }))
    url = assert(sandboxes.start {}).url
    collectgarbage()
    collectgarbage()
    assert.is_nil((http.request { url = url }))
  end)

  it("refuses options it does not have, and values they cannot", function()
    local wrong = {
      { prot = 1 }, { port = "x" }, { port = -1 }, { port = 65536 }, { port = 1.5 },
      { db = 1 }, { db = "" }, { db = "a\0b" }, { token = "" }, { token = false },
      { token = "a b" }, { token = "a\n" }, { token = "\u{e9}" }, { token = ("x"):rep(256) },
      { seed = -1 }, { seed = "10" }, { latency = -0.1 }, { ready_after = 0 / 0 },
      { page_cap = 0 }, { page_cap = 1001 }, { dialect = "2023" }, { dialect = 2022.5 },
      { buckets = "b" }, { buckets = { 1 } }, { buckets = { "a\"b" } }, { keep_requests = -1 },
      { max_in_flight_limit = 0 }, { max_body = 0 },
    }
    for _, options in ipairs(wrong) do
      local ok, problem = pcall(sandboxes.start, options)
      assert.is_false(ok, "taken: " .. next(options))
      assert.truthy(problem:find("bad field '" .. next(options) .. "' to 'start'", 1, true),
        problem)
    end
    assert.truthy(select(2, pcall(sandboxes.start, { port = 70000 }))
      :find("an integer from 0 to 65535 expected, got 70000", 1, true))
    assert.truthy(select(2, pcall(sandboxes.start, { sed = 5 }))
      :find("there is no such field; did you mean 'seed'?", 1, true))
    assert.truthy(select(2, pcall(sandboxes.start, { dialct = "2022" }))
      :find("did you mean 'dialect'?", 1, true))
    assert.truthy(select(2, pcall(sandboxes.start, { 1 })):find("number", 1, true))
    assert.is_false(pcall(sandboxes.start, 5))
  end)

  it("refuses its methods on other values", function()
    local sandbox <close> = assert(sandboxes.start {})
    for _, method in ipairs { "requests", "clear", "stats", "fault", "wait", "stop" } do
      assert.is_false(pcall(sandbox[method], {}))
      assert.is_false(pcall(sandbox[method], io.stdout))
    end
  end)

  it("may run beside others", function()
    local all, requests = {}, {}
    for i = 1, 8 do
      all[i] = peer.start { seed = i, token = "cop_" .. i }
      requests[i] = all[i]:request("GET", "")
    end
    for i, answer in ipairs(http.all(requests)) do
      assert.equal(200, answer.status)
      assert.equal(1, #all[i].sandbox:requests())
    end
    for _, it_has in ipairs(all) do it_has.sandbox:stop() end
  end)

  it("refuses an invalid time to wait", function()
    local sandbox <close> = assert(sandboxes.start {})
    for _, seconds in ipairs { 0 / 0, 1 / 0, -1, 1e300, "x", false } do
      local ok, problem = pcall(sandbox.wait, sandbox, seconds)
      assert.is_false(ok, tostring(seconds))
      assert.truthy(problem:find("bad argument #1 to 'wait'", 1, true)
        or problem:find("bad argument #2 to 'wait'", 1, true) or problem:find("bad argument #2", 1,
        true), problem)
    end
  end)

  it("waits for a time, or until a hook interrupts it", function()
    local sandbox <close> = assert(sandboxes.start {})
    assert.is_true(sandbox:wait(0.01))
    assert.is_true(sandbox:wait(0))
    -- A hook that is set during the wait, as by Ctrl-C, is called.
    local mask = { debug.gethook() }
    local ok, problem = pcall(function()
      debug.sethook(function() debug.sethook() error "interrupted!" end, "", 1000000)
      sandbox:wait(600)
      for _ = 1, 2000000 do end
    end)
    debug.sethook(table.unpack(mask))
    assert.is_false(ok)
    assert.truthy(problem:find "interrupted!")
  end)

  it("leaves the program's signals alone", function()
    local sandbox <close> = assert(sandboxes.start {})
    local id = assert(io.open("/proc/self/stat")):read "n"
    -- Only named by a program: while one is started, all signals are blocked here.
    local pipe = assert(io.popen("ls -d /proc/" .. id .. "/task/*/status"))
    local files = {}
    for path in pipe:lines() do files[#files + 1] = path end
    pipe:close()
    assert.is_true(#files > 1)
    local open = {}
    for _, path in ipairs(files) do
      local file = assert(io.open(path))
      local name, blocked = file:read("a"):match "Name:%s+(%S+).-SigBlk:%s+(%x+)"
      file:close()
      if tonumber(blocked, 16) & 2 == 0 then open[#open + 1] = name end
    end
    assert.equal(1, #open, table.concat(open, " "))   -- SIGINT is for the program's own thread
    assert.truthy(sandbox.url)
  end)

  it("is on loopback and nowhere else", function()
    local sandbox <close> = assert(sandboxes.start {})
    local found = {}
    for line in io.lines "/proc/net/tcp" do
      local address, port, state = line:match "^%s*%d+: (%x+):(%x+) %x+:%x+ (%x%x)"
      if state == "0A" and tonumber(port, 16) == sandbox.port then found[#found + 1] = address end
    end
    assert.same({ ("%08X"):format(string.unpack("=I4", "\127\0\0\1")) }, found)
  end)
end)
