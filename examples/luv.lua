-- A client in a luv loop. The client's option `wait` joins it to the loop: a call suspends the
-- coroutine that makes it, and the loop continues. A clock ticks every 10 ms beside eight readers,
-- a map and a slow server.
--
--   lua5.4 examples/luv.lua         reads from CODEOCEAN_DOMAIN, or from a slow sandbox of its own

local codeocean = require "codeocean"
local loop = require "codeocean.loop"
local uv = require "luv"

local PERIOD, READERS = 10, 8

local sandbox <close> = not os.getenv "CODEOCEAN_DOMAIN"
  and require "codeocean.sandbox".start { latency = 0.1, seed = 40 } or nil

local client <close> = assert(codeocean.client {
  domain = sandbox and sandbox.url, token = sandbox and sandbox.token,
  wait = require "codeocean.loop.luv" })

local ticker, read, worst = uv.new_timer(), 0, 0

local function spawn(fn) loop.resume(coroutine.create(fn)) end

local function finish(list)
  local names = client:map(list, function(id)
    return assert(client.data_assets:get(id)).name
  end)
  print(("%d assets read by %d coroutines, %d more by a map"):format(read, READERS, #names))
  ticker:close()
end

spawn(function()
  local list = assert(client.data_assets:search { limit = 40 }).results
  for i, asset in ipairs(list) do list[i] = asset.id end
  local place, left = 0, READERS
  for _ = 1, READERS do
    spawn(function()
      while place < #list do
        place = place + 1
        local id = list[place]
        if assert(client.data_assets:get(id)).id == id then read = read + 1 end
      end
      left = left - 1
      if left == 0 then finish(list) end
    end)
  end
end)

local last = uv.hrtime()
ticker:start(PERIOD, PERIOD, function()
  local now = uv.hrtime()
  last, worst = now, math.max(worst, (now - last) / 1e6 - PERIOD)
end)

uv.run()
print(("the worst tick came %.1f ms late"):format(worst))
