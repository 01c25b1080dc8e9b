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

-- Required contents of PEM files; libcurl checks them only when it connects, with no clear message.
local CERTIFICATE = { "%-%-%-%-%-BEGIN [%u%d ]*CERTIFICATE%-%-%-%-%-", "no certificate" }
local KEY = { "%-%-%-%-%-BEGIN [%u%d ]*PRIVATE KEY%-%-%-%-%-", "no private key" }
local LARGEST = 1024 * 1024 -- bytes that are searched

-- The start of a file; or nil and what is wrong.
local function read(path)
  local file, problem = regular_file.open(path)
  if not file then return nil, problem end
  local bytes, unreadable = file:read(LARGEST)
  file:close()
  if bytes then return bytes end
  return nil, ("%s: %s"):format(path, unreadable or "it is empty")
end

local function problem_of_file(path, part)
  local bytes, problem = read(path)
  if not bytes then return problem end
  if not bytes:find(part[1]) then return ("%s: %s in it (PEM)"):format(path, part[2]) end
end

-- What is wrong with a file of a key, or nil. A key with a password is refused: the TLS library
-- would ask for the password in the middle of a request.
local function problem_of_key(path)
  local problem = problem_of_file(path, KEY)
  if problem then return problem end
  if read(path):find("ENCRYPTED", 1, true) then
    return ("%s: the key has a password; `openssl pkey -in FILE -out NEW` writes one without")
      :format(path)
  end
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

local function described(file, from, folder)
  local places = {}
  if file then places[1] = ("%s (from %s)"):format(file, from) end
  if folder then places[#places + 1] = folder .. " (from SSL_CERT_DIR)" end
  return places[1] and table.concat(places, " and ") or "the system's authorities"
end

-- Sets the authorities: those set for colua, else those set for all programs, else the system's.
-- Returns what is wrong, or nil.
local function add_authorities(config, found, getenv)
  local file, from = own("ca_file", config, found, getenv "CODEOCEAN_CA_FILE")
  if not file then
    file, from = first_of { { getenv "SSL_CERT_FILE", "SSL_CERT_FILE" },
      { getenv "CURL_CA_BUNDLE", "CURL_CA_BUNDLE" } }
    config.ca_folder = first_of { { getenv "SSL_CERT_DIR" } }
  end
  config.ca_file = file
  config.trust = described(file, from, config.ca_folder)
  local problem = file and problem_of_file(file, CERTIFICATE)
  return problem and from .. ": " .. problem
end

-- Sets the certificate and its key, which may be in the same file. Returns what is wrong, or nil.
local function add_certificate(config, found, getenv)
  local cert, from = own("client_cert", config, found, getenv "CODEOCEAN_CLIENT_CERT")
  local key, key_from = own("client_key", config, found, getenv "CODEOCEAN_CLIENT_KEY")
  config.client_cert, config.client_key = cert, key
  if key and not cert then return "client_key is set without client_cert" end
  if not cert then return nil end
  local problem = problem_of_file(cert, CERTIFICATE)
  if problem then return from .. ": " .. problem end
  problem = problem_of_key(key or cert)
  return problem and (key_from or from) .. ": " .. problem
end

--- resolve(config, found, getenv): sets ca_file, ca_folder, client_cert, client_key and trust (a
-- text for people) in the config. `found` is the part of credentials.json that is in use, or {}.
-- Returns nil, or what is wrong. Does nothing for a domain without TLS.
function M.resolve(config, found, getenv)
  if found.domain:find "^[Hh][Tt][Tt][Pp]://" then return nil end
  return add_authorities(config, found, getenv) or add_certificate(config, found, getenv)
end

return M
