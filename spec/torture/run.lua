-- Starts a sandbox in this process for the tortured program, so that the server's allocations are
-- not counted; and nginx, if it is installed, for the same over TLS. Returns the program's status.
--
--   colua spec/torture/run.lua PROGRAM [scenario [number]]

local sandbox = require "codeocean.sandbox"

local peer <close> = assert(sandbox.start { seed = 50, page_cap = 20, latency = 0 })

local function order(last, fault)
  fault.id = "ffffffff-0000-4000-8000-" .. last
  fault.count = math.huge
  peer:fault(fault)
end

order("000000000503", { kind = "status", status = 503 })
order("000000000200", { kind = "html", status = 200 })
order("000000000301", { kind = "redirect", location = "https://elsewhere.example/" })
order("000000000000", { kind = "stall" })

-- nginx in front of the sandbox, the file of its authority and that of a stranger. The trust of the
-- system would be a hundred thousand allocations: the stranger is one certificate.
local function serve_tls(folder)
  package.path = "spec/support/?.lua;" .. package.path
  local tls = require "tls"
  local authority = tls.authority(folder)
  local identity = authority:issue "DNS:localhost,IP:127.0.0.1"
  return tls.nginx(folder, { plain = { identity = identity, to = peer.url } }), authority.file,
    tls.authority(folder).file
end

local folder = os.tmpname()
os.remove(folder)
os.execute("mkdir -m 700 " .. folder)
local ok, nginx, authority, stranger = pcall(serve_tls, folder)
if not ok then print("torture: without TLS: " .. tostring(nginx)) end

local words = { arg[1], "spec/torture/scenarios.lua", peer.url, peer.token,
  ok and ("https://127.0.0.1:%d"):format(nginx.port.plain) or "-", ok and authority or "-",
  ok and stranger or "-" }
local _, _, status = os.execute(table.concat(words, " ") .. " " .. table.concat(arg, " ", 2))
if ok then nginx:stop() end
os.execute("rm -rf " .. folder)
if status ~= 0 then print(("torture: not passed (status %d; 142: it hung)"):format(status)) end
os.exit(status, true)
