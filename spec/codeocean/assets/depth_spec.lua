-- The nested tables that set_permissions and search send: a misspelt name is refused before any
-- request, and an empty list is sent as [].

local fixture = require "fixture"

local ID = fixture.ID

describe("a nested field", function()
  local function open()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 1 }
    return peer, with:client(peer, { dialect = "current" }).data_assets
  end

  -- { permissions, the argument that is named, part of the message }
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
    it(("of permissions is refused by name: %s"):format(row[2]), function()
      local peer, assets = open()
      local ok, problem = pcall(assets.set_permissions, assets, ID, row[1])
      assert.is_false(ok)
      assert.truthy(problem:find("'" .. row[2] .. "'", 1, true), problem)
      assert.truthy(problem:find(row[3], 1, true), problem)
      assert.equal(0, #peer:requests())
    end)
  end

  -- A wrong create, the place that is named, part of the message.
  local function created(changes)
    local params = { name = "n", mount = "m", tags = {}, source = { aws = { bucket = "b" } } }
    for name, value in pairs(changes) do params[name] = value end
    return params
  end
  local function run(info) return { results_info = info } end
  local aws = { bucket = "b" }
  local creates = {
    { run { parameters = { { nam = "p" } } }, "results_info.parameters[1].nam", "'name'" },
    { run { parameters = { { name = "p", vlaue = "1" } } }, "results_info.parameters[1].vlaue",
      "'value'" },
    { run { parameters = { { parma_name = "p" } } }, "results_info.parameters[1].parma_name",
      "'param_name'" },
    { run { parameters = { name = "p", value = "1" } }, "results_info.parameters", "list" },
    { run { parameters = { "p=1" } }, "results_info.parameters[1]", "table" },
    { run { processes = { { name = "p", capsul_id = "c" } } },
      "results_info.processes[1].capsul_id", "'capsule_id'" },
    { run { processes = { { capsule_id = "c" } } }, "results_info.processes[1].name", "required" },
    { run { processes = { { name = "p", capsule_id = "c", parameters = { { vale = "1" } } } } },
      "results_info.processes[1].parameters[1].vale", "'value'" },
    { run { procesess = {} }, "results_info.procesess", "'processes'" },
    { { source = { aws = { bucket = "b", prefx = "p" } } }, "source.aws.prefx", "'prefix'" },
    { { source = { aws = { bucket = "b", indx_data = true } } }, "source.aws.indx_data",
      "'index_data'" },
    { { source = { computation = { di = "c" } } }, "source.computation.di", "'id'" },
    { { source = { gcp = { buckt = "b" } } }, "source.gcp.buckt", "'bucket'" },
    { { source = { cloud_workstation = { id = "w", pth = "p" } } }, "source.cloud_workstation.pth",
      "'path'" },
    { { target = { aws = { bucket = "b", endpont_name = "e" } } }, "target.aws.endpont_name",
      "'endpoint_name'" },
    { { target = { awz = aws } }, "target.awz", "'aws'" },
  }
  for _, row in ipairs(creates) do
    it(("of a create is refused by name: %s"):format(row[2]), function()
      local peer, assets = open()
      local ok, problem = pcall(assets.create, assets, created(row[1]))
      assert.is_false(ok)
      assert.truthy(problem:find("'" .. row[2] .. "'", 1, true), problem)
      assert.truthy(problem:find(row[3], 1, true), problem)
      assert.equal(0, #peer:requests())
    end)
  end

  -- A wrong filter, the place that is named, part of the message.
  local filters = {
    { { ky = "k", value = 1 }, "filters[1].ky", "'key'" },
    { { key = "k", vlaue = 1 }, "filters[1].vlaue", "'value'" },
    { { key = "k", valeus = { 1 } }, "filters[1].valeus", "'values'" },
    { { key = "k", range = { mn = 1 } }, "filters[1].range.mn", "'min'" },
    { { key = "k", range = { mxa = 1 } }, "filters[1].range.mxa", "'max'" },
    { { key = "k", rnage = { min = 1 } }, "filters[1].rnage", "'range'" },
    { { key = "k", value = 1, exclud = true }, "filters[1].exclud", "'exclude'" },
  }
  for _, row in ipairs(filters) do
    it(("of a search is refused by name: %s"):format(row[2]), function()
      local peer, assets = open()
      local ok, problem = pcall(assets.search, assets, { filters = { row[1] } })
      assert.is_false(ok)
      assert.truthy(problem:find("'" .. row[2] .. "'", 1, true), problem)
      assert.truthy(problem:find("did you mean " .. row[3], 1, true), problem)
      assert.equal(0, #peer:requests())
    end)
  end

  it("of a newer release is accepted", function()
    local peer, assets = open()
    assets:create(created(run { capsule_id = "c", parameters = { { name = "p", colour = 1 } } }))
    assert.equal('{"name":"n","mount":"m","tags":[],"source":{"aws":{"bucket":"b"}},'
      .. '"results_info":{"capsule_id":"c","parameters":[{"name":"p","colour":1}]}}',
      peer:requests()[1].body)
  end)

  it("that is an empty list is sent as a list", function()
    local peer, assets = open()
    assets:set_permissions(ID, { users = {}, groups = {} })
    assets:search { limit = 1, filters = {} }
    assets:search { limit = 1, filters = { { key = "k", values = {} } } }
    assets:create { name = "n", mount = "m", tags = {}, data_asset_ids = {} }
    assets:create(created { custom_metadata = { sites = {}, note = "" }, results_info = {
      capsule_id = "c", data_assets = {}, parameters = {}, processes = {
        { name = "p", capsule_id = "c", parameters = {} } } } })
    assets:create(created { custom_metadata = {}, results_info = { capsule_id = "c",
      parameters = {}, processes = {} } })
    local bodies = {}
    for i, request in ipairs(peer:requests()) do bodies[i] = request.body end
    assert.same({
      '{"users":[],"groups":[]}',
      '{"limit":1,"filters":[]}',
      '{"limit":1,"filters":[{"key":"k","values":[]}]}',
      '{"name":"n","mount":"m","tags":[],"data_asset_ids":[]}',
      '{"name":"n","mount":"m","tags":[],"source":{"aws":{"bucket":"b"}},'
        .. '"custom_metadata":{"note":"","sites":[]},"results_info":{"capsule_id":"c",'
        .. '"data_assets":[],"parameters":[],"processes":[{"name":"p","capsule_id":"c",'
        .. '"parameters":[]}]}}',
      '{"name":"n","mount":"m","tags":[],"source":{"aws":{"bucket":"b"}},"custom_metadata":{},'
        .. '"results_info":{"capsule_id":"c","parameters":[],"processes":[]}}',
    }, bodies)
  end)

  it("of custom metadata that an update empties is sent as a list", function()
    local peer, assets = open()
    local id = assert(assets:search { limit = 1 }).results[1].id
    assets:update(id, { name = "n", description = "", tags = {}, mount = "m",
      custom_metadata = { sites = {} } }, { replace_metadata = true })
    local sent = peer:requests()
    assert.equal('{"name":"n","description":"","tags":[],"mount":"m",'
      .. '"custom_metadata":{"sites":[]}}', sent[2].body)
  end)
end)
