-- colua fields lists the keys of custom metadata, which colua update accepts.

local deployment = require "deployment"
local json = require "codeocean.json"
local process = require "process"

describe("colua fields", function()
  local here

  local function start(options)
    here = deployment.start(options)
    return here
  end
  after_each(function() here:stop() end)

  it("lists the keys", function()
    start { seed = 5 }
    local result = here:run { "fields" }
    assert.are.equal(0, result.status)
    assert.is_truthy(result.out:find("^name\ttype\trequired\tallowed_values\n"))
    assert.is_truthy(result.out:find("\nsession date\tdate\t\t\n", 1, true))
    assert.are.equal("modality", json.decode(here:run({ "fields", "--json" }).out)[1].name)
  end)

  it("reports that there is no schema", function()
    start { dialect = "2022" }
    local result = here:run { "fields" }
    assert.are.same({ status = 0, out = "",
      err = "the deployment has no schema: it accepts any key and value\n" }, result)
  end)

  describe("with dates", function()
    local id

    local function shown(...) return here:type({ ... }, {}, 100).shown end

    before_each(function()
      start { seed = 1 }
      id = here.client.data_assets:all { limit = 1 }[1].id
      assert(here.client.data_assets:update(id,
        { custom_metadata = { ["session date"] = 1709164800, rig = 3 } }))
    end)

    it("shows them as days on a card, for one more request", function()
      assert.is_truthy(shown("get", id):find('["session date"] = "2024-02-29"', 1, true))
      assert.are.same({ "GET /data_assets/" .. id, "GET /custom_metadata" }, here:sent())
    end)

    it("shows them as days in a column of a table; the usual columns need no schema", function()
      local table_of = shown("search", "--fields", "id,custom_metadata.session date")
      assert.is_truthy(table_of:find(id .. "  2024-02-29\n", 1, true), table_of)
      shown "search"
      assert.are.equal(1, #here:sent())
    end)

    it("keeps numbers in JSON, CSV and TSV", function()
      for _, format in ipairs { "--json", "--jsonl", "--csv", "--tsv" } do
        local out = here:run({ "get", id, "--fields", "custom_metadata.session date", format }).out
        assert.is_truthy(out:find("1709164800", 1, true), out)
        assert.are.same({ "GET /data_assets/" .. id }, here:sent())
      end
    end)
  end)

  it("shows numbers where there is no schema", function()
    start { dialect = "2022" }
    local id = here:asset { name = "a" }
    local result = here:type({ "get", id }, {}, 100)
    assert.are.equal(0, result.status, result.shown)
    assert.is_truthy(result.shown:find("\nname +a\n"), result.shown)
  end)

  it("refuses a sheet's rows with their place, before any write", function()
    start { seed = 5 }
    local ids = {}
    for i, asset in ipairs(assert(here.client.data_assets:all { limit = 3 })) do
      ids[i] = asset.id
    end
    process.write(here.folder .. "/sheet.csv", ("id,custom_metadata.rig,"
      .. "custom_metadata.session date\n%s,7,2024-02-29\n%s,seven,\n%s,8,2024-02-30\n")
      :format(ids[1], ids[2], ids[3]))
    local result = here:run { "update", "--from", "sheet.csv", "--yes" }
    assert.are.equal(3, result.status)
    assert.is_truthy(result.err:find(('sheet.csv:3: %s: custom_metadata.rig: number expected, got '
      .. '"seven"\n'):format(ids[2]), 1, true), result.err)
    assert.is_truthy(result.err:find(("sheet.csv:4: %s: custom_metadata.session date: date such as")
      :format(ids[3]), 1, true))
    assert.are.equal(1, #here:written())
    local data = here.client.data_assets:get(ids[1]).custom_metadata
    assert.are.same({ 7, 1709164800 }, { data.rig, data["session date"] })
  end)

  it("refuses values of an option before anything is selected", function()
    start { seed = 5 }
    local result = here:run { "update", "--all", "--custom-metadata", '{"rigg": 4}', "--yes" }
    assert.are_not.equal(0, result.status)
    assert.is_truthy(result.err:find("custom_metadata.rigg: no such key; did you mean 'rig'?", 1,
      true))
    assert.are.equal(1, #here:sent())
  end)
end)
