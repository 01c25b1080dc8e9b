--- Finds the certificate authorities that a client trusts, and the certificate that it presents.
--
-- codeocean.config calls it once for each client. In this order: the options of the client, the
-- variables CODEOCEAN_CA_FILE, CODEOCEAN_CLIENT_CERT and CODEOCEAN_CLIENT_KEY, the same fields of
-- credentials.json (beside the domain and token that were taken from there), then the variables of
-- other programs: SSL_CERT_FILE, SSL_CERT_DIR, CURL_CA_BUNDLE; else the system's authorities.

local ascii = require "codeocean.ascii"
local regular_file = require "codeocean.input.regular_file"

local M = {}

local function is_text(value) return type(value) == "string" and value ~= "" end

local function problem_of_file(path)
  local file, problem = regular_file.open(path)
  if not file then return problem end
  local byte, unreadable = file:read(1)
  file:close()
  if not byte then return ("%s: %s"):format(path, unreadable or "it is empty") end
end

-- The value and the place of the first row {value, place} whose value is set.
local function first_of(places)
  for _, place in ipairs(places) do
    if is_text(place[1]) then return place[1], place[2] end
  end
end

local function own(name, config, found, value)
  return first_of { { config[name], name }, { value, "CODEOCEAN_" .. ascii.upper(name) },
    { found[name], name .. " in credentials.json" } }
end

-- The user's setting for colua, else the one for all programs, else the system's.
local function add_authorities(config, found, getenv)
  local file, from = own("ca_file", config, found, getenv "CODEOCEAN_CA_FILE")
  if not file then
    file, from = first_of { { getenv "SSL_CERT_FILE", "SSL_CERT_FILE" },
      { getenv "CURL_CA_BUNDLE", "CURL_CA_BUNDLE" } }
    config.ca_folder = first_of { { getenv "SSL_CERT_DIR" } }
  end
  config.ca_file = file
  config.trust = file and ("%s (from %s)"):format(file, from)
    or config.ca_folder and ("%s (from SSL_CERT_DIR)"):format(config.ca_folder)
    or "the system's authorities"
  local problem = file and problem_of_file(file)
  return problem and from .. ": " .. problem
end

local function add_certificate(config, found, getenv)
  local values = { client_cert = getenv "CODEOCEAN_CLIENT_CERT",
    client_key = getenv "CODEOCEAN_CLIENT_KEY" }
  for _, name in ipairs { "client_cert", "client_key" } do
    local file, from = own(name, config, found, values[name])
    local problem = file and problem_of_file(file)
    if problem then return from .. ": " .. problem end
    config[name] = file
  end
  if config.client_key and not config.client_cert then
    return "client_key is set without client_cert"
  end
end

--- resolve(config, found, getenv): sets ca_file, ca_folder, client_cert, client_key and trust (a
-- text for people) in the config. `found` is the part of credentials.json that is in use, or {}.
-- Returns nil, or what is wrong. Does nothing for a domain without TLS.
function M.resolve(config, found, getenv)
  if found.domain:find "^[Hh][Tt][Tt][Pp]://" then return nil end
  return add_authorities(config, found, getenv) or add_certificate(config, found, getenv)
end

return M
