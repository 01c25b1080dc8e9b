--- What a session works on: the deployment, its client, and how that is told.

local clients = require "codeocean.client"
local codeocean = require "codeocean"
local config = require "codeocean.config"

local M = {}

local Deployment = { __name = "colua.deployment" }
Deployment.__index = Deployment

-- The token in it, so that the history can leave it out, goes nowhere else.
local function settings_of(getenv)
  local found, settings = pcall(config.resolve, {}, getenv)
  return found and settings or {}
end

--- new(getenv): makes the client, if a deployment is known. The engine notes every request; whether
-- that is shown can be switched.
function M.new(getenv)
  local client, problem = clients.new { trace = true }
  local settings = settings_of(getenv)
  local self = setmetatable({
    client = client, problem = problem, getenv = getenv, secrets = { settings.token },
    sandbox = (getenv("CODEOCEAN_SANDBOX") or "") ~= "",
  }, Deployment)
  if client then client.trace = settings.trace end
  return self
end

-- Stands for what there would be with a deployment, and says so when it is used.
local function stand_in(name, problem)
  local function refuse()
    error(("%s: %s"):format(name, tostring(problem)), 0)
  end
  return setmetatable({}, { __name = name, __index = refuse, __call = refuse,
    __tostring = function() return ("%s (%s)"):format(name, tostring(problem)) end })
end

--- install(globals): client, assets, bulk, codeocean, and tags, for the arithmetic of tag lists.
function Deployment:install(globals)
  globals.codeocean = codeocean
  globals.tags = require "codeocean.tags"
  globals.bulk = require "codeocean.bulk"
  globals.client = self.client or stand_in("client", self.problem)
  globals.assets = self.client and self.client.data_assets or stand_in("assets", self.problem)
end

--- mode() -> what the prompt says, and its style; nil on a deployment that is real.
function Deployment:mode()
  local words = {}
  if self.sandbox then words[1] = "sandbox" end
  if self.client and self.client.dry_run then words[#words + 1] = "dry-run" end
  if #words == 0 then return nil end
  return table.concat(words, " "), self.sandbox and "green" or "yellow"
end

local READY = "Ready: client, assets, bulk, tags, codeocean. help() tells more, Tab completes, "
  .. "Ctrl-D leaves."

local function unconfigured(problem)
  if not problem.message:find("^no ") then return { tostring(problem) } end
  return {
    "No deployment is set. Either put CODEOCEAN_DOMAIN and CODEOCEAN_TOKEN into the environment,",
    "or {\"domain\": …, \"token\": …} into ~/.codeocean/credentials.json;",
    "or leave (Ctrl-D) and try everything on a simulated one: colua --sandbox",
  }
end

--- banner() -> lines that say where requests go. Never the token.
function Deployment:banner()
  if not self.client then return unconfigured(self.problem) end
  local where = "Deployment: " .. self.client.host
  if self.sandbox then where = "A sandbox: simulated assets, nothing here is real." end
  local lines = { where, READY }
  if self.client.dry_run then
    table.insert(lines, 2, "Dry run: no request that writes leaves this process.")
  end
  return lines
end

--- cancel(): ends what an interrupted line left under way; the client is usable afterwards.
function Deployment:cancel()
  if not self.client or self.client.closed then return end
  self.client:cancel()
end

return M
