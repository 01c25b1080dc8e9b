--- The steps of `colua login` and `colua logout`: read a deployment and a token, try them, store
-- them, remove them. What must hold: the token is sent to that deployment, written to the
-- credentials file, and shown nowhere.

local clients = require "codeocean.client"
local command = require "codeocean.cli"
local core = require "codeocean.core"
local credentials = require "codeocean.credentials"
local system = require "codeocean.lua.system"
local text = require "codeocean.text"

local M = {}

-- Other interpreters than colua do not have this module.
local has_secret, secret = pcall(require, "colua.secret")

local function trimmed(line) return line and line:match "^%s*(.-)%s*$" or "" end

-- A token that was pasted as the deployment is refused and not repeated.
local function checked(domain)
  if domain == "" then command.usage_error("no deployment was given") end
  if domain:find "cop_" then command.usage_error("that is a token; the deployment comes first") end
  return domain
end

--- domain(given) -> the deployment's address: `given` (the option), else what the user types.
function M.domain(given)
  if given then return checked(given) end
  if not core.columns(io.stdin) then
    command.usage_error("which deployment? give --domain: there is no terminal to ask on")
  end
  io.stderr:write("Deployment (such as acmecorp.codeocean.com): ")
  return checked(trimmed(io.stdin:read "l"))
end

local function typed()
  local line, why = nil, "no terminal"
  if has_secret then line, why = secret.read("Access token (not shown): ") end
  if line then return line end
  if why == "interrupted" or why == "end" then command.usage_error("no token was given") end
  command.usage_error("there is no terminal to type the token on: --with-token reads it from "
    .. "standard input")
end

--- name(word) -> the word, the name of a profile; nil and what is wrong with it.
function M.name(word)
  if word ~= "" and not word:find "%c" then return word end
  return nil, word == "" and "it is empty" or "it has a control character"
end

--- token(from_input) -> the access token: the first line of standard input, or what is typed.
function M.token(from_input)
  local token = trimmed(from_input and io.stdin:read "l" or not from_input and typed())
  local problem = token == "" and "no token was given" or credentials.problem_of_token(token)
  if problem then command.usage_error("%s", problem) end
  return token
end

--- profile(name) -> the profile to store or remove: `name` (the option), else that of colua's
-- --profile or CODEOCEAN_PROFILE, else nil: the one without a name.
function M.profile(name)
  local chosen = name or system.getenv "CODEOCEAN_PROFILE"
  return chosen ~= "" and chosen or nil
end

-- The trust that is stored with a profile, or with the default (nil).
local function trust_of(name)
  local found = credentials.read(credentials.path()) or {}
  local profiles = type(found.profiles) == "table" and found.profiles or {}
  local entry = name and profiles[name] or not name and found
  if type(entry) ~= "table" then return {} end
  return { ca_file = entry.ca_file, client_cert = entry.client_cert, client_key = entry.client_key }
end

--- check_token(domain, token, name): raises the error unless a search with the token succeeds. The
-- server is trusted as the profile of that name says, if there is one.
function M.check_token(domain, token, name)
  local config = trust_of(name)
  config.domain, config.token = domain, token
  local client <close>, err = clients.new(config)
  if not client then error(err, 0) end
  local page
  page, err = client.data_assets:search { limit = 1 }
  if not page then error(err, 0) end
end

local function read(path)
  if not path then
    command.usage_error("HOME names no folder: there is no place for credentials")
  end
  local found, problem = credentials.read(path)
  if not found then command.usage_error("%s; mend or remove it first", problem) end
  return found
end

local function write(path, found)
  local written, problem = credentials.write(path, found)
  if not written then command.usage_error("%s", problem) end
  return path
end

--- store(name, values) -> the file's path. Stores {domain, token} in it, as a profile if `name` is
-- one.
function M.store(name, values)
  local path = credentials.path()
  local found = read(path)
  credentials.set(found, name, values)
  return write(path, found)
end

--- forget(name) -> the file's path. Removes domain and token from it, of the profile if `name` is
-- one.
function M.forget(name)
  local path = credentials.path()
  local found = read(path)
  if name then
    local profile, problem = credentials.profile(found, name, path)
    if not profile then command.usage_error("%s", problem) end
  elseif not found.domain and not found.token then
    command.usage_error("there is no deployment without a name in %s", text.escape(path))
  end
  credentials.set(found, name, nil)
  return write(path, found)
end

return M
