-- The selection of a run: searches, ids, limits, shards, refusals.

local bulk = require "codeocean.bulk"
local expression = require "codeocean.expression"
local fixture = require "fixture"
local select = require "codeocean.bulk.select"

local A, B = "fea84ebf-b58b-4ad2-994d-7169dc3880fb", "fea84ebf-b58b-4ad2-994d-7169dc3880fc"

local function ids_of(list)
  local ids = {}
  for i = 1, list.count do ids[i] = list:get(i) end
  return ids
end

describe("codeocean.bulk.select", function()
  it("refuses to select everything unless told", function()
    for _, params in ipairs { {}, { query = "" }, { query = " " }, { query = '""' },
      { query = " ", type = "dataset" },
      { query = "tag:" }, { query = {} }, { sort_field = "name" }, { archived = "any" } } do
      local ok, problem = pcall(select.check, { select = params, action = "update" })
      assert.is_false(ok)
      assert.is_truthy(tostring(problem):find("all = true", 1, true), problem)
      local is_blank = params.query and problem:find("its query is blank", 1, true)
      assert.is_truthy(is_blank or not params.query, problem)
      assert.has_no.errors(function() select.check { select = params, all = true } end)
    end
    for _, params in ipairs { { query = "x" }, { type = "dataset" }, { ownership = "owner" } } do
      assert.has_no.errors(function() select.check { select = params } end)
    end
  end)

  it("refuses an expression that names no field", function()
    local params = { select = {}, action = "update", where = assert(expression.compile "true") }
    local ok, problem = pcall(select.check, params)
    assert.is_false(ok)
    assert.is_truthy(tostring(problem):find("it names no field", 1, true), problem)
    params.where = assert(expression.compile "size > 1")
    assert.has_no.errors(function() select.check(params) end)
  end)

  it("searches the archived assets for a deletion or an unarchive run", function()
    for action, archived in pairs { delete = true, unarchive = true } do
      assert.equal(archived, select.search { select = { query = "x" }, action = action }.archived)
    end
    assert.is_nil(select.search({ select = { query = "x" }, action = "update" }).archived)
    assert.equal("any", select.search({ select = { query = "x", archived = "any" },
      action = "delete" }).archived)
  end)

  it("collects each id once, however it is spelled, at most `limit`", function()
    local list = { A, A:upper(), (A:gsub("-", "")), B, B }
    assert.same({ A, B }, ids_of(select.collect(nil, { ids = list })))
    assert.same({ A }, ids_of(select.collect(nil, { ids = list, limit = 1 })))
    local i = 0
    local function iterator()
      i = i + 1
      return list[i]
    end
    assert.same({ A, B }, ids_of(select.collect(nil, { ids = iterator })))
  end)

  it("refuses a filter that excludes by a key that no asset has", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 20, ready_after = 0 }
    local client = with:client(peer, { dialect = "current" })
    local function run(filter)
      peer:clear()
      return bulk.run(client, { select = { filters = { filter } }, dry_run = true,
        change = function() return { description = "x" } end })
    end
    for key, near in pairs { tgas = "; did you mean 'tags'?",
      modalty = "; did you mean 'modality'?",
      type = "" } do
      local report, err = run { key = key, value = "x", exclude = true }
      assert.is_nil(report)
      assert.same({ "refused", "the filter on '" .. key .. "' would exclude nothing: neither "
        .. "assets nor their custom metadata have such a key" .. near }, { err.kind, err.message })
      assert.same({}, fixture.seen(peer, "search"))
    end
    for _, key in ipairs { "tags", "modality" } do
      assert.is_true(#assert(run { key = key, value = "none", exclude = true }).records > 10)
    end
    assert.equal(0, #assert(run { key = "tgas", value = "x" }).records)
  end)

  it("names rows that are not ids", function()
    local ok, problem = pcall(select.collect, nil, { ids = { A, "x" } })
    assert.is_false(ok)
    assert.is_truthy(tostring(problem):find("data asset id expected", 1, true), problem)
  end)

  it("collects the ids that a search finds", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { seed = 5 })
    local list = select.collect(client, { select = { type = "dataset" }, all = true })
    local expected = {}
    for asset in client.data_assets:each { type = "dataset" } do
      expected[#expected + 1] = asset.id
    end
    assert.is_true(#expected > 0)
    assert.same(expected, ids_of(list))
  end)

  it("returns the rows of one part, each row in one part", function()
    local function rows(part)
      local list, i, found = { { id = A }, { id = B } }, 0, {}
      local spec = { shard = part, patches = { rows = function()
        i = i + 1
        return list[i]
      end } }
      for row in select.rows(spec) do found[#found + 1] = row.id end
      return found
    end
    assert.same({ A, B }, rows(nil))
    local first, second = rows { 1, 2 }, rows { 2, 2 }
    assert.equal(2, #first + #second)
    assert.not_equal(first[1], second[1])
  end)
end)
