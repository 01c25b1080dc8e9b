--- The configuration of a client: from its options, the environment, and the credentials file.
-- codeocean.client calls it once for each client.

local ascii = require "codeocean.ascii"
local core = require "codeocean.core"
local credentials = require "codeocean.credentials"
local errors = require "codeocean.error"
local escape = require("codeocean.text").escape
local system = require "codeocean.lua.system"
local options = require "codeocean.options"
local settings = require "codeocean.settings"
local trust = require "codeocean.trust"

local M = {}

-- The options of a client: name, default, type.
M.options = {
  { "domain", nil, options.text },
  { "token", nil, options.text, secret = true },
  { "profile", nil, options.text },
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
  { "ca_file", nil, options.path },
  { "client_cert", nil, options.path },
  { "client_key", nil, options.path },
  { "insecure_http", false, options.boolean },
  { "user_agent", nil, options.header },
}

local function is_text(value) return type(value) == "string" and value ~= "" end

local SWITCH = { ["1"] = true, ["true"] = true, yes = true, on = true,
  ["0"] = false, ["false"] = false, no = false, off = false, [""] = false }

-- Adds the switches of the environment. One that is on wins over the option: --dry-run must hold
-- for every script. Returns the problem of a value that is neither on nor off: a guess could write,
-- or leave a job undone that seems done.
local function add_switches(config, getenv)
  for _, name in ipairs { "dry_run", "trace" } do
    local variable = "CODEOCEAN_" .. ascii.upper(name)
    local word = getenv(variable) or ""
    local on = SWITCH[ascii.lower(word)]
    if on == nil then return ("%s: '%s' is neither 1 nor 0"):format(variable, escape(word)) end
    config[name] = config[name] or on
  end
end

local function from_environment(getenv)
  return { domain = getenv("CODEOCEAN_DOMAIN"), token = getenv("CODEOCEAN_TOKEN") }
end

-- Variables that the platform may set in a capsule. They are named in a hint only: the user decides
-- which one to use.
local CAPSULE = { "API_SECRET", "API_KEY", "CUSTOM_KEY" }

local function capsule_hint(getenv)
  for _, variable in ipairs(CAPSULE) do
    if is_text(getenv(variable)) then
      return ("; %s is set here: CODEOCEAN_TOKEN=$%s uses it"):format(variable, variable)
    end
  end
  return ""
end

local function missing(found, path, getenv)
  local lacks = not found.domain and "deployment" or "token"
  if not found.domain and not found.token then lacks = "deployment and no token" end
  return ("no %s: looked at the arguments domain and token, at CODEOCEAN_DOMAIN and "
    .. "CODEOCEAN_TOKEN in the environment, and at %s%s%s; colua login asks for both, "
    .. "colua --sandbox needs neither"):format(lacks, path or
    "no credentials file (HOME names no folder)", found.left_out or "", capsule_hint(getenv))
end

local function host(domain)
  return (ascii.lower(domain):gsub("^https?://", ""):gsub("/.*$", ""))
end

-- Adds to found.left_out that `place` has a token of another host than found.domain.
local function note_other_host(found, values, place)
  if not is_text(values.token) or found.token or credentials.problem(values) then return end
  found.left_out = ("%s; the token in %s belongs to another host, %s"):format(found.left_out or "",
    place, escape(host(values.domain)))
end

-- Adds to `found` the values of one source that it lacks: domain, token and certificates. `place`
-- names the source. If its domain is another host, only a note is added: a token is never sent to
-- the host of another source. Returns whether domain and token are found.
local function join(found, values, place)
  local same_place = not found.domain or not is_text(values.domain)
    or host(values.domain) == host(found.domain)
  found.domain = found.domain or (is_text(values.domain) and values.domain or nil)
  if not same_place then note_other_host(found, values, place) end
  if same_place and is_text(values.token) then found.token = found.token or values.token end
  if same_place then
    for _, name in ipairs { "ca_file", "client_cert", "client_key" } do
      found[name] = found[name] or values[name]
    end
  end
  return found.domain and found.token
end

-- Domain and token from the options, the environment or the file, in this order; or nil and what is
-- wrong.
local function from_sources(config, getenv)
  local path, found = credentials.path(getenv), {}
  local complete = join(found, config, "the arguments")
    or join(found, from_environment(getenv), "CODEOCEAN_TOKEN")
  if not complete then
    local values, warning = credentials.read(path)
    if not values then return nil, warning end
    config.warning = warning
    join(found, values, path)
  end
  if found.domain and found.token then return found end
  return nil, missing(found, path, getenv)
end

local function from_profile(config, getenv)
  local path = credentials.path(getenv)
  local all, warning = credentials.read(path)
  if not all then return nil, warning end
  local found, problem = credentials.profile(all, config.profile, path)
  if not found then return nil, problem end
  config.warning = warning
  if is_text(found.domain) and is_text(found.token) then return found end
  return nil, ("profile '%s' in %s has no %s"):format(config.profile, path,
    is_text(found.domain) and "token" or "domain")
end

-- The name of the profile to use, or nil; or false and what is wrong.
local function chosen_profile(config, getenv)
  if config.profile and (config.domain or config.token) then
    core.complain("client", "profile", "either profile or domain and token expected")
  elseif config.profile or config.domain or config.token then
    return config.profile
  end
  local name, domain = getenv "CODEOCEAN_PROFILE", getenv "CODEOCEAN_DOMAIN"
  if is_text(name) and is_text(domain) then
    return false, "CODEOCEAN_PROFILE and CODEOCEAN_DOMAIN are both set; unset one of them"
  end
  return is_text(name) and name or nil
end

local function add_target(config, getenv)
  local profile, problem = chosen_profile(config, getenv)
  local found
  if profile ~= false then
    config.profile = profile
    found, problem = (profile and from_profile or from_sources)(config, getenv)
  end
  if found then
    problem = credentials.problem(found) or trust.resolve(config, found, getenv)
  end
  if problem then return errors.new { kind = "config", message = problem } end
  config.domain, config.token = found.domain, found.token
end

-- Adds the user's settings, which hold for all clients.
local function add_settings(config, given, getenv)
  local own, problem = settings.read(getenv)
  if not own then return problem end
  for _, name in ipairs { "jobs", "rate" } do
    if given[name] == nil then config[name] = own[name] or config[name] end
  end
  config.protect = own.protect
end

--- resolve(given [, getenv]) -> the whole configuration, checked, from a client's options (all
-- optional). Raises for an unknown option or a value of the wrong type; returns nil, err (kind
-- `config`) if a deployment or token is missing, or a file or variable is wrong. The
-- configuration's `warning` is one line, or nil.
function M.resolve(given, getenv)
  local config = options.read("client", M.options, given)
  local wrong = add_switches(config, getenv or system.getenv)
  if wrong then return nil, errors.new { kind = "config", message = wrong } end
  local problem = add_settings(config, given or {}, getenv or system.getenv)
    or add_target(config, getenv or system.getenv)
  if problem then return nil, problem end
  config.rate = config.rate or 0
  config.user_agent = config.user_agent
    or ("colua/%s libcurl/%s"):format(core.version, core.curl_version())
  return config
end

return M
