-- The estate that a new sandbox starts with.

local peer = require "peer"

-- Every asset of a sandbox of `count`, archived ones too, by id; and the text of the pages.
local function estate(count, dialect)
  local it_has = peer.start { seed = count, dialect = dialect or "2022" }
  local assets, pages = {}, {}
  for _, archived in ipairs { "false", "true" } do
    local start, _, answer, raw = 0
    repeat
      _, answer, raw = it_has:call("GET",
        ("?limit=1000&start=%d&archived=%s"):format(start, archived))
      pages[#pages + 1] = raw
      for _, row in ipairs(answer.results) do
        row.archived = archived
        assets[row.id] = row
      end
      start = start + #answer.results
    until not answer.has_more
  end
  it_has.sandbox:stop()
  return assets, table.concat(pages)
end

local function size(set)
  local n = 0
  for _ in pairs(set) do n = n + 1 end
  return n
end

local function count(set, test)
  local n = 0
  for _, row in pairs(set) do if test(row) then n = n + 1 end end
  return n
end

describe("the sandbox's estate", function()
  local assets, text

  setup(function() assets, text = estate(2000) end)

  it("has as many assets as `seed`", function()
    assert.equal(2000, size(assets))
    assert.equal(0, size((estate(0))))
    assert.equal(1, size((estate(1))))
  end)

  it("is the same each time, and the start of a larger one", function()
    assert.equal(text, select(2, estate(2000)))
    for id, row in pairs((estate(100))) do assert.same(assets[id], row) end
  end)

  it("has the mix of assets of a research group", function()
    for id, row in pairs(assets) do
      assert.truthy(id:find "^%x+%-%x%x%x%x%-4%x%x%x%-[89ab]%x%x%x%-%x+$" or #id == 36)
      assert.is_true(row.created >= 1546300800 and row.created <= os.time())
      assert.is_true(row.last_used == 0 or row.last_used >= row.created, row.name)
      assert.is_true(row.last_used <= os.time())
      assert.is_true(row.files > 0 and row.size >= 0)
      assert.is_true(row.state == "ready" or row.state == "failed")
    end
    assert.truthy(text:find('"ecephys_%d%d%d%d%d%d_20%d%d%-%d%d%-%d%d_%d%d%-%d%d%-%d%d"'))
    assert.truthy(text:find '"SmartSPIM_%d+_[%d_-]+_stitched_[%d_-]+"')
    local parts = {
      { "archived", 100, 300, function(row) return row.archived == "true" end },
      { "results", 500, 900, function(row) return row.type == "result" end },
      { "failed", 5, 60, function(row) return row.state == "failed" end },
      { "untagged", 100, 400, function(row) return #row.tags == 0 end },
      { "never used", 300, 1200, function(row) return row.last_used == 0 end },
    }
    for _, part in ipairs(parts) do
      local n = count(assets, part[4])
      assert.is_true(n >= part[2] and n <= part[3], part[1] .. ": " .. n)
    end
  end)

  it("has years from 2019 to 2025, and tags in mixed case", function()
    local years, tags = {}, {}
    for _, row in pairs(assets) do
      years[os.date("!%Y", row.created)] = true
      for _, tag in ipairs(row.tags) do tags[tag] = true end
    end
    for year = 2019, 2025 do assert.is_true(years[tostring(year)]) end
    assert.is_true(tags["QC-passed"] and tags["qc-passed"])
  end)

  it("has unusual names, sizes and descriptions", function()
    assert.truthy(text:find('"size":7184869799906,', 1, true))
    assert.truthy(text:find("神経", 1, true))
    assert.truthy(text:find("\\u001b[31m", 1, true))
    assert.truthy(text:find('"description":""', 1, true))
    assert.truthy(text:find("\u{202e}", 1, true))
    assert.is_true(count(assets, function(row) return #row.name > 400 end) == 1)
  end)

  it("has assets that were created and used recently", function()
    local day, now = 86400, os.time()
    local new = count(assets, function(row) return row.created > now - 550 * day end)
    assert.is_true(new >= 200 and new <= 500, new)
    local used = count(assets, function(row) return row.last_used > now - 210 * day end)
    assert.is_true(used >= 600 and used <= 1000, used)
    local idle = count(assets, function(row) return row.last_used < now - 365 * day end)
    assert.is_true(idle >= 700 and idle <= 1400, idle)
    local names = count(assets, function(row)
      return row.name:find(os.date("!_%Y.%m", row.created)) ~= nil
    end)
    assert.is_true(names > 1900, names)   -- names bear the date
  end)

  it("spreads its bytes over many assets", function()
    local sizes, sum = {}, 0
    for _, row in pairs(assets) do
      sizes[#sizes + 1], sum = row.size, sum + row.size
    end
    table.sort(sizes)
    assert.is_true(sum < 2e15, sum)
    assert.is_true(sizes[#sizes] + sizes[#sizes - 1] < 0.05 * sum)
    assert.is_true(sizes[#sizes // 2] > 1e9 and sizes[1] > 0)
  end)

  it("has the asset whose id the examples show, archived, with the tag they replace", function()
    local asset = assets[require("codeocean.input.id").EXAMPLE]
    assert.equal("true", asset.archived)
    assert.equal("ready", asset.state)
    assert.equal("ephys", asset.tags[1])
  end)

  it("has metadata in the current dialect alone", function()
    local function metadata(dialect)
      local it_has = peer.start { seed = 3, dialect = dialect }
      local _, asset = it_has:call("GET", "/" .. peer.VENDORS)
      it_has.sandbox:stop()
      return asset.custom_metadata, asset
    end
    assert.is_nil(metadata "2022")
    assert.is_table(metadata "both")
    local custom, asset = metadata "current"
    assert.is_table(custom)
    assert.equal("ready", asset.state)
    assert.equal("dataset", asset.type)
    assert.is_nil(asset.lastUsed)
  end)

  describe("of twenty thousand", function()
    local all

    setup(function()
      local it_has = peer.start { seed = 20000, dialect = "current" }
      all = {}
      for _, archived in ipairs { "false", "true" } do
        local body = ('{"limit":1000,"archived":%s}'):format(archived)
        repeat
          local _, page = it_has:call("POST", "/search", body)
          for _, row in ipairs(page.results) do all[#all + 1] = row end
          body = ('{"limit":1000,"next_token":"%s"}'):format(page.next_token)
        until not page.has_more
      end
      it_has.sandbox:stop()
    end)

    local function share(test) return 100 * count(all, test) / #all end

    it("has all assets, and few of them with one name", function()
      assert.equal(20000, #all)
      local names = {}
      for _, row in ipairs(all) do names[row.name] = true end
      assert.is_true(size(names) > 19990)
    end)

    it("has several owners with addresses", function()
      local owners = {}
      for _, row in ipairs(all) do
        assert.truthy(row.owner_email:find "^[%w.]+@example%.org$")
        owners[row.owner] = row.owner_email
      end
      assert.equal(5, size(owners))
      assert.equal("you@example.org", owners.you)
    end)

    it("has combined assets of others that are there, and models", function()
      local ids = {}
      for _, row in ipairs(all) do ids[row.id] = true end
      local combined = 0
      for _, row in ipairs(all) do
        if row.type == "combined" then
          combined = combined + 1
          assert.equal(2, #row.contained_data_assets)
          for _, part in ipairs(row.contained_data_assets) do assert.is_true(ids[part.id]) end
        end
      end
      assert.is_true(combined > 300)
      assert.is_true(share(function(row) return row.type == "model" end) > 0.3)
    end)

    it("has the parameters and the computation of each result", function()
      local profiles = {}
      for _, row in ipairs(all) do
        if row.type == "result" then
          assert.is_string(row.app_parameters[1].name)
          assert.truthy(row.app_parameters[1].value:find "^%d+$")
          profiles[row.nextflow_profile or "none"] = true
          assert.equal(36, #row.provenance.computation)
          assert.equal(40, #row.provenance.commit)
          assert.truthy(not row.source_bucket or row.source_bucket.bucket == "")
        elseif row.type == "dataset" then
          assert.equal("aws", row.source_bucket.origin)
          assert.is_nil(row.app_parameters)
        end
      end
      assert.same({ batch = true, none = true, slurm = true }, profiles)
    end)

    it("has metadata of its schema, idle assets, and a plausible total size", function()
      local modalities, sum, idle = {}, 0, 0
      for _, row in ipairs(all) do
        modalities[row.custom_metadata.modality] = true
        assert.is_string(row.custom_metadata.subject)
        assert.is_true(row.custom_metadata.rig >= 1 and row.custom_metadata.rig <= 6)
        sum = sum + row.size
        if row.last_used < os.time() - 365 * 86400 then idle = idle + 1 end
      end
      assert.equal(9, size(modalities))
      assert.is_true(sum > 2e15 and sum < 1e16, sum)
      assert.is_true(idle > 7000 and idle < 14000, idle)
    end)

    it("has tags that mean the same and are spelled in several ways", function()
      local tags = {}
      for _, row in ipairs(all) do
        for _, tag in ipairs(row.tags) do tags[tag] = true end
      end
      for _, tag in ipairs { "QC-passed", "qc-passed", "QCpassed", "QC-Failed", "qc-failed",
        "pilot", "Pilot", "mouse", "Mouse" } do assert.is_true(tags[tag], tag) end
    end)
  end)
end)
