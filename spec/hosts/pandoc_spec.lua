-- Runs examples/pandoc.lua in pandoc, which links Lua 5.3 in Debian 12.

local host = require "host"

describe("pandoc", function()
  it("gets the name and the address of the assets that a page names, and ends by itself", function()
    local here, why = host.begin(finally, "pandoc", host.lua_of "pandoc")
    if not here then return pending(why) end
    local id = here.it:asset { name = "Night run", tags = { "x" } }
    local page = ("Recorded as [](asset:%s), see [the notes](asset:%s) and [a page](other).")
      :format(id, id)
    local line = 'pandoc --lua-filter "$ROOT/examples/pandoc.lua" --to html --wrap none <<"END"\n'
    local result = here:shell(line .. page .. "\nEND", { ROOT = here.root })
    assert.are.equal("", result.err)
    local address = ("https://%s/data-assets/%s"):format(here.it.client.host, id)
    assert.are.equal(('<p>Recorded as <a href="%s">Night run</a>, see <a href="%s">the notes</a>'
      .. ' and <a href="other">a page</a>.</p>\n'):format(address, address), result.out)
  end)
end)
