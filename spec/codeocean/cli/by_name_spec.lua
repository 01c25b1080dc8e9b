-- Names on the command line become ids. A name without exactly one asset is reported.

local deployments = require "deployment"

local CODE = [[
local client = assert(require "codeocean".client())
local items = {}
for i, name in ipairs(arg) do items[i] = { key = name, place = i > 1 and "f.txt:" .. i or nil } end
local list, bad = require "codeocean.cli.by_name".resolve(client, items)
for _, item in ipairs(list) do print(item.key, item.place) end
for _, line in ipairs(bad) do io.stderr:write(line, "\n") end
print(#bad)
]]

describe("codeocean.cli.by_name", function()
  local here

  before_each(function() here = deployments.start() end)
  after_each(function() here:stop() end)

  local function resolve(...)
    local file = io.open(here.folder .. "/resolve.lua", "w")
    file:write(CODE)
    file:close()
    return here:run { "resolve.lua", ... }
  end

  it("resolves a name, also of an archived asset, and keeps order and places", function()
    local one, two = here:asset { name = "rat 7" }, here:asset { name = "rat 8" }
    assert(here.client.data_assets:archive(one))
    local run = resolve("rat 8", "rat 7")
    assert.same({ 0, two .. "\tnil\n" .. one .. "\tf.txt:2\n0\n", "" },
      { run.status, run.out, run.err })
    assert.same({}, here:written())
  end)

  it("reports each name of no asset, or of several, with its place", function()
    local one = here:asset { name = "rat" }
    here:asset { name = "twin", mount = "t1" }
    here:asset { name = "twin", mount = "t2" }
    local run = resolve("no\27ne", "twin", "rat")
    assert.same({ 0, one .. "\tf.txt:3\n2\n" }, { run.status, run.out })
    assert.equal('find: missing: no asset is called "no\\27ne"\n'
      .. 'f.txt:2: find: ambiguous: 2 assets are called "twin"\n', run.err)
  end)
end)
