-- Names and lists at every depth of what set_permissions and search send: a near miss is refused
-- before any request, an empty list goes as [].

local fixture = require "fixture"

local ID = fixture.ID

describe("what lies within", function()
  local function open()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 1 }
    return peer, with:client(peer, { dialect = "current" }).data_assets
  end

  -- { permissions, the argument that is named, what is said }
  local rows = {
    { { users = { { emial = "a@b", role = "viewer" } } }, "users[1].emial", "email" },
    { { users = { { email = "a@b", role = "veiwer" } } }, "users[1].role", "owner|editor|viewer" },
    { { users = { { email = "a@b" } } }, "users[1].role", "required" },
    { { users = { "a@b" } }, "users[1]", "table" },
    { { users = { email = "a@b", role = "viewer" } }, "users", "list" },
    { { groups = { { group = "g", role = "viewer" }, { grop = "g", role = "viewer" } } },
      "groups[2].grop", "group" },
    { { groups = { { group = "g", role = "none" } } }, "groups[1].role", "discoverable" },
    { { everyone = "owner" }, "everyone", "viewer|discoverable|none" },
    { { evryone = "viewer" }, "evryone", "everyone" },
  }
  for _, row in ipairs(rows) do
    it(("permissions is refused by name: %s"):format(row[2]), function()
      local peer, assets = open()
      local ok, problem = pcall(assets.set_permissions, assets, ID, row[1])
      assert.is_false(ok)
      assert.truthy(problem:find("'" .. row[2] .. "'", 1, true), problem)
      assert.truthy(problem:find(row[3], 1, true), problem)
      assert.equal(0, #peer:requests())
    end)
  end

  it("a list that is empty goes as a list", function()
    local peer, assets = open()
    assets:set_permissions(ID, { users = {}, groups = {} })
    assert(assets:search { limit = 1, filters = { { key = "k", values = {} } } })
    assets:create { name = "n", mount = "m", tags = {}, source = { aws = { bucket = "b" } },
      results_info = { capsule_id = "c", data_assets = {}, parameters = {}, processes = {} } }
    local sent = peer:requests()
    assert.equal('{"users":[],"groups":[]}', sent[1].body)
    assert.equal('{"limit":1,"filters":[{"key":"k","values":[]}]}', sent[2].body)
    assert.truthy(sent[3].body:find('"data_assets":[],"parameters":[],"processes":[]', 1, true))
  end)
end)
