-- The sandbox: seeds COUNT assets, answers COUNT gets of another program, or COUNT pages of a
-- search in 100,000 assets. The CPU reported for gets is that of the sandbox alone.
--
--   colua sandbox.lua seed|get|page COUNT

package.path = arg[0]:gsub("[^/]+$", "?.lua") .. ";" .. package.path
local core = require "codeocean.core"
local sandbox = require "codeocean.sandbox"
local work = require "work"

local kind, count = arg[1], math.tointeger(arg[2])

local function start(seed)
  return assert(sandbox.start { seed = seed, token = "cop_bench", keep_requests = 1 })
end

local LOAD = "h2load --h1 -t1 -c8 -n %d -H 'authorization: Basic Y29wX2JlbmNoOg==' %s"

local actions = {}

function actions.seed()
  local began = core.now()
  start(count)
  print("wall", core.now() - began)
end

function actions.get()
  local box = start(1000)
  local page = assert(work.client(box.url).data_assets:search { limit = 1 })
  local url = ("%s/api/v1/data_assets/%s"):format(box.url, page.results[1].id)
  local began = os.clock()
  local load = assert(io.popen(LOAD:format(count, url)))
  local told = load:read "a"
  assert(load:close() and told:find(count .. " 2xx", 1, true), told)
  print("cpu_own", os.clock() - began)
end

function actions.page()
  local box = start(100000)
  local assets = work.client(box.url).data_assets
  local began = core.now()
  for i = 0, count - 1 do
    local page = assets:search { query = "raw", sort_field = "name", start = i % 4 * 1000,
      limit = 1000 }
    assert(#page.results == 1000)
  end
  print("wall", core.now() - began)
end

actions[kind]()
