-- colua update --from: values per row of a sheet; a listing can be written and read back.

local deployment = require "deployment"
local process = require "process"

describe("colua update --from", function()
  local here

  before_each(function() here = deployment.start() end)
  after_each(function() here:stop() end)

  local function update(content, ...)
    process.write(here.folder .. "/sheet.csv", content)
    return here:run { "update", "--from", "sheet.csv", "--yes", ... }
  end

  it("writes the values of each row to its asset", function()
    local a = here:asset { name = "a", description = "d", tags = { "x", "old" } }
    local b = here:asset { name = "b", tags = { "y" } }
    local result = update("\xEF\xBB\xBFid;description;+tags;-tags;custom_metadata.subject\r\n"
      .. a .. ";\\N;new;old;007\r\n" .. b .. ";two;;;\r\n")
    assert.equal(0, result.status, result.err)
    local assets = here.client.data_assets
    local first, second = assert(assets:get(a)), assert(assets:get(b))
    assert.same({ "x", "new" }, first.tags)
    assert.equal("", first.description or "")
    assert.equal("007", first.custom_metadata.subject)
    assert.same({ "two", "y" }, { second.description, second.tags[1] })
    assert.equal(2, #here:written())
  end)

  it("reports rows that cannot be used before any request, and writes the others", function()
    local a = here:asset { name = "a", tags = {} }
    local result = update("id,tags\n" .. a .. ",x\nmouse,y\n" .. a:upper() .. ",z\n")
    assert.equal(3, result.status)
    assert.is_truthy(result.err:find('sheet.csv:3: id: "mouse" is not a data asset id', 1, true))
    assert.same({ "x", "z" }, here:tags_of(a))
  end)

  it("refuses a cell that is JSON but for a mistake, and writes no text over an object", function()
    local a, b = here:asset { name = "a" }, here:asset { name = "b" }
    local assets = here.client.data_assets
    for _, id in ipairs { a, b } do
      assert(assets:update(id, { custom_metadata = { rig = { n = 1 } } }))
    end
    here:mark()
    for cell, why in pairs { ['{""n"":2,""n"":3}'] = 'the key "n" stands twice',
      ['{""n"":2,}'] = "", ['[{""n"":2,""n"":3}]'] = 'the key "n" stands twice' } do
      local result = update('id,custom_metadata.rig\n' .. a .. ',"' .. cell .. '"\n' .. b
        .. ',"{""n"":7}"\n')
      assert.equal(3, result.status, result.err)
      why = "sheet.csv:2: custom_metadata.rig: it is not JSON: " .. why
      assert.is_truthy(result.err:find(why, 1, true), result.err)
    end
    assert.same({ 1, 7 }, { assert(assets:get(a)).custom_metadata.rig.n,
      assert(assets:get(b)).custom_metadata.rig.n })
  end)

  it("finds assets by name, and reports names of none or several", function()
    local a = here:asset { name = "mouse 1", tags = {} }
    here:asset { name = "twin", tags = {} }
    here:asset { name = "twin", tags = {} }
    local result = update("name,tags\nmouse 1,x\ntwin,y\nnobody,z\n", "--by-name")
    assert.equal(3, result.status)
    assert.is_truthy(result.err:find('sheet.csv:3: find: ambiguous: 2 assets are called "twin"', 1,
      true), result.err)
    assert.is_truthy(result.err:find('sheet.csv:4: find: missing: no asset is called "nobody"', 1,
      true), result.err)
    assert.same({ "x" }, here:tags_of(a))
    assert.equal(1, #here:written())
  end)

  it("is resumed from its journal alone, wherever it was interrupted", function()
    local ids = {}
    for i = 1, 3 do
      ids[i] = here:asset { name = "a" .. i, description = "d", tags = { "x", "old" } }
    end
    local sheet = ("id,description,+tags,-tags,custom_metadata.k,custom_metadata.gone\n"
      .. "%s,\\N,one,old,1,\n%s,two,,,0.5,\\N\n%s,,,,007,\n"):format(ids[1], ids[2], ids[3])
    assert(here.client.data_assets:update(ids[2], { custom_metadata = { gone = "g", stays = 1 } }))
    local result = here:run({ "update", "--from", "-", "--dry-run" }, { stdin = sheet })
    assert.equal(0, result.status, result.err)
    result = here:run({ "update", "--from", "-", "--yes", "--jobs", "1", "--journal", "run.jsonl",
      "--max-changes", "0" }, { stdin = sheet }) -- planned, and refused before the first write
    assert.equal(6, result.status, result.err)
    local path = here.folder .. "/run.jsonl"
    process.write(path, process.read(path):match '^.-"selected":3[^\n]*\n')
    assert.same({}, here:written())
    local foretold = here:run { "resume", "run.jsonl", "--dry-run", "--max-changes", "3" }
    assert.equal(0, foretold.status, foretold.err)
    local elsewhere = process.folder()
    finally(function() process.clean(elsewhere) end)
    local resumed = process.run(process.colua, { "resume", path, "--max-changes", "3", "--yes" },
      { env = here:environment(), cwd = elsewhere })
    assert.equal(0, resumed.status, resumed.err)
    assert.is_truthy(resumed.err:find("3 selected: 3 ok", 1, true), resumed.err)
    local function state(i)
      local asset = assert(here.client.data_assets:get(ids[i]))
      return { asset.description or "", table.concat(asset.tags, " "), asset.custom_metadata }
    end
    assert.same({ "", "x one", { k = 1 } }, state(1))
    assert.same({ "two", "x old", { k = 0.5, stays = 1 } }, state(2))
    assert.same({ "d", "x old", { k = "007" } }, state(3))
  end)

  it("interrupted while its rows were written down is refused, and writes nothing", function()
    local a = here:asset { name = "a", tags = { "x" } }
    assert.equal(0, update("id,tags\n" .. a .. ",y\n", "--journal", "run.jsonl").status)
    local path = here.folder .. "/run.jsonl"
    process.write(path, process.read(path):match '^.-"given":1[^\n]*\n')
    here:mark()
    local resumed = here:run { "resume", "run.jsonl", "--yes" }
    assert.equal(6, resumed.status)
    assert.is_truthy(resumed.err:find("interrupted while its ids were written down", 1, true),
      resumed.err)
    assert.same({}, here:written())
  end)

  it("can be undone, and shows under --dry-run what it would write", function()
    local a = here:asset { name = "a", tags = { "x" } }
    local dry = update("id,tags\n" .. a .. ",y\n", "--dry-run")
    assert.equal(0, dry.status)
    assert.is_truthy(dry.out:find("+y", 1, true), dry.out)
    assert.same({}, here:written())
    update("id,tags\n" .. a .. ",y\n")
    assert.equal(0, here:run({ "undo", "last", "--yes" }).status)
    assert.same({ "x" }, here:tags_of(a))
  end)

  for what, case in pairs {
    ["other fields"] = { { "--name", "x" }, "--from and --name exclude each other" },
    ["a search"] = { { "--query", "x" }, "--from says which assets" },
    ["ids"] = { { "fea84ebf-b58b-4ad2-994d-7169dc3880fb" }, "--from says which assets" },
  } do
    it("refuses " .. what .. " beside it", function()
      local result = update("id,tags\n", table.unpack(case[1]))
      assert.equal(2, result.status)
      assert.is_truthy(result.err:find(case[2], 1, true), result.err)
      assert.same({}, here:sent())
    end)
  end

  it("writes nothing for a listing that comes back as it was", function()
    local odd = { "plain", "=1+1", "007", "2021", "1/2", "TRUE", "nan", "MARCH1", "'x", "'007",
      "a;b", "a,b", 'a "b"', "-5", "\\N", "#REF!", "['a']", "Größe µm" }
    local assets = here.client.data_assets
    for i, text in ipairs(odd) do
      assert(assets:create { name = text, mount = "m" .. i, description = text .. "\nline\r\ntwo",
        tags = { text, "t" }, custom_metadata = { text = text, number = i, flag = true },
        source = { aws = { bucket = "open-neuro" } } })
    end
    local fields = "id,name,type,size,created,description,mount,tags,custom_metadata.text,"
      .. "custom_metadata.number,custom_metadata.flag"
    for _, format in ipairs { "--csv", "--jsonl" } do
      local listing = here:run { "search", format, "--output", "list" .. format, "--fields",
        fields }
      assert.equal(0, listing.status, listing.err)
      local result = here:run { "update", "--from", "list" .. format, "--yes" }
      assert.equal(0, result.status, result.err)
      assert.same({}, here:written())
      assert.is_truthy(result.err:find(("%d unchanged"):format(#odd), 1, true), result.err)
      assert.is_truthy(result.err:find("columns that cannot be written are left: created, size, "
        .. "type", 1, true), result.err)
    end
  end)
end)
