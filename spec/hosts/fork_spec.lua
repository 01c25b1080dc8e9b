-- A client in a child of fork() opens connections of its own. The parent's stay usable, over TLS
-- too, where a close_notify of the child would end them.

local fixture = require "fixture"
local process = require "process"
local tls = require "tls"

local PRELUDE = [[
local fork, codeocean = require "forks", require "codeocean"
local function client()
  return assert(codeocean.client { domain = os.getenv "URL", token = os.getenv "TOKEN",
    ca_file = os.getenv "CA", retries = 0 })
end
local c = client()
local id = assert(c.data_assets:search { limit = 1 }).results[1].id
local function get(from) return (from or c).data_assets:get(id) end
local function left_to_parent(value, err)
  assert(value == nil and err.kind == "closed" and err.outcome == "unknown", tostring(err))
  assert(tostring(err):find("the parent goes on with it", 1, true), tostring(err))
end
local before = c:stats().connections
]]

local rows = {
  { "works in the child over a connection of its own, and is whole in the parent", [[
    if fork() then
      for _ = 1, 3 do assert(assert(get()).id == id) end
      assert(c:sleep(0.01))
      assert(c:stats().in_flight == 0)
      assert(c:stats().connections == before + 1, c:stats().connections)
      os.exit(0, true)
    end
    for _ = 1, 3 do assert(get().id == id) end
    assert(c:stats().connections == before, c:stats().connections)
  ]] },
  { "is finished in the parent though it was under way", [[
    local open, count = {}, c:stats().requests + 3
    for i = 1, 3 do open[i] = c:submit("get", id) end
    while c:stats().requests == count - 3 do c:step(0) end
    if fork() then
      left_to_parent(c:finish(open[1]))
      open[2]:cancel()
      left_to_parent(c:finish(open[2]))
      assert(c:pollfd() >= 0)
      assert(assert(get()).id == id)
      c:close()
      local value, err = get()
      assert(value == nil and err.kind == "closed" and err.outcome == "not_sent")
      open = nil
      collectgarbage() collectgarbage()
      os.exit(0, true)
    end
    for i = 1, 3 do assert(assert(c:finish(open[i])).id == id) end
    assert(c:stats().requests == count)
    assert(assert(get()).id == id)
  ]] },
  { "is left to the parent when it was queued", [[
    local one = assert(codeocean.client { domain = os.getenv "URL", token = os.getenv "TOKEN",
      ca_file = os.getenv "CA", jobs = 1 })
    local open = {}
    for i = 1, 3 do open[i] = one:submit("get", id) end
    if fork() then
      for i = 1, 3 do left_to_parent(one:finish(open[i])) end
      os.exit(0, true)
    end
    for i = 1, 3 do assert(assert(one:finish(open[i])).id == id) end
  ]] },
  { "works in a child of the child, and is collected there", [[
    if fork() then
      assert(get().id == id)
      if fork() then
        assert(get().id == id)
        c = nil
        collectgarbage() collectgarbage()
        assert(get(client()).id == id)
        os.exit(0, true)
      end
      assert(get().id == id)
      assert(c:stats().connections == before + 1)
      os.exit(0, true)
    end
    assert(get().id == id)
    assert(c:stats().connections == before)
  ]] },
  { "leaves what the child opened under its descriptors' numbers alone", [[
    local descriptor = c:pollfd()
    if fork() then
      fork.replace(descriptor)
      assert(get().id == id)
      assert(fork.is_pipe(descriptor))
      os.exit(0, true)
    end
    assert(get().id == id)
  ]] },
  { "goes on with a map in the child, without what was under way", [[
    local child
    local results, errors = c:map({ 1, 2, 3, 4 }, function(i)
      if i == 2 then child = fork() end
      return assert(get()).id
    end, { jobs = 2 })
    if not child then
      assert(#results == 4 and next(errors) == nil)
    else
      assert(errors[1].kind == "closed" and errors[1].outcome == "unknown")
      assert(results[2] and results[3] and results[4])
      os.exit(0, true)
    end
  ]] },
}

describe("after fork() a client", function()
  local folder = process.folder()
  local peer, ca, nginx

  setup(function()
    local made = process.shell(("cc -Wall -Werror -shared -fPIC -o %s/forks.so spec/hosts/forks.c "
      .. "$(pkg-config --cflags lua5.4)"):format(folder))
    assert(made.status == 0, made.err)
    peer = assert(require "codeocean.sandbox".start { seed = 5 })
    ca = tls.authority(folder)
    local own = ca:issue "IP:127.0.0.1"
    nginx = tls.nginx(folder, { h1 = { identity = own, to = peer.url },
      h2 = { identity = own, to = peer.url, http2 = true } })
  end)

  teardown(function()
    nginx:stop()
    peer:stop()
    process.clean(folder)
  end)

  before_each(function()
    peer:clear()
    peer:fault { kind = "delay", seconds = 0.1, operation = "get", count = -1 }
  end)

  local function run(program, code, url)
    local script = process.write(folder .. "/script.lua", PRELUDE .. code)
    local path = os.getenv "LUA_CPATH"
    local result = process.run(program, { script }, { env = { URL = url, TOKEN = peer.token,
      CA = ca.file, LUA_CPATH = folder .. "/?.so;" .. path,
      -- what the child does not free is the parent's, and a leak in the child
      ASAN_OPTIONS = "detect_leaks=0" } })
    assert.are.same({ 0, "", "" }, { result.status, result.err, result.out })
  end

  for _, program in ipairs(process.hosts()) do
    for _, row in ipairs(rows) do
      it(("%s, in %s"):format(row[1], program:match "[^/]*$"), function()
        run(program, row[2], peer.url)
        run(program, row[2], "https://127.0.0.1:" .. nginx.port.h1)
        run(program, row[2], "https://127.0.0.1:" .. nginx.port.h2)
      end)
    end
  end
end)

describe("a closed client", function()
  it("still has its counters", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { seed = 3 })
    assert(client.data_assets:search { limit = 1 })
    client:close()
    local stats = client:stats()
    assert.are.same({ 1, 1, 0 }, { stats.requests, stats.connections, stats.in_flight })
    assert.are.equal(1, client:stats().requests)
  end)
end)
