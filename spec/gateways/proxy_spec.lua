-- A proxy that refuses to connect: final, named as the proxy's, and nothing was sent.

local child = require "child"
local fixture = require "fixture"
local process = require "process"

local CREATE = [[
local client = assert(require "codeocean".client { domain = "acme.example", token = "cop_x" })
local asset, err = client:finish(client:submit("create", nil, { name = "n", mount = "m",
  tags = { "t" }, source = { aws = { bucket = "b" } } }))
print(err.kind, err.outcome, err.attempts, err.message)
]]

describe("a proxy that answers CONNECT with", function()
  local rows = {
    { "401 Unauthorized", 1 }, { "403 Forbidden", 1 }, { "407 Proxy Authentication Required", 1 },
  }
  for _, row in ipairs(rows) do
    it(row[1], function()
      local with = fixture.new(finally)
      local answers = {}
      for i = 1, 20 do
        answers[i] = fixture.answer(row[1], "<html>no</html>", { "Connection: close" })
      end
      local proxy = with:server(answers)
      local result = process.run(process.colua, { "-e", CREATE },
        { env = { https_proxy = proxy.url } })
      assert.are.equal("network\tnot_sent\t1\tthe proxy answers " .. row[1]:match "%d+"
        .. " and makes no connection to the server\n", result.out)
    end)
  end

  it("503: it may pass, so it is tried again", function()
    local with = fixture.new(finally)
    local answers = {}
    for i = 1, 20 do answers[i] = fixture.answer("503 Busy", "", { "Connection: close" }) end
    local proxy = with:server(answers)
    local result = process.run(process.colua, { "-e", CREATE },
      { env = { https_proxy = proxy.url } })
    assert.matches("^network\tnot_sent\t5\tthe proxy answers 503 ", result.out)
  end)
end)

-- "open METHOD REPLY" opens a SOCKS5 proxy that answers the greeting with METHOD (255: it wants a
-- password) and the request to connect with REPLY; the fifo tells its port.
local SOCKS = [==[
import os, socket, sys, threading
def serve(link, method, reply):
    link.recv(300)
    link.sendall(bytes([5, method]))
    if method == 0:
        link.recv(300)
        link.sendall(bytes([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]))
        link.recv(1)
    link.close()

def accept(listener, *answers):
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0], *answers), daemon=True).start()

out = open(sys.argv[1], 'w')
for line in sys.stdin:
    if line == 'end\n': break
    listener = socket.create_server(('127.0.0.1', 0))
    print(listener.getsockname()[1], file=out, flush=True)
    answers = [int(word) for word in line.split()[1:]]
    threading.Thread(target=accept, args=(listener, *answers), daemon=True).start()
os.unlink(sys.argv[1])
os._exit(0)
]==]

describe("a SOCKS5 proxy that", function()
  local commands, told

  local function socks(method, reply)
    if not commands then
      local fifo
      commands, fifo = child.start(SOCKS)
      commands:setvbuf("line")
      told = assert(io.open(fifo))
    end
    commands:write(("open %d %d\n"):format(method, reply))
    return "socks5h://127.0.0.1:" .. told:read("l")
  end

  local rows = {
    { "forbids the host", 0, 2, 1 }, { "wants a password", 255, 0, 1 },
    { "does not reach the host", 0, 4, 5 },
  }
  for _, row in ipairs(rows) do
    it(("%s: attempts of a create, which was not sent: %d"):format(row[1], row[4]), function()
      local result = process.run(process.colua, { "-e", CREATE },
        { env = { https_proxy = socks(row[2], row[3]) } })
      assert.matches(("^network\tnot_sent\t%d\t"):format(row[4]), result.out)
    end)
  end
end)
