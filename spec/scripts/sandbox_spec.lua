-- colua sandbox serves a simulated deployment.

local http = require "http"
local peer = require "peer"
local process = require "process"

describe("colua sandbox", function()
  -- The process, its id and what it says first.
  local function serve(options)
    local line = ("echo $$; exec %s sandbox %s 2>&1"):format(process.quote(process.colua), options)
    local pipe = assert(io.popen(line))
    local id = pipe:read "n"
    pipe:read "l"
    local said = {}
    for i = 1, 3 do said[i] = pipe:read "l" end
    return pipe, id, said, said[3] and said[3]:match "^export CODEOCEAN_TOKEN=(cop_%x+)$"
  end

  local function stop(pipe, id, signal)
    os.execute("kill -" .. signal .. " " .. id)
    local rest = pipe:read "a"
    local _, how, status = pipe:close()
    return how, status, rest
  end

  it("serves until Ctrl-C, and prints its address as a shell's variables", function()
    local pipe, id, said, token = serve "--seed 5"
    finally(function() os.execute("kill -KILL " .. id .. " 2>/dev/null") end)
    local url = said[2]:match "^export CODEOCEAN_DOMAIN=(http://127%.0%.0%.1:%d+)$"
    assert.is_string(url)
    assert.equal("# serves " .. url .. " until Ctrl-C", said[1])
    assert.is_string(token, said[3])
    local status, _, body = http.request { url = url .. "/api/v1/data_assets?limit=1000",
      headers = { Authorization = peer.credentials(token) } }
    assert.equal(200, status)
    assert.truthy(body:find "commoncrawl")
    local how, code, rest = stop(pipe, id, "INT")
    assert.equal("exit", how)
    assert.equal(130, code)
    assert.is_nil(rest:find "traceback")
    assert.is_nil((http.request { url = url }))
  end)

  it("ends at once by SIGTERM", function()
    local pipe, id = serve "--seed 1"
    assert.equal("signal", (stop(pipe, id, "TERM")))
  end)

  it("accepts its options", function()
    local file = os.tmpname()
    finally(function() os.execute("rm -f " .. file .. "*") end)
    local pipe, id, said, token = serve("--seed 7 --dialect 2022 --latency 0.05 --db " .. file)
    finally(function() os.execute("kill -KILL " .. id .. " 2>/dev/null") end)
    local url = said[2]:match "=(.*)"
    local request = { url = url .. "/api/v1/data_assets?archived=false", method = "GET",
      headers = { Authorization = peer.credentials(token) } }
    local answer = http.all({ request })[1]
    assert.equal(200, answer.status)
    assert.is_true(answer.seconds >= 0.05)
    stop(pipe, id, "INT")
    local it_has = peer.start { db = file }
    assert.is_true(#it_has:names "" > 1)
    it_has.sandbox:stop()
  end)

  it("joins the server that another process runs on the file, and keeps it", function()
    local file = os.tmpname()
    os.remove(file)
    finally(function() os.execute("rm -f " .. file .. "*") end)
    local first, server, served, token = serve("--seed 7 --db " .. file)
    finally(function() os.execute("kill -KILL " .. server .. " 2>/dev/null") end)
    local pipe, id, said, its_token = serve("--db " .. file)
    finally(function() os.execute("kill -KILL " .. id .. " 2>/dev/null") end)
    assert.equal(served[2], said[2])
    assert.equal(token, its_token)
    assert.equal("# joined the server of " .. file .. " at " .. served[2]:match "=(.*)"
      .. " until Ctrl-C", said[1])
    local result = process.run(process.colua, { "sandbox", "--db", file, "--page-cap", "5" })
    assert.equal(2, result.status)
    assert.truthy(result.err:find("--page-cap cannot change that server", 1, true), result.err)
    local _, code = stop(pipe, id, "INT")
    assert.equal(130, code)
    -- One that is killed tells those who joined.
    pipe, id = serve("--db " .. file)
    finally(function() os.execute("kill -KILL " .. id .. " 2>/dev/null") end)
    stop(first, server, "KILL")
    local rest = pipe:read "a"
    assert.truthy(rest:find("the server of " .. file .. " has ended", 1, true), rest)
    assert.equal(1, select(3, pipe:close()))
  end)

  it("keeps the server of --sandbox=FILE while it waits", function()
    local file = os.tmpname()
    os.remove(file)
    finally(function() os.execute("rm -f " .. file .. "*") end)
    local line = ("%s --sandbox=%s -e 'io.read()'"):format(process.quote(process.colua), file)
    local holder = assert(io.popen(line, "w"))
    local deadline = os.time() + 60
    while not io.open(file .. ".server") and os.time() < deadline do end
    local pipe, id, said, token = serve("--db " .. file)
    finally(function() os.execute("kill -KILL " .. id .. " 2>/dev/null") end)
    holder:close()
    assert.equal(200, (http.request { url = said[2]:match "=(.*)" .. "/api/v1/data_assets",
      headers = { Authorization = peer.credentials(token) } }))
    stop(pipe, id, "INT")
    -- With nobody left, the server leaves too.
    local own
    repeat own = require("codeocean.sandbox").start { db = file } until own or os.time() > deadline
    assert(own):stop()
  end)

  it("applies the limits of its options", function()
    local pipe, id, said, token = serve("--seed 9 --page-cap 3 --rate-limit 1 --retry-after 7 "
      .. "--max-connections 5 --lag 3600")
    finally(function() os.execute("kill -KILL " .. id .. " 2>/dev/null") end)
    local request = { url = said[2]:match "=(.*)" .. "/api/v1/data_assets",
      headers = { Authorization = peer.credentials(token) } }
    local status, _, body = http.request(request)
    assert.equal(200, status)
    assert.equal(3, select(2, body:gsub('"id"', "")))
    local headers
    status, headers = http.request(request)
    assert.equal(429, status)
    assert.equal("7", headers["retry-after"])
    stop(pipe, id, "INT")
  end)

  it("reports what is wrong", function()
    local port = peer.start {}
    finally(function() port.sandbox:stop() end)
    local rows = {
      { { "--port", tostring(port.sandbox.port) }, 1, "in use" },
      { { "--seed", "many" }, 2, "many" }, { { "--dialect", "2023" }, 2, "dialect" },
      { { "--token", "x" }, 2, "token" }, { { "--rate-limit", "0" }, 2, "above 0" },
      { { "--rate-limit", "1e300" }, 2, "more than 1000000000" },
      { { "--rate-limit", "1e-9" }, 2, "less than 0.001" },
      { { "--page-cap", "0" }, 2, "1000" }, { { "--lag", "-1" }, 2, "-1" },
      { { "extra" }, 2, "argument" },
      { { "--db", "/nonexistent/folder/file" }, 1, "No such file" },
    }
    for _, row in ipairs(rows) do
      local result = process.run(process.colua, { "sandbox", table.unpack(row[1]) })
      assert.equal(row[2], result.status, row[3])
      assert.truthy(result.err:find(row[3], 1, true), result.err)
      assert.equal("", result.out)
    end
  end)
end)
