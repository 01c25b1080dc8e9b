-- The module leaves the host's process as it is: globals, signals, locale, working folder.

local core = require "codeocean.core"
local optional = require "optional"
local process = require "process"
local tls = require "tls"

-- Ran by lua5.4 and colua alike; REQUIRE names every file of the module but the session's and those
-- that need a host's own modules.
local REQUIRE = [[
local pipe = io.popen "cd lua && find codeocean -name '*.lua' ! -path '*/repl/*' ! -path '*/loop/*'"
local names = {}
for path in pipe:lines() do
  names[#names + 1] = path:gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", ".")
end
pipe:close()
assert(#names > 40)
]]

local UNTOUCHED = REQUIRE .. [[
local cjson = require "cjson"
local function seen()
  local list = {}
  for name, value in pairs(_G) do list[#list + 1] = name .. tostring(value) end
  for line in io.lines "/proc/self/status" do
    local name, mask = line:match "^(Sig[BIC]%a+):%s*(%x+)"
    -- Signals 32 and 33 are glibc's own; it catches one when a thread begins.
    if name then list[#list + 1] = name .. (tonumber(mask, 16) & ~(3 << 31)) end
  end
  for _, name in ipairs { "encode_sparse_array", "encode_max_depth", "decode_max_depth",
    "encode_number_precision", "encode_keep_buffer", "encode_invalid_numbers",
    "decode_invalid_numbers" } do
    list[#list + 1] = name .. table.concat({ tostring(cjson[name]()) }, " ")
  end
  list[#list + 1] = os.setlocale() .. io.popen("pwd -P"):read "a"
  table.sort(list)
  return table.concat(list, "\n")
end
cjson.encode_max_depth(7)
cjson.encode_number_precision(5)
local before = seen()
for _, name in ipairs(names) do require(name) end
assert(seen() == before, "required")
local codeocean = require "codeocean"
local sandbox = require "codeocean.sandbox".start { seed = 5 }
do
  local client <close> = codeocean.client { domain = sandbox.url, token = sandbox.token }
  local list = assert(client.data_assets:all {})
  client:map(list, function(asset) return client.data_assets:get(asset.id) end)
  assert(codeocean.json.encode { 0.1 + 0.2 } ~= cjson.encode { 0.1 + 0.2 })
end
sandbox:stop()
assert(seen() == before, "used")
]]

-- Where nobody has loaded lua-cjson, the module does without it.
local WITHOUT_CJSON = REQUIRE .. [[
for _, name in ipairs { "cjson", "cjson.safe" } do
  package.preload[name] = function() error(name .. " was loaded") end
end
for _, name in ipairs(names) do require(name) end
local codeocean = require "codeocean"
local sandbox = require "codeocean.sandbox".start { seed = 5 }
local client = codeocean.client { domain = sandbox.url, token = sandbox.token }
assert(#assert(client.data_assets:all {}) == 5)
assert(codeocean.json.encode { a = codeocean.null, b = codeocean.json.array() })
sandbox:stop()
]]

-- Takes the handshake and a little of the request, and resets the connection.
local RESETTER = [[
import socket, ssl, struct, sys, threading
server = socket.create_server(('127.0.0.1', 0))
print(server.getsockname()[1], flush=True)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
if len(sys.argv) > 1: context.load_cert_chain(sys.argv[1], sys.argv[2])

def reset(link):
    try:
        if len(sys.argv) > 1: link = context.wrap_socket(link, server_side=True)
        link.recv(4)
    except OSError: pass
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    link.close()

while True: threading.Thread(target=reset, args=(server.accept()[0],), daemon=True).start()
]]

local WRITER = [[
local client = require "codeocean".client { domain = os.getenv "URL", token = "cop_x",
  ca_file = os.getenv "CA", retries = 0, dialect = "2022" }
local long = ("d"):rep(4000000)
for _ = 1, 10 do
  local value, err = client:request("create", nil, { name = "n", mount = "m", tags = { "t" },
    description = long, source = { aws = { bucket = "b" } } })
  assert(value == nil and err.kind == "network", tostring(err))
end
client:close()
print "alive"
]]

-- Signals as for a child of a shell: a child of python3 ignores SIGPIPE unless it is reset.
local DEFAULTS = "import os, signal, sys; signal.signal(signal.SIGPIPE, signal.SIG_DFL); "
  .. "os.execvp(sys.argv[1], sys.argv[1:])"

describe("the module as a guest", function()
  local folder = process.folder()
  teardown(function() process.clean(folder) end)

  for _, program in ipairs(process.hosts()) do
    local name = program:match "[^/]*$"

    optional.it("cjson", "leaves globals, signals, locale, folder and cjson as they were: " .. name,
    function()
      local result = process.run(program, { process.write(folder .. "/a.lua", UNTOUCHED) })
      assert.are.same({ 0, "", "" }, { result.status, result.err, result.out })
    end)

    it("does without lua-cjson: " .. name, function()
      local result = process.run(program, { process.write(folder .. "/c.lua", WITHOUT_CJSON) })
      assert.are.same({ 0, "", "" }, { result.status, result.err, result.out })
    end)

    it("survives a peer that resets while it writes, with SIGPIPE as it is: " .. name, function()
      local script = process.write(folder .. "/b.lua", WRITER)
      local ca = tls.authority(folder)
      local own = ca:issue "IP:127.0.0.1"
      local server = process.write(folder .. "/server.py", RESETTER)
      for scheme, words in pairs { http = "", https = own.certificate .. " " .. own.key } do
        local pipe = io.popen(("echo $$; exec python3 %s %s"):format(server, words))
        local id, port = pipe:read("l", "l")
        local result = process.run("python3", { "-c", DEFAULTS, program, script }, {
          env = { URL = scheme .. "://127.0.0.1:" .. port, CA = ca.file } })
        os.execute("kill " .. id)
        pipe:close()
        assert.are.same({ 0, "", "alive\n" }, { result.status, result.err, result.out })
      end
    end)
  end

  local build = process.colua:match "^(.*)/"
  local function names(flags, file)
    return process.shell(("nm -D %s %s/codeocean/%s"):format(flags, process.quote(build), file)).out
  end

  -- libcurl before 7.88 lets SIGPIPE through: there the module blocks it for this thread while
  -- libcurl writes (src/core/wire/compat.h).
  local function blocks_pipe()
    local major, minor = core.curl_version():match "^(%d+)%.(%d+)"
    return major * 100 + minor < 788
  end

  it("calls nothing that changes the process", function()
    local wanted = names("--undefined-only", "core.so")
    assert.is_truthy(wanted:find " curl_multi_init")
    for _, name in ipairs { "setlocale", "chdir", "fchdir", "signal", "sigaction", "exit", "_exit",
      "abort", "putenv", "setenv", "unsetenv", "umask", "system", "fork", "printf", "puts",
      "stdout", "stderr", "raise", "kill", "alarm",
      blocks_pipe() and "sigprocmask" or "pthread_sigmask" } do
      assert.is_nil(wanted:find(" " .. name .. "[@\n]"), name)
    end
  end)

  it("exports only its luaopen_", function()
    for _, file in ipairs { "core", "sandbox" } do
      local list = names("--defined-only", file .. ".so"):gsub("%x+ %a ", "")
      assert.are.equal("luaopen_codeocean_" .. file .. "\n", (list:gsub("@@[^\n]*", "")))
    end
  end)
end)
