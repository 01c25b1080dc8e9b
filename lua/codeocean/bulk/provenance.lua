--- Where a bulk run comes from, a command or a user's script, so that it can be run again in the
-- same way and go on with its journal.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local journal = require "codeocean.bulk.journal"

local M = {}

local pending -- {path, name} of the journal that the next run of that name goes on with

local function refusal(form, ...)
  return nil, errors.new { kind = "refused", outcome = "not_sent", message = form:format(...) }
end

-- colua's own commands; nil in another interpreter.
local function commands()
  local ok, module = pcall(require, "colua.commands")
  return ok and module or nil
end

-- FNV-1a; it tells an edit, not an attack.
local function hash_of(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local h = 0xcbf29ce484222325
  for byte in file:read("a"):gmatch "." do h = (h ~ byte:byte()) * 0x100000001b3 end
  file:close()
  return ("%016x"):format(h)
end

local function words_of(args)
  local words = {}
  for i = 1, #(args or {}) do words[i] = args[i] end
  return #words > 0 and words or nil
end

--- {command =} or {script =, hash =}, with arguments, of the program that runs; nil in a session.
function M.current()
  local name = arg and arg[0]
  if not name then return nil end
  local own = commands()
  local words = words_of(arg)
  if own and not name:find("/") and own.load(name) then
    return { command = name, arguments = words }
  end
  local path = core.absolute(name)
  return path and { script = path, hash = hash_of(path), arguments = words } or nil
end

-- On which machine, whatever the port of a sandbox.
local function place(host)
  return host and (host:gsub("^(127%.0%.0%.1):%d+$", "%1"))
end

--- true; or nil, err when a journal or plan was made on another deployment.
function M.check_deployment(header, client, path)
  if not header.deployment or place(header.deployment) == place(client.host) then return true end
  return refusal("%s is of %s, this is %s", path, header.deployment, client.host)
end

local function load_chunk(from, force)
  if from.command then
    local own = commands()
    if not own then return refusal("only colua has the command '%s'", from.command) end
    return own.load(from.command)
  end
  local hash = hash_of(from.script)
  if not hash then return refusal("the script %s is gone", from.script) end
  if hash ~= from.hash and not force then
    return refusal("the script %s has changed since; --force goes on all the same", from.script)
  end
  return loadfile(from.script)
end

--- again(path, force) -> the chunk of the program whose journal that is, ready to run with its
-- arguments in `arg`; its bulk run goes on with the journal. Or nil, err.
function M.again(path, force)
  local state, err = journal.read(path)
  if not state then return nil, err end
  local from = state.header.origin
  if not from then return refusal("journal %s does not say which script made it", path) end
  local chunk, problem = load_chunk(from, force)
  if not chunk then return nil, problem end
  _G.arg = { [0] = from.command or from.script, table.unpack(from.arguments or {}) }
  pending = { path = path, name = state.header.name }
  return chunk
end

--- The journal that a run of this name is to go on with, once; or nil.
function M.take(name)
  if not pending or pending.name ~= name then return nil end
  local path = pending.path
  pending = nil
  return path
end

return M
