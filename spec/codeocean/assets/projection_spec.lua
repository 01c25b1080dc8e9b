-- A search that reads some fields only. A skipped value must be valid JSON too, or the answer is
-- refused.

local fields = require "codeocean.assets.projection"
local fixture = require "fixture"
local json = require "codeocean.json"

local FORM = '{"has_more":false,"results":[{"id":"b"},%s]}'

local function server(with, rows)
  local answers = {}
  for i, row in ipairs(rows) do answers[i] = fixture.answer("200 OK", FORM:format(row)) end
  return with:server(answers)
end

-- The asset that the row comes to with these fields; or nil, err.
local function read(with, row, names)
  local client = with:client(server(with, { row }))
  local page, err = client.data_assets:search { fields = names }
  return page and page.results[2], err
end

describe("fields", function()
  local kept = {
    { '{"id":"a","name":"x","size":7,"tags":["t"]}', { "name" }, { id = "a", name = "x" } },
    { '{"id":"a","sizeInBytes":"7","size2":1}', { "size" }, { id = "a", size = 7 } },
    { '{"id":"a","size":7.0}', { "size" }, { id = "a", size = 7 } },
    { '{"id":"a","lastUsed":7,"last_used_by":"me"}', { "last_used" }, { id = "a", last_used = 7 } },
    { '{"id":"a","state":"DATA_ASSET_STATE_DRAFT","type":"dataset"}', { "state" },
      { id = "a", state = "draft" } },
    { '{"id":"a","name":"x"}', { "tags" }, { id = "a", tags = json.array() } },
    { '{"id":"a","tags":["x"],"tags":null}', { "tags" }, { id = "a", tags = json.array() } },
    { '{"id":"a","name":"x"}', {}, { id = "a" } },
    { '{"name":"x","tags":[],"id":"a"}', { "id" }, { id = "a" } },
    { '{"id":"a","of_a_later_release":{"id":1}}', { "of_a_later_release" },
      { id = "a", of_a_later_release = { id = 1 } } },
    { '{"id":"a","custom_metadata":{"name":"y","size":"1"}}', { "custom_metadata" },
      { id = "a", custom_metadata = { name = "y", size = "1" } } },
    { [[{"\u0069d":"a","n\u0061me":"x","siz\u0065":1}]], { "name" }, { id = "a", name = "x" } },
    { '{"id":"a","x":18446744073709551616,"y":1e999}', { "name" }, { id = "a" } },
  }
  for _, row in ipairs(kept) do
    it("keep the named fields of " .. row[1], function()
      local asset = assert(read(fixture.new(finally), row[1], row[2]))
      assert.same(row[3], asset)
      assert.equal(math.type(row[3].size), math.type(asset.size))
    end)
  end

  local bad = { "01", "1.", "-", "tru", "[1,]", '{"a"}', "{1:1}", '"\\q"', [["\u12"]],
    '"\1"', "[}", "NaN" }
  for _, text in ipairs(bad) do
    it("do not hide invalid JSON: " .. text:sub(1, 20), function()
      local asset, err = read(fixture.new(finally), '{"id":"a","skipped":' .. text .. "}", { "id" })
      assert.is_nil(asset)
      assert.equal("decode", err.kind)
    end)
  end

  -- A skipped number that Lua cannot hold is no reason to refuse a row.
  for _, odd in ipairs { [["\ud800"]], ("["):rep(65) .. ("]"):rep(65), "9223372036854775808" } do
    it("that are skipped may hold " .. odd:sub(1, 20), function()
      local row = '{"id":"a","skipped":' .. odd .. "}"
      assert.same({ id = "a" }, (assert(read(fixture.new(finally), row, { "id" }))))
    end)
  end

  it("that are skipped may be as deep as others", function()
    local row = '{"id":"a","skipped":' .. ("["):rep(61) .. ("]"):rep(61) .. "}"
    assert.same({ id = "a" }, read(fixture.new(finally), row, { "name" }))
  end)

  it("require an id in each row, though it is not named", function()
    for _, row in ipairs { '{"name":"x"}', '{"id":7}', '{"id":"a","id":null}', "7", "[]" } do
      local asset, err = read(fixture.new(finally), row, { "name" })
      assert.is_nil(asset)
      assert.equal("decode", err.kind)
    end
  end)

  local wrong = {
    { "name", "'fields'.*list expected" }, { { name = true }, "fields%[name%].*list expected" },
    { { "name", 7 }, "fields%[2%]" },
    { { "" }, "fields%[1%]" }, { { "sizeInBytes" }, "mean 'size'" },
    { { "lastUsed" }, "mean 'last_used'" }, { { "Tags" }, "mean 'tags'" },
  }
  for i, row in ipairs(wrong) do
    it("are refused if they are not a list of names, row " .. i, function()
      local with = fixture.new(finally)
      local peer = with:sandbox { seed = 3 }
      local client = with:client(peer)
      assert.error_matches(function() client.data_assets:search { fields = row[1] } end, row[2])
      assert.equal(0, #peer:requests())
    end)
  end

  it("always hold the id", function()
    assert.same({ id = true, name = true }, fields.set { "name" })
  end)
end)

describe("fields of a listing", function()
  for _, dialect in ipairs { "2022", "current", "auto" } do
    it("are those of whole rows, in the dialect " .. dialect, function()
      local with = fixture.new(finally)
      local peer = with:sandbox { seed = 60, dialect = dialect ~= "auto" and dialect or nil }
      local client = with:client(peer, { dialect = dialect })
      local params = { page_size = 20, archived = "any", sort_field = "size" }
      local whole = assert(client.data_assets:all(params))
      params.fields = { "name", "tags" }
      local some = assert(client.data_assets:all(params))
      assert.is_true(#whole > 50)
      assert.equal(#whole, #some)
      for i, asset in ipairs(whole) do
        assert.same({ id = asset.id, name = asset.name, tags = asset.tags, size = asset.size },
          some[i])
      end
      assert.same({ "name", "tags" }, params.fields)
    end)
  end

  it("can be left early, and listed again", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { seed = 60 })
    for _ = 1, 2 do
      local n = 0
      for asset in client.data_assets:each { page_size = 10, fields = { "name" } } do
        assert.is_nil(asset.tags)
        n = n + 1
        if n == 15 then break end
      end
      assert.equal(15, n)
    end
  end)

  for _, dialect in ipairs { "2022", "current" } do
    it("are proposed for a misspelt parameter, in the dialect " .. dialect, function()
      local with = fixture.new(finally)
      local peer = with:sandbox()
      local client = with:client(peer, { dialect = dialect })
      for name, part in pairs { feilds = "did you mean 'fields'?", columns = ", fields)" } do
        local ok, problem = pcall(client.data_assets.search, client.data_assets, { [name] = {} })
        assert.is_false(ok)
        assert.is_truthy(problem:find(("'%s' to 'search'"):format(name), 1, true), problem)
        assert.is_truthy(problem:find(part, 1, true), problem)
      end
      assert.same({}, peer:requests())
    end)
  end
end)
