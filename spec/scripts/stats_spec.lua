-- colua stats counts assets in groups.

local deployment = require "deployment"
local json = require "codeocean.json"
local process = require "process"

describe("colua stats", function()
  local here

  setup(function()
    here = deployment.start { seed = 300, ready_after = 0 }
  end)
  teardown(function() here:stop() end)

  local function stats(...) return here:run { "stats", ... } end

  -- What the client itself finds: {key = {count, bytes}} by one field.
  local function counted(field)
    local groups = {}
    for asset in here.client.data_assets:each {} do
      local key = asset[field] or "(none)"
      groups[key] = groups[key] or { 0, 0.0 }
      groups[key][1] = groups[key][1] + 1
      groups[key][2] = groups[key][2] + asset.size
    end
    return groups
  end

  it("counts by type, the largest first, as data", function()
    local result = stats "--json"
    assert.are.equal(0, result.status)
    local rows, expected = assert(json.decode(result.out)), counted "type"
    local last = math.huge
    assert.is_true(#rows >= 2)
    for _, row in ipairs(rows) do
      assert.are.equal(expected[row.key][1], row.assets)
      assert.is_true(math.abs(expected[row.key][2] / tonumber(row.bytes) - 1) < 1e-9)
      assert.is_true(tonumber(row.bytes) <= last)
      last, expected[row.key] = tonumber(row.bytes), nil
    end
    assert.are.same({}, expected)
    assert.is_truthy(result.err:find("^%d+ assets, [%d.]+ %wiB, of which idle %d+ assets"))
  end)

  it("counts what a search finds, by any property", function()
    local result = stats("--by", "state", "--type", "dataset", "--tsv")
    assert.are.equal(0, result.status)
    assert.is_truthy(result.out:find("^key\tassets\tbytes\tidle_assets\tidle_bytes\n"))
    assert.is_truthy(here:sent()[1]:find('"type":"dataset"', 1, true))
    for _, by in ipairs { "tag", "owner", "year", "month", "prefix", "custom_metadata.subject" } do
      assert.are.equal(0, stats("--by", by).status, by)
    end
  end)

  it("lists at most --limit groups, and still counts all", function()
    local result = stats("--by", "tag", "--limit", "3", "--csv")
    assert.are.equal(4, select(2, result.out:gsub("\n", "")))
    assert.are.equal(result.err, stats("--by", "tag").err)
    local help = stats("--help").out
    assert.is_truthy(help:find("at most <n> groups, the largest", 1, true), help)
  end)

  it("draws bars on a terminal, in ASCII without UTF-8", function()
    local function shown(locale)
      return process.on_terminal({ process.colua, "stats" }, { columns = 80, cwd = here.folder,
        env = here:environment { LC_ALL = locale } }).out
    end
    assert.is_truthy(shown("C.UTF-8"):find(("█"):rep(20), 1, true))
    assert.is_truthy(shown("C"):find(("#"):rep(20), 1, true))
  end)

  it("refuses what it cannot count by, and an odd age", function()
    local result = stats("--by", "tags")
    assert.are.same({ 2, "" }, { result.status, result.out })
    assert.is_truthy(result.err:find("did you mean 'tag'", 1, true))
    result = stats("--idle", "soon")
    assert.are.same({ 2, "" }, { result.status, result.out })
    assert.is_truthy(result.err:find("'soon' is not an age such as 90d", 1, true))
    assert.are.equal(0, #here:sent())
  end)
end)
