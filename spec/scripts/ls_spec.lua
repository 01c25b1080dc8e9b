-- colua ls lists the files of an asset.

local deployment = require "deployment"
local json = require "codeocean.json"

describe("colua ls", function()
  local here, id

  setup(function() here, id = deployment.with_asset() end)
  teardown(function() here:stop() end)

  local function ls(words) return here:run { "ls", table.unpack(words) } end

  it("lists the root, or a folder", function()
    local root = ls { id }
    assert.are.equal(0, root.status, root.err)
    assert.is_truthy(root.out:find("^type\tsize\tpath\nfolder\t\tdata\nfile\t%d+\t"
      .. "data_description%.json\n"), root.out)
    local names = {}
    for i, item in ipairs(json.decode(ls({ id, "data", "--json" }).out)) do names[i] = item.path end
    assert.are.same({ "data/events.csv", "data/recording.bin" }, names)
  end)

  it("reports that a path is not a folder", function()
    local result = ls { id, "nothing" }
    assert.are.equal(3, result.status)
    assert.is_truthy(result.err:find("missing 404", 1, true))
    assert.are.equal(2, ls({ "x" }).status)
  end)
end)
