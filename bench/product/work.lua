-- Shared by the programs of the product: the client, the ids, the fields of an update.

local codeocean = require "codeocean"
local json = require "codeocean.json"

local M = {}

local function content(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

-- The update that all programs send.
function M.fields()
  return assert(json.decode(content(assert(os.getenv "BENCH_BODY"))))
end

function M.id(n)
  return ("00000000-0000-4000-8000-%012d"):format(n)
end

function M.ids(count)
  local list = {}
  for i = 1, count do list[i] = M.id(i - 1) end
  return list
end

-- "-" for what the system trusts.
function M.client(domain, options)
  options = options or {}
  if options.ca_file == "-" then options.ca_file = nil end
  options.domain, options.token, options.dialect = domain, "cop_bench", "2022"
  return assert(codeocean.client(options))
end

return M
