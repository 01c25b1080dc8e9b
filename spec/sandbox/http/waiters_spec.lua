-- Requests that wait: delays, stalls, and how they end.

local http = require "http"
local peer = require "peer"

describe("in the sandbox a request that waits", function()
  local it_has
  local asset = "/" .. peer.VENDORS

  local function start(options)
    options.seed = 3
    it_has = peer.start(options)
  end

  after_each(function() it_has.sandbox:stop() end)

  local function many(n, timeout)
    local list = {}
    for i = 1, n do
      list[i] = it_has:request("GET", asset)
      list[i].timeout = timeout
    end
    return list
  end

  -- Waits for something another thread does; the bound is for a spec that fails.
  local function eventually(condition)
    local ends = os.time() + 20
    while not condition() and os.time() < ends do it_has.sandbox:wait(0.005) end
    return condition()
  end

  it("is answered after the time of the fault", function()
    start {}
    it_has.sandbox:fault { kind = "delay", seconds = 0.1 }
    local answer = http.all(many(1))[1]
    assert.equal(200, answer.status)
    assert.is_true(answer.seconds >= 0.1)
  end)

  it("does not hold up other requests", function()
    start { latency = 2 }
    local answers = http.all(many(128))
    for _, answer in ipairs(answers) do
      assert.equal(200, answer.status, answer.error)
      assert.is_true(answer.seconds >= 2)
    end
    local stats = it_has.sandbox:stats()
    assert.equal(128, stats.requests)
    assert.is_true(stats.max_in_flight > 64)
    assert.equal(0, stats.in_flight)
  end)

  -- While the server is busy with a long search, 128 connections get ready: see server.c.
  it("is answered, also among 128 at once", function()
    it_has = peer.start { seed = 10000 }
    local pipe = assert(io.popen(([[python3 -c "
import json, socket
def ask(s, what, body):
    s.sendall((what + ' HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n'
      'Content-Type: application/json\r\nContent-Length: %%d\r\n\r\n%%s'
      %% (len(body), body)).encode())
def answer(s):
    text = b''
    while b'\r\n\r\n' not in text: text += s.recv(65536)
    head, body = text.split(b'\r\n\r\n', 1)
    left = int(head.lower().split(b'content-length:')[1].split()[0]) - len(body)
    while left: left -= len(s.recv(left))
links = [socket.create_connection(('127.0.0.1', %d), timeout=20) for _ in range(129)]
for round in range(6):
    ask(links[0], 'POST /api/v1/data_assets/search',
      json.dumps({'filters': [{'key': 'x%%d' %% round, 'value': 0}]}))
    for s in links[1:]: ask(s, 'GET /', '')
    for s in links: answer(s)
print('answered')"]]):format(peer.credentials(it_has.sandbox.token), it_has.sandbox.port)))
    assert.equal("answered\n", pipe:read "a")
    pipe:close()
  end)

  it("does not hold up one that came later and is due earlier", function()
    start {}
    it_has.sandbox:fault { kind = "delay", seconds = 3600, operation = "search" }
    it_has.sandbox:fault { kind = "delay", seconds = 0.05, operation = "get" }
    local long, short = it_has:request("GET", ""), it_has:request("GET", asset)
    long.timeout = 2
    local answers = http.all { long, short }
    assert.truthy(answers[1].error:find "[Tt]imed out")
    assert.equal(200, answers[2].status)
  end)

  it("is carried out before it waits", function()
    start {}
    it_has.sandbox:fault { kind = "delay", seconds = 30, operation = "update" }
    local late = it_has:request("PUT", asset, '{"name":"changed","description":""}')
    late.timeout = 0.2
    assert.is_string(http.all({ late })[1].error)
    assert.equal("changed", select(2, it_has:call("GET", asset)).name)
  end)

  it("is forgotten when its client leaves", function()
    start { latency = 30 }
    local answers = http.all(many(20, 0.2))
    for _, answer in ipairs(answers) do assert.truthy(answer.error:find "[Tt]imed out") end
    assert.is_true(eventually(function()
      local stats = it_has.sandbox:stats()
      return stats.in_flight == 0 and stats.open_connections == 0
    end))
  end)

  it("may get no answer", function()
    start {}
    it_has.sandbox:fault { kind = "stall", count = 2 }
    local answers = http.all(many(2, 0.2))
    for _, answer in ipairs(answers) do assert.truthy(answer.error:find "[Tt]imed out") end
    assert.equal(200, (it_has:call("GET", asset)))
    assert.is_nil(it_has.sandbox:requests()[1].status)
  end)

  it("may get its headers and no body", function()
    start {}
    it_has.sandbox:fault { kind = "stall", after_headers = true }
    local answer = http.all(many(1, 0.3))[1]
    assert.truthy(answer.error:find "[Tt]imed out")
    assert.equal(200, it_has.sandbox:requests()[1].status)
  end)

  -- The result of a request during whose wait `act` is called.
  local function while_stalled(fault, act)
    it_has.sandbox:fault(fault)
    local finish = http.begin(many(1))
    assert.is_true(eventually(function() return it_has.sandbox:stats().in_flight == 1 end))
    act()
    return finish()[1]
  end

  it("ends when the faults are cleared", function()
    start {}
    local answer = while_stalled({ kind = "stall" }, function() it_has.sandbox:clear() end)
    assert.truthy(answer.error)
    assert.equal(0, it_has.sandbox:stats().in_flight)
  end)

  it("does not delay stop()", function()
    for _, fault in ipairs { { kind = "stall" }, { kind = "stall", after_headers = true },
      { kind = "delay", seconds = 3600 }, { kind = "slow", bytes = 1, interval = 60 } } do
      start {}
      local answer = while_stalled(fault, function()
        local began = os.time()
        it_has.sandbox:stop()
        assert.is_true(os.time() - began < 5)
      end)
      assert.truthy(answer.error, fault.kind)
    end
  end)

  it("counts against the limit of requests at once", function()
    start { latency = 1, max_in_flight_limit = 4 }
    local counts = {}
    for _, answer in ipairs(http.all(many(12))) do
      counts[answer.status] = (counts[answer.status] or 0) + 1
    end
    assert.equal(12, (counts[200] or 0) + (counts[429] or 0))
    assert.is_true(counts[429] > 0)
    assert.is_true(counts[200] >= 4)
  end)
end)
