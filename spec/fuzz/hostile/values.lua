-- The values that hostile programs pass: plain values of every kind, tables whose metamethods act,
-- results of earlier calls.

local json = require "codeocean.json"

local M = {}

local POOL = 40

-- `at_work`: the arguments of the calls that have not returned: changing them is most harmful.
local random, pool, at_work, act

local TEXTS = {
  "", "a", "query", "name", "tags", "cop_secret0000", "fea84ebf-b58b-4ad2-994d-7169dc3880fb",
  "ffffffff-0000-4000-8000-000000000404", "not an id", "a\0b", "\27[31m", "\xFF\xFE", "é🧠",
  "1e999", "9223372036854775808", '{"id":1}', "[[[[", '{"a":[1,2,{"b":null}],"c":1.5}',
  ("x"):rep(5000), "dataset", "desc", "127.0.0.1:1",
  "http://joe:pw@127.0.0.1:1", "text", "id,name\nx,y",
  "status", "html", "stall", "get", "truncate", "reset",
  "data_description.json", "/data/events.csv", "http://127.0.0.1:1/x?signature=1", "0-9",
  "owner", "viewer", "none", "ann@example.org", "current", "2022",
}

local NUMBERS = {
  0, 1, -1, 2, 10, 100, 1000, 0.5, -0.0, 1e300, 2 ^ 53, 1 / 0, -1 / 0, 0 / 0, math.maxinteger,
  math.mininteger,
}

local FIELDS = {
  "name", "description", "tags", "mount", "source", "custom_metadata", "query", "limit", "offset",
  "archived", "type", "sort_field", "sort_order", "fields", "filters", "jobs", "fail_fast", "aws",
  "bucket", "prefix", "users", "groups", "everyone", "kind", "status", "count", "body", "headers",
  "domain", "token", "timeout", "retries", "dry_run", "on_error", "poll", "add", "remove", "set",
  "format", "column", "id", "path", "next_token", "replace", "unless_exists",
  "email", "group", "role", "share_assets", "permissions", "max", "range", "deadline",
  "replace_metadata", "target", "force", "values",
}

local METAMETHODS = {
  "__index", "__newindex", "__len", "__pairs", "__call", "__tostring", "__name", "__eq", "__lt",
  "__le", "__concat", "__close", "__gc", "__unm", "__add", "__metatable", "__mode",
}

function M.text() return random.pick(TEXTS) end

local function callback()
  local acts = act()
  return function(...)
    if random.one_in(2) then return ... end
    return acts()
  end
end

local function list()
  local made = {}
  for i = 1, random.upto(6) do made[i] = M.random_value() end
  if random.one_in(4) then made[random.upto(9)] = nil end
  return random.one_in(3) and json.array(made) or made
end

local function object()
  local made = {}
  for _ = 1, random.upto(6) do made[random.pick(FIELDS)] = M.random_value() end
  return made
end

local function texts()
  local made = {}
  for i = 1, random.upto(5) do made[i] = M.text() end
  return made
end

local makers = {
  M.text, M.text, M.text, list, object, object, texts, callback,
  function() return random.pick(NUMBERS) end,
  function() return random.pick(NUMBERS) end,
  function() return random.one_in(2) end,
  function() return nil end,
  function() return json.null end,
  function() return coroutine.create(callback()) end,
  function() return coroutine.wrap(callback()) end,
  function() return io.stderr end,
  function() return M.hostile() end,
  function() return M.hostile() end,
}

local nesting = 0

--- Any value: new, or one that was returned before.
function M.random_value()
  if #pool > 0 and random.one_in(3) then return random.pick(pool) end
  if nesting > 3 then return M.text() end
  nesting = nesting + 1
  local value = random.pick(makers)()
  nesting = nesting - 1
  return value
end

--- A table with metamethods that act.
function M.hostile()
  local made = random.one_in(2) and object() or list()
  local meta = {}
  for _ = 1, random.upto(4) do meta[random.pick(METAMETHODS)] = act() end
  if getmetatable(made) and random.one_in(2) then return made end
  return M.keep(setmetatable(made, meta))
end

-- Of a table, itself or a table inside it.
local function inside(value)
  for _ = 1, random.upto(3) - 1 do
    local field = type(value) == "table" and rawget(value, random.pick(FIELDS))
      or type(value) == "table" and rawget(value, random.upto(6))
    if type(field) ~= "table" then break end
    value = field
  end
  return value
end

local function target()
  if #at_work > 0 and not random.one_in(4) then return inside(random.pick(at_work)) end
  return pool[1] and random.pick(pool)
end

function M.table()
  for _ = 1, 5 do
    local found = target()
    if type(found) == "table" then return found end
  end
  return M.keep(object())
end

--- Something that can be closed, or nil.
function M.object()
  for _ = 1, 5 do
    local found = target()
    if found ~= nil and type(found) ~= "string" and type(found) ~= "number" then return found end
  end
end

function M.keep(value)
  if value == nil or value ~= value then return value end
  pool[#pool < POOL and #pool + 1 or random.upto(POOL)] = value
  return value
end

--- Adds, changes or clears entries, so that an earlier count of the table is wrong.
function M.change(table)
  local deed = random.upto(5)
  if deed == 1 then
    for i = 1, 100 do rawset(table, "more" .. i, i) end
  elseif deed == 2 then
    for key in next, table do rawset(table, key, nil) end
  elseif deed == 3 then
    rawset(table, random.pick(FIELDS), M.random_value())
  elseif deed == 4 then
    rawset(table, random.upto(6), M.random_value())
  else
    rawset(table, random.one_in(2), M.random_value())
  end
end

function M.arguments()
  local made = { n = random.upto(5) - 1 }
  for i = 1, made.n do made[i] = M.random_value() end
  return made
end

--- These are what is worked on until the function that is returned is called.
function M.work_on(values)
  local before = #at_work
  for i = 1, values.n do
    if type(values[i]) ~= "string" then at_work[#at_work + 1] = values[i] end
  end
  return function()
    for i = #at_work, before + 1, -1 do at_work[i] = nil end
  end
end

--- Texts of the deployment at hand, such as ids: programs hand them over too.
function M.learn(learnt)
  table.move(learnt, 1, #learnt, #TEXTS + 1, TEXTS)
end

--- For a new program. `acts()` gives a function that acts.
function M.begin(draws, acts)
  random, act, pool, at_work, nesting = draws, acts, {}, {}, 0
end

function M.finish()
  pool, at_work = {}, {}
end

return M
