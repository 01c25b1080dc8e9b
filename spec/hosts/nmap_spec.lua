-- Runs examples/nmap.nse in nmap, which links Lua 5.3 in Debian 12. It scans the loopback of this
-- machine, no port.

local host = require "host"

describe("nmap", function()
  it("names the assets that have the host as a tag, and ends by itself", function()
    local here, why = host.begin(finally, "nmap", host.lua_of "nmap")
    if not here then return pending(why) end
    local function scan()
      local result = here:shell('nmap -sn -n --script "$ROOT/examples/nmap.nse" localhost',
        { ROOT = here.root })
      assert.are.equal("", result.err)
      return result
    end
    assert.is_nil(scan().out:find "Host script results")
    here.it:asset { name = "Rig seven", tags = { "localhost" } }
    local result = scan()
    assert.is_truthy(result.out:find("Host script results:\n| nmap: \n|_  Rig seven\n", 1, true),
      result.out)
  end)
end)
