-- Makes what a spec of the client needs, and closes it when the test ends:
--
--   local with = fixture.new(finally)
--   local sandbox = with:sandbox { seed = 10 }
--   local client = with:client(sandbox, { retries = 1 })
--   local server = with:server { fixture.answer("200 OK", "{}"), … }   -- sends what it is given
--   local folder = with:folder()

local child = require "child"
local codeocean = require "codeocean"
local config = require "codeocean.config"
local process = require "process"
local sandbox = require "codeocean.sandbox"

local M = {}

M.ID = "11111111-2222-4333-8444-555555555555" -- no asset of any sandbox

local Fixture = {}
Fixture.__index = Fixture

-- Closes all that was opened, the newest first.
function Fixture:close()
  local closers = self.closers
  self.closers = {}
  for i = #closers, 1, -1 do closers[i]() end
end

Fixture.__close = Fixture.close

-- Closed when the test ends; without `finally`, when the block of a <close> variable ends.
function M.new(finally)
  local self = setmetatable({ closers = {} }, Fixture)
  if finally then finally(function() self:close() end) end
  return self
end

function Fixture:at_end(closer)
  self.closers[#self.closers + 1] = closer
end

function Fixture:sandbox(options)
  local peer = assert(sandbox.start(options or {}))
  self:at_end(function() peer:stop() end)
  return peer
end

-- Without credentials of its own it takes those of the peer.
function Fixture:client(peer, options)
  local own = { domain = peer.url, token = peer.token }
  if M.knows("dialect") then own.dialect = "2022" end
  for name, value in pairs(options or {}) do own[name] = value end
  local client = assert(codeocean.client(own))
  self:at_end(function()
    client:close()
    client.engine:close()  -- else a client with a `wait` hook keeps its descriptor until collected
  end)
  return client
end

function Fixture:folder()
  local path = process.folder()
  self:at_end(function() process.clean(path) end)
  return path
end

-- A client's hook that gives up where a call waits for nothing.
function M.patient()
  return function(client)
    local seconds = client:timeout()
    local idle = not seconds and not client.closed and client:stats().in_flight == 0
    if idle then error("nothing moves any more", 0) end
    client:step(math.min(seconds or 1, 1))
  end
end

-- Whether this release's client has such an option.
function M.knows(option)
  for _, row in ipairs(config.options) do
    if row[1] == option then return true end
  end
  return false
end

-- Requests ---------------------------------------------------------------------------------------

-- Those of a sandbox's requests that are of this operation; all without one.
function M.seen(peer, operation)
  local list = {}
  for _, request in ipairs(peer:requests()) do
    if not operation or request.operation == operation then list[#list + 1] = request end
  end
  return list
end

function M.writes(peer)
  local list = {}
  for _, request in ipairs(peer:requests()) do
    local reads = request.method == "GET" or request.path:find("/search$")
    if not reads then list[#list + 1] = request.method .. " " .. request.path end
  end
  return list
end

-- An asset that the sandbox made, as get has it.
function M.make(client, fields)
  local params = { name = "made by a spec", mount = "made", tags = { "a", "b" },
    source = { aws = { bucket = "public-data" } } }
  for name, value in pairs(fields or {}) do params[name] = value end
  local asset = assert(client.data_assets:create(params))
  return assert(client.data_assets:get(asset.id))
end

-- Every text that pairs() finds in a value, keys too, whatever the depth.
function M.texts(value, seen, list)
  seen, list = seen or {}, list or {}
  if type(value) == "string" then list[#list + 1] = value end
  if type(value) ~= "table" or seen[value] then return list end
  seen[value] = true
  for k, v in next, value do
    M.texts(k, seen, list)
    M.texts(v, seen, list)
  end
  M.texts(debug.getmetatable(value), seen, list)
  return list
end

function M.holds(value, text)
  for _, found in ipairs(M.texts(value)) do
    if found:find(text, 1, true) then return found end
  end
  return false
end

-- Many clients at once ---------------------------------------------------------------------------

local AT_ONCE = 40         -- a sandbox and a client have about 12 descriptors between them

-- Runs the functions as coroutines until all have returned, some of them at a time, each with a
-- `wait` hook for its client that lets the others run: their pauses and time-outs overlap.
function M.together(bodies)
  local begun, running = 0, {}
  local function begin()
    begun = begun + 1
    local body = bodies[begun]
    running[#running + 1] = coroutine.create(function() body(coroutine.yield) end)
  end
  while true do
    while #running < AT_ONCE and begun < #bodies do begin() end
    if #running == 0 then return end
    local patience = 0.002
    for i = #running, 1, -1 do
      local ok, client = coroutine.resume(running[i])
      if not ok then error(debug.traceback(running[i], tostring(client)), 0) end
      if coroutine.status(running[i]) == "dead" then
        table.remove(running, i)
      else
        client:step(patience)
        patience = 0
      end
    end
  end
end

-- A server with given answers ---------------------------------------------------------------------

-- One python3 child has all these servers. "open N mode:hex …" on its input opens one, whose port
-- it tells through a fifo; every request that comes is answered by the next text and told as well,
-- as "N connection hex". "close N" ends it; "end" ends all.
local SERVERS = [==[
import os, socket, struct, sys, threading
out = os.fdopen(os.open(sys.argv[1], os.O_WRONLY), 'w')
lock = threading.Lock()

def tell(*words):
    with lock:
        print(*words, file=out, flush=True)

def read_request(link):
    data = b''
    while b'\r\n\r\n' not in data:
        more = link.recv(65536)
        if not more: return None
        data += more
        if data[:1] == b'\x16': return data    # TLS: there is no more to come
    head, body = data.split(b'\r\n\r\n', 1)
    length = 0
    for line in head.split(b'\r\n')[1:]:
        name, value = line.split(b':', 1)
        if name.lower() == b'content-length': length = int(value)
    while len(body) < length: body += link.recv(65536)
    return head + b'\r\n\r\n' + body

def serve(server, script, link, number):
    try:
        while True:
            request = read_request(link)
            if request is None: break
            mode, answer = script.pop(0) if script else ('reset', b'')
            tell(server, number, request.hex())
            link.sendall(answer)
            if mode == 'hang': threading.Event().wait()
            if mode == 'reset':
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            if mode != 'keep': break
    except OSError:
        pass
    link.close()

def accept(server, script, listener):
    number = 0
    while True:
        try: link, _ = listener.accept()
        except OSError: return
        number += 1
        threading.Thread(target=serve, args=(server, script, link, number), daemon=True).start()

listeners = {}
for line in sys.stdin:
    if line == 'end\n': break
    command, server, *answers = line.split()
    if command == 'close':
        listeners.pop(server).shutdown(socket.SHUT_RDWR)
        continue
    script = [(a.split(':')[0], bytes.fromhex(a.split(':')[1])) for a in answers]
    listeners[server] = socket.create_server(('127.0.0.1', 0))
    tell(server, 0, listeners[server].getsockname()[1])
    threading.Thread(target=accept, args=(server, script, listeners[server]), daemon=True).start()
os.unlink(sys.argv[1])
os._exit(0)
]==]

local function hex(text)
  return (text:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

local function unhex(text)
  return (text:gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end))
end

--- One whole HTTP answer, after which the connection stays open. `headers` are further lines.
function M.answer(status, body, headers)
  local lines = { "HTTP/1.1 " .. status, "Content-Length: " .. #body }
  table.move(headers or {}, 1, #(headers or {}), 3, lines)
  return { mode = "keep", table.concat(lines, "\r\n") .. "\r\n\r\n" .. body }
end

--- Bytes as they are, after which the connection is closed, reset, kept, or left to hang.
function M.raw(mode, bytes)
  return { mode = mode, bytes or "" }
end

local commands, told, opened = nil, nil, 0

local function start()
  local fifo
  commands, fifo = child.start(SERVERS)
  commands:setvbuf("line")
  told = assert(io.open(fifo))
end

local Server = {}
Server.__index = Server

--- Waits for the next request; returns its bytes and the number of its connection.
function Server:request()
  local server, number, bytes
  repeat server, number, bytes = told:read("l"):match("^(%d+) (%d+) (%x*)$")
  until server == self.name
  return unhex(bytes), math.tointeger(tonumber(number))
end

function Fixture:server(answers)
  if not commands then start() end
  opened = opened + 1
  local name = tostring(opened)
  local words = { "open", name }
  for _, answer in ipairs(answers) do words[#words + 1] = answer.mode .. ":" .. hex(answer[1]) end
  commands:write(table.concat(words, " "), "\n")
  local server, port
  repeat server, port = told:read("l"):match("^(%d+) 0 (%d+)$") until server == name
  self:at_end(function() commands:write("close ", name, "\n") end)
  return setmetatable({ name = name, url = "http://127.0.0.1:" .. port, port = tonumber(port),
    token = "cop_raw" }, Server)
end

-- A port of loopback where nobody listens.
function Fixture:nobody()
  local peer = assert(sandbox.start {})
  local target = { url = peer.url, port = peer.port, token = peer.token }
  peer:stop()
  return target
end

return M
