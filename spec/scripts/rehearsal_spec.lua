-- A rehearsal: colua pull, then commands on the copy, then colua diff.

local codeocean = require "codeocean"
local deployment = require "deployment"
local fixture = require "fixture"
local json = require "codeocean.json"

describe("a rehearsal on a pulled copy", function()
  local here
  before_each(function() here = deployment.start { seed = 120 } end)
  after_each(function() here:stop() end)

  -- Every asset as JSON, by id.
  local function estate(server)
    local client <close> = assert(codeocean.client { domain = server.url, token = server.token,
      dialect = "current" })
    local found, count = {}, 0
    for _, archived in ipairs { false, true } do
      for asset in client.data_assets:each { archived = archived } do
        asset.archived = archived
        found[asset.id], count = json.encode(asset), count + 1
      end
    end
    assert.are.equal(120, count)
    return found
  end

  it("has the ids and all fields of the deployment's assets, archived ones too", function()
    assert.are.equal(0, here:run({ "pull", "copy.db" }).status)
    local copy = fixture.new(finally):sandbox { db = here.folder .. "/copy.db" }
    assert.are.same(estate(here.server), estate(copy))
  end)

  it("is shown by diff with exactly what it changed, and changes nothing else", function()
    local before = estate(here.server)
    assert.are.equal(0, here:run({ "pull", "copy.db", "--query", "name:ecephys" }).status)
    local copied = { before = { "--sandbox=copy.db" } }
    local tagged = here:run({ "tag", "--query", "name:ecephys", "--limit", "2", "--add",
      "rehearsed", "--yes" }, copied)
    assert.are.equal(0, tagged.status, tagged.err)
    local found = here:run({ "search", "--query", "tag:rehearsed", "--fields", "id", "--tsv" },
      copied)
    local diff = here:run { "diff", "copy.db", "--jsonl", "--detailed-exitcode" }
    assert.are.equal(10, diff.status, diff.err)
    local ids = {}
    for line in diff.out:gmatch "[^\n]+" do
      local row = json.decode(line)
      assert.are.same({ "changed", "+rehearsed" }, { row.status, row.change })
      ids[#ids + 1] = row.id
    end
    assert.are.equal(2, #ids)
    for _, id in ipairs(ids) do assert.is_truthy(found.out:find(id, 1, true), id) end
    assert.are.same(before, estate(here.server))
  end)
end)
