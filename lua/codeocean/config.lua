--- Where a client goes and how it behaves: argument, then environment, then credentials file.

local cjson = require "cjson"
local core = require "codeocean.core"
local dialect = require "codeocean.assets.search"
local errors = require "codeocean.error"
local escape = require("codeocean.output.text").escape

local M = {}

local ENOENT = 2

local function positive(v) return type(v) == "number" and v > 0 and v < math.huge end
local function integer(least, most)
  return function(v) return math.type(v) == "integer" and v >= least and v <= most end
end
local function text(v) return type(v) == "string" and v ~= "" end
local function boolean(v) return type(v) == "boolean" end

-- name, default, what is accepted, how that is called
M.options = {
  { "domain", nil, text, "string such as acmecorp.codeocean.com" },
  { "token", nil, text, "string" },
  { "timeout", 60, positive, "seconds for one attempt" },
  { "connect_timeout", 10, positive, "seconds" },
  { "deadline", 120, positive, "seconds for an operation with all its attempts" },
  { "retries", 4, integer(0, 100), "integer from 0 to 100" },
  { "jobs", 16, integer(1, 1000), "integer from 1 to 1000" },
  { "dialect", "auto", function(v) return dialect.NAMES[v] end, "auto, 2022 or current" },
  { "rate", nil, positive, "requests a second" },
  { "answer_max", 64 * 1024 * 1024, integer(1, 1 << 40), "bytes" },
  { "dry_run", false, boolean, "boolean" },
  { "trace", false, boolean, "boolean" },
  { "wait", nil, function(v) return type(v) == "function" end, "function" },
  { "ca_file", nil, text, "file name" },
  { "insecure_http", false, boolean, "boolean" },
  { "user_agent", nil, text, "string" },
}

local function names()
  local list = {}
  for i, row in ipairs(M.options) do list[i] = row[1] end
  return table.concat(list, ", ")
end

local function check_known(options)
  local known = {}
  for _, row in ipairs(M.options) do known[row[1]] = true end
  for name in pairs(options) do
    if not known[name] then
      core.complain("client", tostring(name), "no such option; there are " .. names())
    end
  end
end

local function check_values(options)
  local config = {}
  for _, row in ipairs(M.options) do
    local name, default, accepts, expected = table.unpack(row, 1, 4)
    local value = options[name]
    if value ~= nil and not accepts(value) then
      core.complain("client", name, expected .. " expected")
    end
    if value == nil then value = default end
    config[name] = value
  end
  return config
end

local SWITCH = { ["1"] = true, ["true"] = true, yes = true, on = true,
  ["0"] = false, ["false"] = false, no = false, off = false, [""] = false }

-- The environment wins here: --dry-run must hold whatever a script says. What is neither on nor off
-- is refused: to guess could write, or leave a job undone that seemed to be done.
local function add_switches(config, getenv)
  for _, name in ipairs { "dry_run", "trace" } do
    local variable = "CODEOCEAN_" .. name:upper()
    local word = getenv(variable) or ""
    local on = SWITCH[word:lower()]
    if on == nil then return ("%s: '%s' is neither 1 nor 0"):format(variable, escape(word)) end
    config[name] = config[name] or on
  end
end

local function from_environment(getenv)
  return { domain = getenv("CODEOCEAN_DOMAIN"), token = getenv("CODEOCEAN_TOKEN") }
end

-- What is there, and whether other users may read or write it; or nil and why not.
local function read_private(path)
  local file, problem, code = io.open(path, "r")
  if not file then return code == ENOENT and "{}" or nil, problem end
  local open_to_others = core.open_to_others(file)
  local content, unreadable = file:read(64 * 1024)
  file:close()
  if unreadable then return nil, ("%s: %s"):format(path, unreadable) end
  return content or "", open_to_others
end

local function from_file(path)
  if not path then return {} end
  local content, open_to_others = read_private(path)
  if not content then return nil, open_to_others end
  local ok, found = pcall(cjson.new().decode, content)
  if not ok or type(found) ~= "table" then
    return nil, path .. " is not JSON of the form {\"domain\": …, \"token\": …}"
  end
  return found, nil, open_to_others and text(found.token)
    and path .. " is open to other users of this machine; chmod 600 it" or nil
end

local function missing(config, path)
  local lacks = not config.domain and "deployment" or "token"
  if not config.domain and not config.token then lacks = "deployment and no token" end
  return errors.new {
    kind = "config",
    message = ("no %s: looked at the arguments domain and token, at CODEOCEAN_DOMAIN and "
      .. "CODEOCEAN_TOKEN in the environment, and at %s"):format(lacks, path or
      "no credentials file (HOME is not set)"),
  }
end

local function host(domain)
  return (domain:lower():gsub("^https?://", ""):gsub("/.*$", ""))
end

-- Domain and token of one source belong together: a token never goes to another source's host.
local function add_target(config, getenv)
  local home = getenv("HOME")
  local path = home and home .. "/.codeocean/credentials.json"
  local sources = { function() return config end, function() return from_environment(getenv) end,
    function() return from_file(path) end }
  local found = {}
  for _, source in ipairs(sources) do
    local values, problem, warning = source()
    if not values then return nil, errors.new { kind = "config", message = problem } end
    local same_place = not found.domain or not text(values.domain)
      or host(values.domain) == host(found.domain)
    config.warning = warning
    found.domain = found.domain or (text(values.domain) and values.domain or nil)
    if same_place and text(values.token) then found.token = found.token or values.token end
    if found.domain and found.token then break end
  end
  config.domain, config.token = found.domain, found.token
  if not (config.domain and config.token) then return nil, missing(config, path) end
  return config
end

--- A whole, checked configuration from a client's options (all optional). Raises for an unknown
-- option or a value of the wrong type; returns nil, err (kind `config`) when no deployment or no
-- token is to be found. `warning` in it is a line for people, or nil.
function M.resolve(options, getenv)
  check_known(options)
  local config = check_values(options)
  local wrong = add_switches(config, getenv or os.getenv)
  if wrong then return nil, errors.new { kind = "config", message = wrong } end
  local _, problem = add_target(config, getenv or os.getenv)
  if problem then return nil, problem end
  config.rate = config.rate or 0
  config.user_agent = config.user_agent
    or ("colua/%s libcurl/%s"):format(core.version, core.curl_version())
  return config
end

return M
