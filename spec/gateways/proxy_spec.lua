-- A proxy that refuses to connect: the error is final and names the proxy, and nothing was sent.

local child = require "child"
local fixture = require "fixture"
local process = require "process"
local tls = require "tls"

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

-- "socks METHOD REPLY" opens a SOCKS5 proxy that answers the greeting with METHOD (255: it wants a
-- password) and the request to connect with REPLY; "https FILE" opens a proxy with the certificate
-- and key of that file, which answers 403 to CONNECT. The fifo tells its port.
local PROXIES = [==[
import os, socket, ssl, sys, threading
def https(link, file):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    try: link = context.wrap_socket(link, server_side=True)
    except OSError: return
    head = b''
    while b'\r\n\r\n' not in head: head += link.recv(4096)
    link.sendall(b'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n')
    link.close()

def socks(link, method, reply):
    method, reply = int(method), int(reply)
    link.recv(300)
    link.sendall(bytes([5, method]))
    if method == 0:
        link.recv(300)
        link.sendall(bytes([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]))
        link.recv(1)
    link.close()

def accept(listener, serve, *words):
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0], *words), daemon=True).start()

out = open(sys.argv[1], 'w')
for line in sys.stdin:
    if line == 'end\n': break
    listener = socket.create_server(('127.0.0.1', 0))
    print(listener.getsockname()[1], file=out, flush=True)
    kind, *words = line.split()
    kind = {'https': https, 'socks': socks}[kind]
    threading.Thread(target=accept, args=(listener, kind, *words), daemon=True).start()
os.unlink(sys.argv[1])
os._exit(0)
]==]

local commands, told

-- The port of a new proxy.
local function open(...)
  if not commands then
    local fifo
    commands, fifo = child.start(PROXIES)
    commands:setvbuf("line")
    told = assert(io.open(fifo))
  end
  commands:write(table.concat({ ... }, " "), "\n")
  return told:read "l"
end

describe("a SOCKS5 proxy that", function()
  local rows = {
    { "forbids the host", 0, 2, 1 }, { "wants a password", 255, 0, 1 },
    { "does not reach the host", 0, 4, 5 },
  }
  for _, row in ipairs(rows) do
    it(("%s: attempts of a create, which was not sent: %d"):format(row[1], row[4]), function()
      local proxy = "socks5h://127.0.0.1:" .. open("socks", row[2], row[3])
      local result = process.run(process.colua, { "-e", CREATE }, { env = { https_proxy = proxy } })
      assert.matches(("^network\tnot_sent\t%d\t"):format(row[4]), result.out)
    end)
  end
end)

describe("an https proxy", function()
  it("is trusted by the same authorities as the server", function()
    local with = fixture.new(finally)
    local folder = with:folder()
    local ca, another = tls.authority(folder), tls.authority(folder)
    local own = ca:issue "IP:127.0.0.1"
    local both = process.write(folder .. "/both.pem",
      process.read(own.certificate) .. process.read(own.key))
    local proxy = "https://127.0.0.1:" .. open("https", both)
    local function outcome(file)
      return process.run(process.colua, { "-e", CREATE },
        { env = { https_proxy = proxy, CODEOCEAN_CA_FILE = file } }).out
    end
    assert.matches("^network\tnot_sent\t1\tthe proxy answers 403 ", outcome(ca.file))
    assert.matches("^tls\tnot_sent\t1\t", outcome(another.file))
  end)
end)
