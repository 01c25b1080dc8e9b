-- A server that refuses each stream of HTTP/2 (REFUSED_STREAM) has processed nothing, so a create
-- is sent again.

local core = require "codeocean.core"
local fixture = require "fixture"
local process = require "process"
local tls = require "tls"

local SERVER = [==[
import socket, ssl, struct, sys, threading
ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
ctx.load_cert_chain(sys.argv[1], sys.argv[2])
ctx.set_alpn_protocols(['h2'])
listener = socket.create_server(('127.0.0.1', 0))
with open(sys.argv[3] + '.new', 'w') as file: file.write(str(listener.getsockname()[1]))
import os
os.rename(sys.argv[3] + '.new', sys.argv[3])
threading.Timer(60, lambda: os._exit(0)).start()

def frame(kind, flags, stream, payload=b''):
    length = struct.pack('>I', len(payload))[1:]
    return length + bytes([kind, flags]) + struct.pack('>I', stream) + payload

def serve(link):
    try:
        link = ctx.wrap_socket(link, server_side=True)
        link.sendall(frame(4, 0, 0))                      # SETTINGS
        data = b''
        while len(data) < 24: data += link.recv(65536)    # the preface
        data = data[24:]
        while True:
            while len(data) >= 9 and len(data) >= 9 + int.from_bytes(data[:3], 'big'):
                length = int.from_bytes(data[:3], 'big')
                kind, flags, stream = data[3], data[4], int.from_bytes(data[5:9], 'big')
                data = data[9 + length:]
                if kind == 4 and not flags & 1: link.sendall(frame(4, 1, 0))
                if kind == 1: link.sendall(frame(3, 0, stream, struct.pack('>I', 7)))
            more = link.recv(65536)
            if not more: return
            data += more
    except OSError:
        pass

while True:
    link, _ = listener.accept()
    threading.Thread(target=serve, args=(link,), daemon=True).start()
]==]

local function start(with)
  local folder = with:folder()
  local ca = tls.authority(folder)
  local own = ca:issue "IP:127.0.0.1"
  process.write(folder .. "/server.py", SERVER)
  local words = {}
  for i, word in ipairs { folder .. "/server.py", own.certificate, own.key, folder .. "/port" } do
    words[i] = process.quote(word)
  end
  local pid = process.shell("python3 " .. table.concat(words, " ") .. " >/dev/null 2>&1 & echo $!")
  with:at_end(function() process.shell("kill " .. pid.out) end)
  local patient = core.now() + 20
  while not io.open(folder .. "/port") do
    assert(core.now() < patient, "the server did not start")
    os.execute "sleep 0.02"
  end
  return ca, process.read(folder .. "/port")
end

describe("a refused stream", function()
  it("counts as not sent: even a create is repeated", function()
    local with = fixture.new(finally)
    local ca, port = start(with)
    local client = with:client({ url = "https://127.0.0.1:" .. port, token = "cop_x" },
      { ca_file = ca.file, retries = 1 })
    local _, err = client:finish(client:submit("create", nil, { name = "n", mount = "m",
      tags = { "t" }, source = { aws = { bucket = "b" } } }))
    assert.are.same({ "network", "not_sent", 2 }, { err.kind, err.outcome, err.attempts })
  end)
end)
