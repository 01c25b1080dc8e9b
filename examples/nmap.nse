-- An nmap script: which data assets have the scanned host's name as a tag. nmap waits meanwhile.
--
--   nmap --script ./examples/nmap.nse rig-7.lab.example

local codeocean = require "codeocean"

description = "Names the data assets whose tags have the host's name."
categories = { "safe", "external" }

local client

hostrule = function() return true end

action = function(host)
  client = client or assert(codeocean.client { deadline = 5 })
  local name = host.targetname or host.ip
  local names = {}
  for asset in client.data_assets:each { query = "tag:" .. name } do names[#names + 1] = asset.name end
  return #names > 0 and names or nil
end
