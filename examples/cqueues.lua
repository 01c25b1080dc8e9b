-- A client in a cqueues loop. The client's option `wait` joins it to the loop: a call that would
-- block polls the client instead, and the loop continues. A clock ticks every 10 ms beside eight
-- readers, a map and a slow server.
--
--   lua5.4 examples/cqueues.lua     reads from CODEOCEAN_DOMAIN, or from a slow sandbox of its own

local codeocean = require "codeocean"
local cqueues = require "cqueues"

local PERIOD, READERS = 0.010, 8

local sandbox <close> = not os.getenv "CODEOCEAN_DOMAIN"
  and require "codeocean.sandbox".start { latency = 0.1, seed = 40 } or nil

local client <close> = assert(codeocean.client {
  domain = sandbox and sandbox.url, token = sandbox and sandbox.token,
  wait = require "codeocean.loop.cqueues",
})

local loop = cqueues.new()
local running, read, worst = true, 0, 0

local function reader(ids)
  for id in ids do
    local asset = assert(client.data_assets:get(id))
    if asset.id == id then read = read + 1 end
  end
end

-- An iterator that all readers share: a reader that is free takes the next item.
local function each_once(list)
  local i = 0
  return function()
    i = i + 1
    return list[i]
  end
end

loop:wrap(function()
  local page = assert(client.data_assets:search { limit = 40 })
  local list = {}
  for i, asset in ipairs(page.results) do list[i] = asset.id end

  local group, ids = cqueues.new(), each_once(list)
  for _ = 1, READERS do group:wrap(reader, ids) end
  assert(group:loop())

  local names = client:map(list, function(id)
    return assert(client.data_assets:get(id)).name
  end)
  print(("%d assets read by %d coroutines, %d more by a map"):format(read, READERS, #names))
  running = false
end)

loop:wrap(function()
  local last = cqueues.monotime()
  while running do
    cqueues.sleep(PERIOD)
    local now = cqueues.monotime()
    last, worst = now, math.max(worst, now - last - PERIOD)
  end
end)

assert(loop:loop())
print(("the worst tick came %.1f ms late"):format(worst * 1000))
