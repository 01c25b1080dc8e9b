-- A client in a copas loop. The client's option `wait` joins it to the loop: a call suspends the
-- thread that makes it, and the loop continues. Eight readers share a list.
--
--   lua5.4 examples/copas.lua       reads from CODEOCEAN_DOMAIN, or from a slow sandbox of its own

local copas = require "copas"
local codeocean = require "codeocean"

local READERS = 8

local sandbox <close> = not os.getenv "CODEOCEAN_DOMAIN"
  and require "codeocean.sandbox".start { latency = 0.1, seed = 40 } or nil

local client <close> = assert(codeocean.client {
  domain = sandbox and sandbox.url, token = sandbox and sandbox.token,
  wait = require "codeocean.loop.copas",
})

local list, place, read, left = nil, 0, 0, READERS

local function reader()
  while place < #list do
    place = place + 1
    local id = list[place].id
    if assert(client.data_assets:get(id)).id == id then read = read + 1 end
  end
  left = left - 1
end

copas.addthread(function()
  list = assert(client.data_assets:search { limit = 40 }).results
  for _ = 1, READERS do copas.addthread(reader) end
end)

while left > 0 do copas.step() end
print(("%d assets read by %d threads"):format(read, READERS))
