-- A sandbox and an HTTP client for it, for the specs of the sandbox itself.
--
--   local it = peer.start { seed = 10 }
--   local status, answer, raw, headers = it:call("GET", "/" .. id)
--
-- Paths are behind /api/v1/data_assets; bodies are text, or tables that become JSON. The answer is
-- decoded where it is JSON (numbers are doubles: look at `raw` for exact ones).

local http = require "http"
local optional = require "optional"
local sandboxes = require "codeocean.sandbox"

-- A second opinion on the JSON of the sandbox, where it is to be had.
local cjson = optional.module "cjson" or require "codeocean.json"

local peer = {}
peer.__index = peer

peer.VENDORS = "27b4d7ec-a2f8-4c8d-9be5-361d33e50bf0"   -- an asset of every estate of 2 or more

function peer.start(options)
  local sandbox = assert(sandboxes.start(options))
  return setmetatable({ sandbox = sandbox, base = sandbox.url .. "/api/v1/data_assets" }, peer)
end

-- "Basic " and base64 of "token:".
function peer.credentials(token)
  local digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  local text = (token .. ":"):gsub("..?.?", function(three)
    local a, b, c = three:byte(1, 3)
    local n = a << 16 | (b or 0) << 8 | (c or 0)
    local four = ""
    for i = 0, #three do
      local at = (n >> 18 - 6 * i & 63) + 1
      four = four .. digits:sub(at, at)
    end
    return four .. ("="):rep(3 - #three)
  end)
  return "Basic " .. text
end

-- What http.request takes, of a call.
function peer:request(method, path, body, headers)
  local all = { Authorization = peer.credentials(self.sandbox.token) }
  if type(body) == "table" then body = cjson.encode(body) end
  if body then all["Content-Type"] = "application/json" end
  for name, value in pairs(headers or {}) do all[name] = value or nil end
  return { method = method, url = self.base .. path, headers = all, body = body }
end

function peer:call(method, path, body, headers)
  local status, answered, raw = http.request(self:request(method, path, body, headers))
  if not status then return nil, answered end
  local json = (answered["content-type"] or ""):find "json"
  local ok, answer = pcall(cjson.decode, raw)
  return status, json and ok and answer or nil, raw, answered
end

-- A new asset; fields override those of a small valid body.
function peer:create(fields)
  local body = { name = "made", description = "by a spec", mount = "made", tags = { "x" },
    source = { aws = { bucket = "open" } } }
  for name, value in pairs(fields or {}) do body[name] = value or nil end
  return self:call("POST", "", body)
end

-- The names that a search finds, in their order.
function peer:names(query)
  local _, answer = self:call("GET", "?limit=1000&" .. query)
  local names = {}
  for i, row in ipairs(answer.results) do names[i] = row.name end
  return names
end

return peer
