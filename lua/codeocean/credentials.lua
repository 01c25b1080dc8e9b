--- The credentials file, ~/.codeocean/credentials.json: its path, its content, its profiles.
--
--   {"domain": "acmecorp.codeocean.com", "token": "cop_…",
--    "profiles": {"test": {"domain": "test.acmecorp.codeocean.com", "token": "cop_…"}}}
--
-- A profile is a deployment with its token, under a name that the user chooses. The community's
-- Python client reads `domain` and `token` of the same file and ignores the rest. Used by
-- codeocean.config and the commands login, logout and profiles. A token is never shown.

local ascii = require "codeocean.ascii"
local core = require "codeocean.core"
local near_name = require "codeocean.near_name"
local system = require "codeocean.lua.system"
local output_file = require "codeocean.output.file"
local regular_file = require "codeocean.input.regular_file"
local text = require "codeocean.text"
local user_folders = require "codeocean.user_folders"

local M = {}

local ENOENT = 2
local MOST = 64 * 1024 -- most bytes of the file

local function is_text(value) return type(value) == "string" and value ~= "" end

--- path([getenv]) -> the file's path; nil if HOME names no folder.
function M.path(getenv)
  local home = user_folders.home(getenv or system.getenv)
  return home and home .. "/.codeocean/credentials.json"
end

-- The content, and whether other users can read or write the file; or nil and why not.
local function read_private(path)
  local file, problem, code = regular_file.open(path)
  if not file then return code == ENOENT and "{}" or nil, problem end
  local open_to_others = core.open_to_others(file)
  local content, unreadable = file:read(MOST)
  file:close()
  if unreadable then return nil, ("%s: %s"):format(path, unreadable) end
  return content or "", open_to_others
end

-- Patterns that no token contains, and the likely mistake.
local ODD_TOKENS = {
  { "%.%.%.$", "is an example; write your own" }, { "^<.*>$", "is an example; write your own" },
  { "\u{2026}$", "is an example; write your own" },
  { "://", "is a web address; domain and token may be swapped" },
  { "%.codeocean%.", "is the name of a deployment; domain and token may be swapped" },
  { "^[Bb]earer%s", "begins with the word Bearer; give what follows it alone" },
  { "^[Bb]asic%s", "begins with the word Basic; give the token itself" },
  { "[\"'`]", "has quotes in it; take them away" },
  { "\u{201C}", "has quotes in it; take them away" },
  { "\u{201D}", "has quotes in it; take them away" },
  { "[ \t\r\n]", "has a blank or a line end in it; copy it again" },
  { "[\0-\31\127]", "has a control character in it; copy it again" },
  { "[\128-\255]", "has a character in it that is not ASCII; copy it again" },
  { ":", "has a colon in it, which only curl's -u wants; take it away" },
  { "^%$", "begins with $; the shell did not put in the variable's value" },
  { ("."):rep(4097), "is longer than 4096 bytes; copy it again" },
}

-- Patterns of domains, and the likely mistake. The parser of addresses finds other mistakes.
local ODD_DOMAINS = {
  { "^[\"'].*[\"']$", "has quotes in it; take them away" },
  { "^%$", "begins with $; the shell did not put in the variable's value" },
  { "://.*://", "has https:// twice; write the name of the host alone" },
  { "^https?:/[^/]", "has one slash behind https: it is written https://" },
  { "^cop_", "is a token; domain and token may be swapped" },
  { "@", "has a user or a token before an '@'; leave that out" },
}

--- problem_of_domain(domain) -> the likely mistake in a domain, or nil.
function M.problem_of_domain(domain)
  for _, row in ipairs(ODD_DOMAINS) do
    if domain:find(row[1]) then return "the domain " .. row[2] end
  end
end

--- problem_of_token(token) -> the likely mistake in a token, or nil. The text does not contain the
-- token.
function M.problem_of_token(token)
  for _, row in ipairs(ODD_TOKENS) do
    if token:find(row[1]) then return "the token " .. row[2] end
  end
end

--- shown(domain) -> the domain for a message that refuses it, cut behind the first ":", "?" or "#"
-- unless a port follows: the rest may be a secret.
function M.shown(domain)
  local scheme = domain:match "^%a+:/+" or ""
  local host, tail = domain:sub(#scheme + 1):match "^([^:?#%[]*[:?#])(.*)$"
  if not host or tail:find "^%d+$" or tail:find "^%d+/" then return domain end
  return scheme .. host .. "…"
end

local LONG = 16 -- bytes; a domain does not contain so long a token by chance

--- problem(values) -> the likely mistake in values.domain or values.token, or nil. The text
-- contains neither.
function M.problem(values)
  local domain, token = values.domain, values.token
  local problem = M.problem_of_domain(domain) or M.problem_of_token(token)
  if problem or #token < LONG then return problem end
  if ascii.lower(domain):find(ascii.lower(token), 1, true) then
    return "the domain has the token in it; domain and token may be swapped"
  end
end

-- A JSON array has a metatable.
local function is_object(value) return type(value) == "table" and getmetatable(value) == nil end

local function holds_token(found)
  if is_text(found.token) then return true end
  for _, profile in pairs(type(found.profiles) == "table" and found.profiles or {}) do
    if type(profile) == "table" and is_text(profile.token) then return true end
  end
  return false
end

--- read(path) -> the content of the file ({} if there is none), and a warning or nil; or nil and
-- what is wrong with the file.
function M.read(path)
  if not path then return {} end
  local content, open_to_others = read_private(path)
  if not content then return nil, open_to_others end
  local found, problem = core.json_decode(content)
  if not is_object(found) then
    return nil, ("%s is not JSON of the form {\"domain\": …, \"token\": …}%s"):format(path,
      text.because(problem))
  elseif found.profiles ~= nil and not is_object(found.profiles) then
    return nil, path .. ": profiles is not of the form {\"NAME\": {\"domain\": …, \"token\": …}}"
  end
  return found, open_to_others and holds_token(found)
    and path .. " is open to other users of this machine; chmod 600 it" or nil
end

--- names(found) -> the names of the profiles in what read() gave, sorted.
function M.names(found)
  local names = {}
  for name, profile in pairs(type(found.profiles) == "table" and found.profiles or {}) do
    if type(profile) == "table" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

-- The domain, or in its place what is wrong with it: the text may be a token, or hold one.
local function shown_domain(domain, token)
  if type(domain) ~= "string" then return domain end
  local problem = M.problem { domain = domain, token = is_text(token) and token or "" }
  return problem and "(" .. problem .. ")" or core.mask(domain)
end

--- row(name, profile) -> {profile, domain, token = "set" | "missing"}, what may be shown of it.
function M.row(name, profile)
  return { profile = core.mask(name), domain = shown_domain(profile.domain, profile.token),
    token = is_text(profile.token) and "set" or "missing" }
end

--- profile(found, name, path) -> {domain, token, …} of that profile; or nil and a line that names
-- the near profile, or all of them.
function M.profile(found, name, path)
  local names = M.names(found)
  for _, known in ipairs(names) do
    if known == name then return found.profiles[name] end
  end
  local hint = #names > 0 and near_name.or_all(name, names)
    or "there are none; colua login --name NAME makes one"
  return nil, ("no profile '%s' in %s; %s"):format(name, path or "~/.codeocean/credentials.json",
    hint)
end

-- Writing ----------------------------------------------------------------------------------------

-- Makes ~/.codeocean, private to its owner. An existing folder keeps its permissions.
local function make_folder(path)
  local made, message = core.make_folder((path:match "^(.*)/"))
  return made, message and ("%s: %s"):format(path, message)
end

--- write(path, found) -> true once the file (0600) has this content; or nil and why not, and the
-- file is as it was before.
function M.write(path, found)
  local made, problem = make_folder(path)
  if not made then return nil, problem end
  return output_file.replace(path, core.json_encode(found) .. "\n", true)
end

-- Sets domain and token of a table; nil removes them.
local function set_values(found, values)
  for _, key in ipairs { "domain", "token" } do found[key] = values and values[key] end
end

--- set(found, name, values): sets domain and token of the profile of that name, or of the default
-- without a name (nil). values = nil removes the profile, or domain and token of the default. Other
-- fields, such as ca_file, stay unless the profile is removed.
function M.set(found, name, values)
  if not name then return set_values(found, values) end
  found.profiles = type(found.profiles) == "table" and found.profiles or {}
  local there = found.profiles[name]
  local profile = values and (type(there) == "table" and there or {})
  if profile then set_values(profile, values) end
  found.profiles[name] = profile or nil
  if next(found.profiles) == nil then found.profiles = nil end
end

return M
