-- Values per row: read, merged, and converted to the fields to write.

local json = require "codeocean.json"
local rows = require "codeocean.input.update_rows"

local A = "27b4d7ec-a2f8-4c8d-9be5-361d33e50bf0"
local B = "f3259982-5d3b-42b2-9069-302df8cbe1b8"

local function read(content, by_name)
  return rows.read(content:gmatch "[^\n]*\n?", "s.csv", by_name)
end

local function messages(complaints)
  local list = {}
  for i, complaint in ipairs(complaints) do list[i] = complaint.message end
  return table.concat(list, "|")
end

-- What a sheet of one row writes to an asset.
local function change(titles, cells, asset)
  local items, complaints = read(("id,%s\n%s,%s\n"):format(titles, A, cells))
  assert.equal("", messages(complaints))
  return rows.change(asset, items[1] and items[1].values or {})
end

describe("the rows of an update", function()
  it("are merged by asset", function()
    local items, complaints, left = read("asset_id,tags,size\n" .. A .. ",alpha,1\n" .. A:upper()
      .. ",beta;alpha,\n" .. B .. ",gamma,\n")
    assert.equal("", messages(complaints))
    assert.equal(2, #items)
    assert.same({ A, { tags = { "alpha", "beta" } } }, { items[1].key, items[1].values })
    assert.same({ B, { tags = { "gamma" } } }, { items[2].key, items[2].values })
    assert.same({ "size" }, { left[1] })
  end)

  it("that give one asset different values are refused, both", function()
    local items, complaints = read("id,description,custom_metadata.k\n" .. A .. ",a,1\n" .. B
      .. ",b,1\n" .. A .. ",c,\n" .. B .. ",b,2\n")
    assert.same({}, items)
    assert.equal("s.csv:4: description: another value than in line 2 for the same asset; neither "
      .. "is written|s.csv:5: custom_metadata.k: another value than in line 3 for the same asset; "
      .. "neither is written", messages(complaints))
  end)

  it("of one asset that exclude each other are refused, both", function()
    local items, complaints = read("id,tags,+tags,-tags\n" .. A .. ",x,,\n" .. A .. ",,y,\n" .. B
      .. ",,z,\n" .. B .. ",,,z\n")
    assert.same({}, items)
    assert.equal("s.csv:3: tags: it is the whole list; leave +tags and -tags of the row empty; "
      .. 'line 2 is of the same asset; neither is written|s.csv:5: +tags: "z" is in -tags too; '
      .. "line 4 is of the same asset; neither is written", messages(complaints))
  end)

  it("that add and remove a tag, or give metadata twice, are refused", function()
    local items, complaints = read("id,+tags,-tags\n" .. A .. ",x;y,z;y\n")
    assert.same({}, items)
    assert.equal('s.csv:2: +tags: "y" is in -tags too', messages(complaints))
    items, complaints = read('{"id":"' .. A .. '","custom_metadata":{"k":1},"custom_metadata.z":2,'
      .. '"custom_metadata.a":3}\n')
    assert.same({}, items)
    assert.equal("s.csv:1: custom_metadata.a: the row has custom_metadata too; give one of them",
      messages(complaints))
  end)

  it("that cannot be used are reported", function()
    local items, complaints = read("id,name,tags,+tags,mount\nmouse,a,,,\n,b,,,\n" .. A
      .. ",\\N,,,\n" .. A .. ",,a,b,\n" .. B .. ",nan,,,\n")
    assert.same({}, items)
    assert.equal('s.csv:2: id: "mouse" is not a data asset id (36 characters such as '
      .. "fea84ebf-b58b-4ad2-994d-7169dc3880fb)|s.csv:3: no id: which asset? --by-name takes it by "
      .. "its name|s.csv:4: name: it "
      .. "cannot be cleared|s.csv:5: tags: it is the whole list; leave +tags and -tags of the row "
      .. 'empty|s.csv:6: name: "nan" is what a program writes for an empty cell; empty it',
      messages(complaints))
  end)

  it("may name the asset by its name", function()
    local items, complaints = read("name,+tags,id\nmouse 12,x,1\n,y,\n", true)
    assert.same({ "mouse 12", { ["+tags"] = { "x" } } }, { items[1] and items[1].key,
      items[1] and items[1].values })
    assert.equal("s.csv:3: no name: which asset?", messages(complaints))
  end)

  it("may be JSON objects", function()
    local items, complaints = read('{"id":"' .. A .. '","tags":["x"],"size":3}\n{"id":"' .. B
      .. '","tag":["x"],"description":7}\n')
    assert.equal(1, #items)
    assert.same({ tags = { "x" } }, items[1].values)
    assert.is_truthy(messages(complaints):find('s.csv:2: no column is called "tag"; did you mean '
      .. '"tags"?', 1, true))
    assert.is_truthy(messages(complaints):find("s.csv:2: description: a text expected", 1, true))
  end)

  it("with an unknown column are refused", function()
    local items, problem = read("id,tgas\n" .. A .. ",x\n")
    assert.is_nil(items)
    assert.equal('s.csv:1: no column is called "tgas"; did you mean "tags"?', problem)
  end)
end)

describe("the change of a row", function()
  local asset = { id = A, name = "n", description = "a\nb", mount = "m", tags = { "x", "y" },
    custom_metadata = { number = 7, text = "007", flag = true, list = { 1, 2 } } }
  local same = {
    { "name,description,tags", "n,,x;y" }, { "description", '"a\r\nb"' },
    { "custom_metadata.number,custom_metadata.text", "7,007" },
    { "custom_metadata.text", "'007" }, { "custom_metadata.flag", "TRUE" },
    { "custom_metadata.list", '"[1,2]"' }, { "custom_metadata.other", "\\N" },
    { "+tags,-tags", "x,z" }, { "+tags", "\\N" },
  }
  for _, row in ipairs(same) do
    it(("is empty for values that are there: %s = %q"):format(row[1], row[2]), function()
      assert.same({}, change(row[1], row[2], asset))
    end)
  end

  local different = {
    { "name,mount", "N,M", { name = "N", mount = "M" } },
    { "description", "\\N", { description = "" } },
    { "tags", "y;x", { tags = { "y", "x" } } }, { "tags", "\\N", { tags = {} } },
    { "+tags,-tags", "z,x", { tags = { "y", "z" } } },
    { "custom_metadata.number", "8", { custom_metadata = { number = 8 } } },
    { "custom_metadata.text", "8", { custom_metadata = { text = "8" } } },
    { "custom_metadata.flag", "false", { custom_metadata = { flag = false } } },
    { "custom_metadata.list", "[2]", { custom_metadata = { list = { 2 } } } },
    { "custom_metadata.text", "\\N", { custom_metadata = { text = json.null } } },
    { "custom_metadata.new", "12", { custom_metadata = { new = 12 } } },
    { "custom_metadata.New Key", "012", { custom_metadata = { ["New Key"] = "012" } } },
  }
  for _, row in ipairs(different) do
    it(("has the value of the cell: %s = %q"):format(row[1], row[2]), function()
      assert.same(row[3], change(row[1], row[2], asset))
    end)
  end

  it("has an empty list as a list", function()
    assert.equal('{"tags":[]}', json.encode(change("tags", "\\N", asset)))
  end)
end)
