--- Reads a file of an asset: requests its signed address, and gets the bytes from there.
--
-- Called by assets:read_file and `colua cat`. What must hold: the storage gets nothing of our
-- credentials; the address is https, or the sandbox's on loopback; it is in no error, trace or log;
-- the number of bytes is limited.

local errors = require "codeocean.error"
local options = require "codeocean.options"

local M = {}

local MOST = 8 * 1024 * 1024

-- A type: a range of bytes, {first, last} from 0 on, {first} to the end, or {-n}, the last n bytes.
local function range(value)
  local expected = "{first, last}, {first} or {-n}, counted from 0"
  if type(value) ~= "table" or value[3] ~= nil then return expected end
  local first, last = value[1], value[2]
  for key in pairs(value) do
    if key ~= 1 and key ~= 2 then return expected end
  end
  local good = math.type(first) == "integer" and (last == nil or math.type(last) == "integer"
    and first >= 0 and last >= first)
  if not good or first == math.mininteger then return expected end
end

M.OPTIONS = {
  { "max", MOST, options.integer(1, 1 << 31) },
  { "range", nil, range },
}

local function header_of(bytes)
  if not bytes then return nil end
  if bytes[1] < 0 then return ("%d"):format(bytes[1]) end
  return ("%d-%s"):format(bytes[1], bytes[2] or "")
end

local function failure(kind, id, message, status)
  return nil, errors.new { kind = kind, operation = "read_file", id = id, outcome = "not_sent",
    status = status, message = message }
end

-- The errors of a storage, by status. They are not of kind `auth`: the token is not refused.
local REFUSALS = {
  [401] = { "rejected", "the storage refuses the file's address" },
  [403] = { "rejected", "the storage refuses the file's address" },
  [404] = { "missing", "the storage has no such file" },
  [416] = { "rejected", "the file has no such range" },
}

local function explained(err, id, most)
  local refusal = REFUSALS[err.status]
  if refusal then return failure(refusal[1], id, refusal[2], err.status) end
  if err.kind == "decode" and err.message:find("the answer is longer than", 1, true) then
    return failure("rejected", id, ("the file is larger than %d bytes: say more with max (--max), "
      .. "or read a range of it"):format(most))
  end
  if err.kind == "tls" then
    return failure("tls", id, ("the file's storage, which is trusted by the same authorities as "
      .. "the deployment (a ca_file must name those of both): %s"):format(err.message))
  end
  return nil, err
end

--- read(client, id, path, opts) -> bytes; or nil, err: as assets:read_file documents.
function M.read(client, id, path, opts)
  options.check_value("read_file", "path", options.text, path)
  local own = options.read("read_file", M.OPTIONS, opts, "opts")
  local urls, err = client:request("file_urls", id, { path = path })
  if not urls then return nil, err end
  local address = urls.download_url or urls.url
  if type(address) ~= "string" then
    return failure("decode", id, "the server's answer has no address of the file")
  end
  local transfer, problem = client.engine:read_file(address, own.max, header_of(own.range))
  if not transfer then
    return failure("decode", id, "the file's address is not followed: " .. problem)
  end
  local bytes, why = client:finish(transfer, nil, "read_file", id)
  if bytes then return bytes end
  return explained(why, id, own.max)
end

--- range_of(word) -> the range of "FIRST-LAST", "FIRST-" or "-N"; nil if it is none.
function M.range_of(word)
  local first, last = word:match "^(%d*)%-(%d*)$"
  if not first or first .. last == "" then return nil end
  if first == "" then
    local count = math.tointeger(tonumber(last))
    return count and count > 0 and { -count } or nil
  end
  local value = { math.tointeger(tonumber(first)), math.tointeger(tonumber(last)) }
  return not range(value) and value or nil
end

return M
