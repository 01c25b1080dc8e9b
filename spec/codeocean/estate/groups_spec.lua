-- Groups of assets by property: counts, sizes, idle parts.

local groups = require "codeocean.estate.groups"

local YEAR_2021, YEAR_2022 = 1609459200, 1640995200 -- their first seconds

local function collect(by, list, idle_before)
  local all = groups.new(by, idle_before or 0)
  for _, asset in ipairs(list) do all:add(asset) end
  return all
end

local function told(rows)
  local list = {}
  for i, row in ipairs(rows) do
    list[i] = ("%s %d %s"):format(row.key, row.count, row.bytes:value())
  end
  return list
end

describe("codeocean.estate.groups", function()
  local assets = {
    { name = "ecephys_1", type = "dataset", size = 10, created = YEAR_2021,
      tags = { "a", "b", "a" }, owner = "x", custom_metadata = { rig = 3 } },
    { name = "ecephys_2", type = "result", size = 5, created = YEAR_2022 - 1, tags = { "a" },
      owner = "x", owner_email = "x@lab.org", state = "ready" },
    { name = "odd", type = "dataset", created = YEAR_2022, tags = {} },
  }

  local rows = {
    { "type", { "dataset 2 10", "result 1 5" } },
    { "tag", { "a 2 15", "b 1 10", "(none) 1 0" } },
    { "owner", { "x 1 10", "x@lab.org 1 5", "(none) 1 0" } },
    { "year", { "2021 2 15", "2022 1 0" } },
    { "month", { "2021-01 1 10", "2021-12 1 5", "2022-01 1 0" } },
    { "state", { "(none) 2 10", "ready 1 5" } },
    { "prefix", { "ecephys 2 15", "(none) 1 0" } },
    { "custom_metadata.rig", { "3 1 10", "(none) 2 5" } },
  }
  for _, row in ipairs(rows) do
    it("counts by " .. row[1] .. ", the largest first", function()
      local all = collect(row[1], assets)
      assert.same(row[2], told(all:rows()))
      assert.same({ 3, 15 }, { all.total.count, all.total.bytes:value() })
    end)
  end

  it("sorts by key on demand", function()
    assert.same({ "(none) 1 0", "a 2 15", "b 1 10" }, told(collect("tag", assets):rows "key"))
  end)

  it("counts what is idle: not used since, or never used and made before", function()
    local all = collect(nil, {
      { size = 1, created = 50, last_used = 0 },    -- never used, old
      { size = 2, created = 50, last_used = 99 },   -- used long ago
      { size = 4, created = 50, last_used = 100 },  -- used since
      { size = 8, created = 150, last_used = 0 },   -- new
      { size = 16 },                                -- says nothing of its age
    }, 100)
    assert.same({ 5, 31, 2, 3 }, { all.total.count, all.total.bytes:value(), all.total.idle_count,
      all.total.idle_bytes:value() })
    assert.same({}, all:rows())
  end)

  it("refuses an unknown property, and proposes the near one", function()
    for _, name in ipairs(groups.NAMES) do assert.is_nil(groups.problem(name)) end
    assert.is_nil(groups.problem "custom_metadata.subject id")
    assert.is_truthy(groups.problem("tags"):find("did you mean 'tag'", 1, true))
    assert.is_truthy(groups.problem("zzzzzz"):find("there are type, tag", 1, true))
    assert.is_truthy(groups.problem("custom_metadata."):find("is not a property", 1, true))
  end)

  it("accepts values of the wrong type", function()
    local all = collect("year", { { created = 2 ^ 70 }, { created = "x" }, {} })
    assert.same({ "(none) 3 0" }, told(all:rows()))
    assert.same({ "7 1 0" }, told(collect("type", { { type = 7 } }):rows()))
  end)
end)
