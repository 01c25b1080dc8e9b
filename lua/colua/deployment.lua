--- Deployment: what a session works on, its client, and what the prompt and the banner say of it.
-- The session makes one.

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

--- load(value): a module that has not been used yet gets its functions; any other value stays as
-- it is.
function M.load(value)
  local meta = debug.getmetatable(value)
  local loader = type(meta) == "table" and rawget(meta, "loader")
  if not loader then return end
  setmetatable(value, nil)
  for name, field in pairs(loader()) do value[name] = field end
end

-- A module whose functions are there from its first use on: a session starts without it.
local function module(loader)
  return setmetatable({}, { loader = loader, __index = function(own, name)
    M.load(own)
    return rawget(own, name)
  end })
end

local Deployment = { __name = "colua.deployment" }
Deployment.__index = Deployment

-- The token in it, so that the history can leave it out, goes nowhere else.
local function settings_of(getenv)
  local found, settings = pcall(config.resolve, {}, getenv)
  return found and settings or {}
end

--- new(getenv [, status]): makes the client, if a deployment is known; it waits through
-- status:wait(client). The engine notes every request; whether that is shown can be switched.
function M.new(getenv, status)
  local client, problem = clients.new { trace = true,
    wait = status and function(client) status:wait(client) end }
  local settings = settings_of(getenv)
  local self = setmetatable({
    client = client, problem = problem, getenv = getenv, secrets = { settings.token },
    sandbox = (getenv("CODEOCEAN_SANDBOX") or "") ~= "",
  }, Deployment)
  if client then client.trace, self.profile = settings.trace, settings.profile end
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

--- install(globals): client and assets, codeocean, and the modules that help() lists.
function Deployment:install(globals)
  globals.codeocean = codeocean
  for name, loader in pairs(MODULES) do globals[name] = module(loader) end
  globals.client = self.client or stand_in("client", self.problem)
  globals.assets = self.client and self.client.data_assets or stand_in("assets", self.problem)
end

--- label() -> what the prompt says of where requests go; nil where nobody knows.
function Deployment:label()
  if not self.client then return nil end
  local where = self.sandbox and "sandbox" or self.profile or format.host(self.client.host)
  return self.client.dry_run and where .. " dry-run" or where
end

--- style(colours) -> a style of format.paint for it: as `colours` has it by profile or host.
function Deployment:style(colours)
  if self.sandbox then return "green" end
  local own = colours[self.profile or self.client.host] or colours[self.client.host]
  return own or self.client.dry_run and "yellow" or "bold"
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

--- banner() -> lines that say where requests go. Never the token.
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

--- cancel(): ends what an interrupted line left under way; the client is usable afterwards.
function Deployment:cancel()
  if not self.client or self.client.closed then return end
  self.client:cancel()
end

return M
