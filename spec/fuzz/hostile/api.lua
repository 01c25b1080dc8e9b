-- The functions that hostile programs call: each public function and method, found by listing
-- modules and objects, so that new ones are included. A function that may wait long gets a short
-- time-out or a deployment that does not exist.

local codeocean = require "codeocean"
local core = require "codeocean.core"
local sandbox = require "codeocean.sandbox"

local M = {}

local random, values, peer
local rows = {}

local MODULES = { "json", "tags", "ids", "output", "assets.query", "assets.permissions",
  "input.csv", "input.id", "equal", "expression", "text" }

-- Makes, changes or renames files, whose names would be any text.
local LEFT_OUT = {
  ["core.create_file"] = true, ["core.rename_new"] = true, ["core.sync_file"] = true,
  ["core.open_regular"] = true, ["core.make_folder"] = true,
  ["core.library"] = true, ["core.engine"] = true,
}

local function add(name, fn)
  if type(fn) == "function" and not LEFT_OUT[name] then rows[#rows + 1] = { name, fn } end
end

local function add_all(prefix, functions)
  local names = {}
  for name in pairs(functions) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do add(prefix .. "." .. name, functions[name]) end
end

-- Methods, of an object that the program has.

local clients = {}

local function options()
  local made = { domain = random.one_in(3) and peer and peer.url or "http://127.0.0.1:1",
    token = "cop_hostile0", retries = 0, timeout = 0.2, deadline = 0.3, connect_timeout = 0.2,
    jobs = random.upto(3), dry_run = random.one_in(4), trace = random.one_in(8) }
  if random.one_in(3) then made.dialect = random.pick { "2022", "current" } end
  if random.one_in(6) then
    function made.wait(client)
      client:step(0.001)
      values.random_value()
    end
  end
  return made
end

local function client()
  if #clients > 0 and not random.one_in(12) then return random.pick(clients) end
  local made = codeocean.client(options())
  if #clients < 3 then clients[#clients + 1] = made else clients[random.upto(3)] = made end
  return made
end

local function method(prefix, name, holder, fixed)
  add(prefix .. ":" .. name, function(...)
    local object = holder()
    if object == nil then return end
    values.work_on { object, n = 1 }
    if fixed then return object[name](object, fixed(...)) end
    return object[name](object, ...)
  end)
end

local function soon() return 0.001 end
local function little(ids) return ids, { timeout = 0.01, interval = 0.005 } end

local BOUNDED = {
  ["client:step"] = soon, ["client:sleep"] = soon, ["engine:step"] = soon, ["engine:pause"] = soon,
  ["assets:wait_until_ready"] = little, ["sandbox:wait"] = soon,
}

-- Wait for what may never come.
local NEVER = { ["client:pump"] = true, ["client:await"] = true, ["client:finish"] = true,
  ["sandbox:fault"] = false }

local function add_methods(prefix, object, holder)
  local names = {}
  for name, value in pairs(debug.getmetatable(object).__index) do
    if type(value) == "function" then names[#names + 1] = name end
  end
  table.sort(names)
  for _, name in ipairs(names) do
    local full = prefix .. ":" .. name
    if not NEVER[full] then method(prefix, name, holder, BOUNDED[full]) end
  end
end

local function transfer()
  return client():submit(random.pick { "get", "delete", "search" },
    "fea84ebf-b58b-4ad2-994d-7169dc3880fb", {})
end

-- Loops over what iterators there are, left early now and then.
local function loop(iterate)
  return function(...)
    for a, b, c in iterate(...) do
      values.keep(a)
      values.keep(b)
      values.keep(c)
      if random.one_in(4) then break end
    end
  end
end

-- Nobody's deployment, for whatever a program does to it.
local others = {}

local function a_sandbox()
  if not others[1] then others[1] = sandbox.start {} end
  return others[1]
end

local function find_all()
  local own = assert(codeocean.client { domain = "127.0.0.1:1", token = "cop_hostile0" })
  add_all("core", core)
  add("codeocean.client", function() return client() end)
  add("codeocean.is_error", codeocean.is_error)
  for _, name in ipairs(MODULES) do
    local module = require("codeocean." .. name)
    if type(module) == "table" then add_all(name, module) end
  end
  add_methods("client", own, client)
  add_methods("assets", own.data_assets, function() return client().data_assets end)
  add_methods("engine", own.engine, function() return client().engine end)
  add_methods("transfer", own:submit("get", "fea84ebf-b58b-4ad2-994d-7169dc3880fb"), transfer)
  add_methods("writer", require("codeocean.output").writer {}, function()
    return require("codeocean.output").writer { write = function() end, format = random.pick {
      "json", "jsonl", "csv", "tsv", "table" } }
  end)
  for _, name in ipairs { "requests", "clear", "stats", "wait", "fault", "stop" } do
    method("sandbox", name, a_sandbox, BOUNDED["sandbox:" .. name])
  end
  add("sandbox.start", function(given)
    local started = sandbox.start(given)
    if started then
      if others[1] then others[1]:stop() end
      others[1] = started
    end
  end)
  add("loop over each", loop(function(...) return client().data_assets:each(...) end))
  add("loop over each_done", loop(function(...) return client():each_done(...) end))
  add_methods("schema", own.schema, function() return client().schema end)
  for _, name in ipairs { "submit", "sleep", "cancel", "request", "map" } do
    method("calls", name, function() return client():with {} end, BOUNDED["client:" .. name])
  end
  own:close()
end

-- The ids of the first assets, half of which have files.
local function learn_ids()
  local own <close> = assert(codeocean.client { domain = peer.url, token = peer.token })
  local ids = {}
  for i, asset in ipairs(assert(own.data_assets:search { limit = 4 }).results) do
    ids[i] = asset.id
  end
  values.learn(ids)
end

--- A function of the API: its name and itself.
function M.random_function()
  local row = random.pick(rows)
  -- A request takes a millisecond, the rest microseconds.
  for _ = 1, 2 do
    if row[1]:find "^core" or row[1]:find "^json" then break end
    row = random.pick(rows)
  end
  return row[1], row[2]
end

-- A client, or what belongs to one, in use or not; or nil.
local function client_of(object)
  if type(object) == "table" then
    local own = rawget(object, "engine") and object or rawget(object, "client")
    if type(own) == "table" then return own end
  end
  return clients[1] and random.pick(clients)
end

local ends = {
  function(_, own) if own then own:close() end end,
  function(_, own) if own then own.engine:close() end end,
  function(_, own) if own then own:cancel() end end,
  function(object) if type(object) == "thread" then return coroutine.close(object) end end,
  function(object) if getmetatable(object) == "codeocean.engine" then object:close() end end,
  function(object) if object ~= nil and object == others[1] then object:stop() end end,
  function(object)
    local held <close> = type(object) == "table" and object or nil
    return held ~= nil
  end,
}

--- Ends what it is given, in whatever way that can be ended.
function M.close(object)
  return random.pick(ends)(object, client_of(object))
end

function M.begin(draws, pool)
  random, values = draws, pool
  if not peer then
    peer = assert(sandbox.start { seed = 20, page_cap = 7, token = "cop_hostile0" })
    learn_ids()
    find_all()
  end
  clients = {}
end

function M.finish()
  for _, each in ipairs(clients) do pcall(each.close, each) end
  clients = {}
  if others[1] and random.one_in(4) then others[1] = others[1]:stop() end
end

return M
