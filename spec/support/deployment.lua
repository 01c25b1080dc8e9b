-- A sandbox within this process and colua as a program of its own beside it, in an empty home.
--
--   local here = deployment.start()              options as for the sandbox
--   local id = here:asset { name = "a", tags = { "x" } }
--   local result = here:run { "tag", id, "--add", "y" }     {status, out, err}
--   here:sent()                          what the server saw of it: { "GET /data_assets/…" }
--   here:stop()

local codeocean = require "codeocean"
local process = require "process"
local sandbox = require "codeocean.sandbox"

local M = {}

-- Prints the number of a process as it begins, and its status when it has ended.
local BEGIN = [[
import subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=open("out", "wb"), stderr=open("err", "wb"))
print(child.pid, flush=True)
print(child.wait(), flush=True)
]]

local Deployment = {}
Deployment.__index = Deployment

function M.start(options)
  local server = assert(sandbox.start(options or { ready_after = 0 }))
  return setmetatable({
    server = server, folder = process.folder(),
    seen = 0, client = assert(codeocean.client { domain = server.url, token = server.token }),
  }, Deployment)
end

function Deployment:stop()
  self.client:close()
  self.server:stop()
  process.clean(self.folder)
end

-- Creates an asset and waits until it is ready; its id.
function Deployment:asset(fields)
  local assets = self.client.data_assets
  local asset = assert(assets:create {
    name = fields.name, mount = fields.mount or fields.name, description = fields.description,
    tags = codeocean.json.array(fields.tags), source = { aws = { bucket = "open-neuro" } },
  })
  return assert(assets:wait_until_ready(asset.id, { interval = 0.01 })).id
end

-- A deployment that holds one asset, named "first": the deployment and the asset's id.
function M.with_asset()
  local here = M.start()
  return here, here:asset { name = "first" }
end

function Deployment:tags_of(id)
  return assert(self.client.data_assets:get(id)).tags
end

function Deployment:environment(env)
  local own = {
    CODEOCEAN_DOMAIN = self.server.url, CODEOCEAN_TOKEN = self.server.token, HOME = self.folder,
    XDG_STATE_HOME = self.folder .. "/state", NO_COLOR = "1",
  }
  for name, value in pairs(env or {}) do own[name] = value end
  return own
end

-- What sent() tells begins here.
function Deployment:mark()
  self.seen = #self.server:requests()
end

-- Runs colua with these words in an empty folder; options: stdin, env, and before = words of colua
-- itself.
function Deployment:run(words, options)
  self:mark()
  options = options or {}
  local all = { table.unpack(options.before or {}) }
  table.move(words, 1, #words, #all + 1, all)
  return process.run(process.colua, all, {
    stdin = options.stdin, env = self:environment(options.env), cwd = self.folder })
end

-- Runs shell code there that finds colua: {status, out, err, written}. options: env, on_terminal
-- (of 80 columns; out and err are then both all that it showed, without escape sequences).
function Deployment:shell(code, options)
  self:mark()
  local env = self:environment(options.env)
  env.PATH = process.colua:match("^(.*)/") .. ":" .. os.getenv "PATH"
  local run = options.on_terminal and process.on_terminal
    or function(words, where) return process.run(words[1], { words[2], words[3] }, where) end
  local result = run({ "sh", "-c", code }, { cwd = self.folder, env = env })
  if options.on_terminal then
    result.out = result.out:gsub("\r?\27%[K", ""):gsub("\27%[[%d;]*m", "")
    result.err = result.out
  end
  result.written = self:written()
  return result
end

-- Begins what run() does and returns finish(signal), which sends that signal and waits for the end.
function Deployment:begin(words)
  self:mark()
  local quoted = { "env" }
  for name, value in pairs(self:environment()) do
    quoted[#quoted + 1] = name .. "=" .. process.quote(value)
  end
  quoted[#quoted + 1] = process.quote(process.colua)
  for _, word in ipairs(words) do quoted[#quoted + 1] = process.quote(word) end
  -- A shell has its children in the background ignore SIGINT; python3 does not.
  local pipe = io.popen(("cd %s && python3 -c %s %s"):format(process.quote(self.folder),
    process.quote(BEGIN), table.concat(quoted, " ")))
  local id = pipe:read("l")
  return function(signal)
    os.execute(("kill -%s %s"):format(signal, id))
    local status = tonumber(pipe:read("a"))
    pipe:close()
    return { status = status, out = process.read(self.folder .. "/out"),
      err = process.read(self.folder .. "/err") }
  end
end

-- The same on a terminal, with standard output into a file: {status, out, shown}. `talk` is a list
-- of question, answer, question, …
function Deployment:type(words, talk, columns)
  self:mark()
  local quoted = { process.quote(process.colua) }
  for _, word in ipairs(words) do quoted[#quoted + 1] = process.quote(word) end
  local file = self.folder .. "/out"
  local code = table.concat(quoted, " ") .. (columns and "" or " > " .. process.quote(file))
  process.write(file, "")
  local result = process.on_terminal({ "sh", "-c", code }, { columns = columns or 100,
    talk = talk, env = self:environment(), cwd = self.folder })
  return { status = result.status, out = process.read(file), shown = result.out }
end

-- What the server saw since the last program began: "METHOD path?query body", without what stands
-- before /data_assets.
function Deployment:sent()
  local list = {}
  local requests = self.server:requests()
  for i = self.seen + 1, #requests do
    local request = requests[i]
    local query = (request.query or "") ~= "" and "?" .. request.query or ""
    local body = request.body ~= "" and " " .. request.body or ""
    list[#list + 1] = request.method .. " " .. request.path:gsub("^/api/v1", "") .. query .. body
  end
  return list
end

-- Those of them that would change something.
function Deployment:written()
  local list = {}
  for _, line in ipairs(self:sent()) do
    if not line:find("^GET ") and not line:find("^POST /%l+_?%l*/search ") then
      list[#list + 1] = line
    end
  end
  return list
end

return M
