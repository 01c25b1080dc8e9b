--- Deployment: the client of a session, the variables that it gets, and how prompt and banner name
-- the deployment. The session makes one.

local clients = require "codeocean.client"
local codeocean = require "codeocean"
local config = require "codeocean.config"
local format = require "codeocean.output.format"

local M = {}

local MODULES = {
  bulk = function() return require "codeocean.bulk" end,
  ids = function() return require "codeocean.ids" end,
  output = function() return require "codeocean.output" end,
  sandbox = function() return require "codeocean.sandbox" end,
  sheet = function() return require "codeocean.input.sheet" end,
  tags = function() return require "codeocean.tags" end,
}

--- load(value): loads the functions of a module that was not used yet; ignores any other value.
function M.load(value)
  local meta = debug.getmetatable(value)
  local loader = type(meta) == "table" and rawget(meta, "loader")
  if not loader then return end
  setmetatable(value, nil)
  for name, field in pairs(loader()) do value[name] = field end
end

-- A module that is loaded on its first use, so that a session starts faster.
local function module(loader)
  return setmetatable({}, { loader = loader, __index = function(own, name)
    M.load(own)
    return rawget(own, name)
  end })
end

local Deployment = { __name = "colua.deployment" }
Deployment.__index = Deployment

-- The configuration of the client, or {}. Its token goes only to the history and to .save, which
-- leave out lines that hold it.
local function settings_of(getenv)
  local found, settings = pcall(config.resolve, {}, getenv)
  return found and settings or {}
end

--- new(getenv [, progress]) -> deployment, with a client if one is configured. The client waits
-- through progress:wait(client). The engine records every request; .trace switches whether they are
-- shown.
function M.new(getenv, progress)
  local client, problem = clients.new { trace = true,
    wait = progress and function(client) progress:wait(client) end }
  local settings = settings_of(getenv)
  local self = setmetatable({
    client = client, problem = problem, getenv = getenv, secrets = { settings.token },
    sandbox = (getenv("CODEOCEAN_SANDBOX") or "") ~= "",
  }, Deployment)
  if client then client.trace, self.profile = settings.trace, settings.profile end
  return self
end

-- Stands for client or assets without a deployment: any use raises the problem.
local function stand_in(name, problem)
  local function refuse()
    error(("%s: %s"):format(name, tostring(problem)), 0)
  end
  return setmetatable({}, { __name = name, __index = refuse, __call = refuse,
    __tostring = function() return ("%s (%s)"):format(name, tostring(problem)) end })
end

--- install(globals): sets client, assets, codeocean, and the modules that help() lists.
function Deployment:install(globals)
  globals.codeocean = codeocean
  for name, loader in pairs(MODULES) do globals[name] = module(loader) end
  globals.client = self.client or stand_in("client", self.problem)
  globals.assets = self.client and self.client.data_assets or stand_in("assets", self.problem)
end

--- label() -> the deployment as the prompt shows it; nil without one.
function Deployment:label()
  if not self.client then return nil end
  local where = self.sandbox and "sandbox" or self.profile or format.host(self.client.host)
  return self.client.dry_run and where .. " dry-run" or where
end

--- style(colours) -> the style of format.paint for the label. `colours`: by profile or host, which
-- may be written as the prompt shows it.
function Deployment:style(colours)
  if self.sandbox then return "green" end
  local host = self.client.host
  return colours[self.profile or host] or colours[host] or colours[format.host(host)]
    or self.client.dry_run and "yellow" or "bold"
end

local READY = "Ready: assets, client, bulk, tags. help() helps, Tab completes, exit leaves."

local function unconfigured(problem)
  if not problem.message:find("^no ") then return { tostring(problem) } end
  return {
    "No deployment is set. Either put CODEOCEAN_DOMAIN and CODEOCEAN_TOKEN into the environment,",
    "or {\"domain\": …, \"token\": …} into ~/.codeocean/credentials.json;",
    "or leave (Ctrl-D) and try everything on a simulated one: colua --sandbox",
  }
end

--- banner() -> lines that name the deployment, without the token.
function Deployment:banner()
  if not self.client then return unconfigured(self.problem) end
  local where = "Deployment: " .. format.deployment(self.client.host, self.profile)
  if self.sandbox then where = "A sandbox: simulated assets, nothing here is real." end
  local lines = { where, READY }
  if self.client.dry_run then
    table.insert(lines, 2, "Dry run: no request that writes leaves this process.")
  end
  return lines
end

--- cancel(): ends the calls of an interrupted line. The client stays usable.
function Deployment:cancel()
  if not self.client or self.client.closed then return end
  self.client:cancel()
end

return M
