-- colua uses, and the option --check-used of archive and delete.

local deployment = require "deployment"
local json = require "codeocean.json"

describe("colua uses", function()
  local here, used, unused, combined

  setup(function()
    here = deployment.start { ready_after = 0 }
    used, unused = here:asset { name = "used" }, here:asset { name = "unused" }
    combined = assert(here.client.data_assets:create { name = "all of it", mount = "c", tags = {},
      data_asset_ids = { used } }).id
  end)
  teardown(function() here:stop() end)

  it("lists what uses each asset", function()
    local result = here:run { "uses", used, unused, "--json" }
    assert.are.equal(0, result.status, result.err)
    assert.are.same({ { asset = used, type = "combined", id = combined, name = "all of it" } },
      json.decode(result.out))
    local none = here:run { "uses", unused }
    assert.are.same({ 0, "asset\ttype\tid\tname\n", "1 asset, 0 uses\n" },
      { none.status, none.out, none.err })
  end)

  it("reports a missing asset as missing, not as unused", function()
    local result = here:run { "uses", "00000000-0000-4000-8000-000000000000", used }
    assert.are.equal(3, result.status)
    assert.is_truthy(result.err:find("missing 404", 1, true), result.err)
    assert.is_truthy(result.out:find("all of it", 1, true), result.out)
  end)

  it("is shown in the preview of archive and delete", function()
    local archive = here:run { "archive", used, "--check-used" }
    assert.are.equal(6, archive.status)
    assert.is_truthy(archive.err:find("      used by the combined all of it\n", 1, true))
    local delete = here:run { "delete", used, unused, "--allow-unarchived", "--check-used",
      "--yes" }
    assert.are.equal(6, delete.status)
    assert.is_truthy(delete.err:find(used .. " is used by the combined all of it", 1, true))
    assert.are.same({}, here:written())
  end)

  it("is overruled by --even-if-used", function()
    local result = here:run { "delete", used, "--allow-unarchived", "--check-used",
      "--even-if-used", "--yes" }
    assert.are.equal(0, result.status, result.err)
    assert.are.equal(1, #here:written())
  end)
end)
