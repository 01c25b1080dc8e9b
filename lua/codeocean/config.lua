--- Where a client goes and how it behaves: argument, then environment, then credentials file.

local cjson = require "cjson"
local core = require "codeocean.core"
local errors = require "codeocean.error"
local escape = require("codeocean.output.text").escape
local options = require "codeocean.options"

local M = {}

local ENOENT = 2

-- What a client is made of.
M.options = {
  { "domain", nil, options.text },
  { "token", nil, options.text, secret = true },
  { "timeout", 60, options.seconds },
  { "connect_timeout", 10, options.seconds },
  { "deadline", 120, options.seconds },
  { "retries", 4, options.integer(0, 100) },
  { "jobs", 16, options.integer(1, 1000) },
  { "dialect", "auto", options.choice("auto", "2022", "current") },
  { "rate", nil, options.number(1000000) },
  { "answer_max", 64 * 1024 * 1024, options.integer(1, 1 << 40) },
  { "dry_run", false, options.boolean },
  { "trace", false, options.boolean },
  { "wait", nil, options.callable },
  { "ca_file", nil, options.text },
  { "insecure_http", false, options.boolean },
  { "user_agent", nil, options.text },
}

local function is_text(value) return type(value) == "string" and value ~= "" end

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
  return found, nil, open_to_others and is_text(found.token)
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
    local same_place = not found.domain or not is_text(values.domain)
      or host(values.domain) == host(found.domain)
    config.warning = warning
    found.domain = found.domain or (is_text(values.domain) and values.domain or nil)
    if same_place and is_text(values.token) then found.token = found.token or values.token end
    if found.domain and found.token then break end
  end
  config.domain, config.token = found.domain, found.token
  if not (config.domain and config.token) then return nil, missing(config, path) end
  return config
end

--- A whole, checked configuration from a client's options (all optional). Raises for an unknown
-- option or a value of the wrong type; returns nil, err (kind `config`) when no deployment or no
-- token is to be found. `warning` in it is a line for people, or nil.
function M.resolve(given, getenv)
  local config = options.read("client", M.options, given)
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
