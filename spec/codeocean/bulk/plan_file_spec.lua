-- A plan file is private, new and complete. A file that was cut or edited is refused.

local bulk = require "codeocean.bulk"
local fixture = require "fixture"
local json = require "codeocean.json"
local plan_file = require "codeocean.bulk.plan_file"
local process = require "process"

describe("codeocean.bulk.plan_file", function()
  local client, folder, ids

  local function start(finally)
    local with = fixture.new(finally)
    client, folder, ids = with:client(with:sandbox { seed = 3, ready_after = 0 }), with:folder(), {}
    for asset in client.data_assets:each { limit = 2 } do ids[#ids + 1] = asset.id end
    local report = assert(bulk.run(client, { ids = ids, dry_run = true,
      change = function() return { description = "planned" } end }))
    return folder .. "/plan", report
  end

  it("carries the changes from one run to another", function()
    local path, report = start(finally)
    assert.equal(2, plan_file.write(path, { name = "n", deployment = client.host }, report))
    assert.equal("600\n", process.shell("stat -c %a " .. process.quote(path)).out)
    local spec, header = plan_file.spec(path)
    assert.same({ "n", 2 }, { header.name, header.items })
    spec.journal = false
    assert.equal(2, assert(bulk.run(client, spec)).counts.ok)
    for _, id in ipairs(ids) do
      assert.equal("planned", client.data_assets:get(id).description)
    end
  end)

  it("does not touch an existing file", function()
    local path, report = start(finally)
    process.write(path, "mine")
    local written, err = plan_file.write(path, { name = "n" }, report)
    assert.is_nil(written)
    assert.equal("refused", err.kind)
    assert.equal("mine", process.read(path))
  end)

  it("refuses a plan that was cut at a line's end, or edited, or is newer", function()
    local path, report = start(finally)
    plan_file.write(path, { name = "n", deployment = client.host }, report)
    local whole = process.read(path)
    for _, content in ipairs { whole:gsub("[^\n]*\n$", ""), whole:sub(1, -5), "",
      (whole:gsub('"plan":2', '"plan":3')), (whole:gsub('"items":2,', "")),
      (whole:gsub('"patch":{', '"patch":{"x":1,')),
      "my notes" } do
      process.write(path, content)
      local spec, err = plan_file.spec(path)
      assert.is_nil(spec, content)
      assert.is_nil(err.message:find "\n")
      assert.is_truthy(err.message:find(path, 1, true))
    end
  end)

  it("stops at a plan that is changed while it is read", function()
    local path, report = start(finally)
    plan_file.write(path, { name = "n", deployment = client.host }, report)
    local whole = process.read(path)
    local header = whole:match "^[^\n]*\n"
    for _, now in ipairs { header, header .. "no row\n", whole .. whole:match "[^\n]*\n$" } do
      process.write(path, whole)
      local spec = assert(plan_file.spec(path))
      process.write(path, now)
      spec.journal = false
      local done, err = bulk.run(client, spec)
      assert.is_nil(done)
      assert.matches("it was changed while it was read", err.message, 1, true)
    end
    assert.not_equal("planned", client.data_assets:get(ids[1]).description)
  end)

  local function plan_of(finally, ...)
    local path = start(finally)
    local patched, lines = { ... }, {}
    for i, row in ipairs(patched) do
      lines[i] = json.encode { id = row[1], patch = row[2] } .. "\n"
    end
    process.write(path, json.encode { plan = 2, items = #lines, name = "n",
      deployment = client.host } .. "\n" .. table.concat(lines))
    return path
  end

  it("refuses a second change of one asset, however its id is written", function()
    local id = fixture.ID:gsub("1", "a")
    local patch = { description = { before = "", after = "x" } }
    local spec, err = plan_file.spec(plan_of(finally, { id, patch }, { id:upper(), patch }))
    assert.is_nil(spec)
    assert.matches("line 3: a line before it is about the same asset", err.message, 1, true)
  end)

  local function tags(added, removed, before, after)
    return { tags = { added = json.array(added), removed = json.array(removed),
      before = json.array(before), after = after } }
  end

  for what, patch in pairs {
    ["adds what is there"] = tags({ "a" }, {}, { "a" }),
    ["adds a tag twice"] = tags({ "x", "x" }, {}, { "a" }),
    ["removes a tag that is not there"] = tags({}, { "x" }, { "a" }),
    ["adds and removes one tag"] = tags({ "a" }, { "a" }, { "a" }),
    ["has another list after it"] = tags({ "x" }, {}, { "a" }, { "y" }),
  } do
    it("refuses a change of tags that " .. what, function()
      local spec, err = plan_file.spec(plan_of(finally, { fixture.ID, patch }))
      assert.is_nil(spec)
      assert.matches("line 2 is damaged", err.message, 1, true)
    end)
  end

  it("refuses a key that occurs twice, in the header or a change, by its name", function()
    local path = start(finally)
    local header = ('{"plan":2,"items":1,"name":"n","deployment":"%s"%s}\n')
    local change = '{"id":"' .. fixture.ID
      .. '","patch":{"description":{"before":"","after":"x"}%s}}\n'
    local twice = ',"description":{"before":"","after":"y"}'
    for problem, content in pairs {
      ['it is not a plan of a bulk run: the key "items" stands twice'] =
        header:format(client.host, ',"items":1') .. change:format "",
      ['line 2 is damaged: the key "description" stands twice'] =
        header:format(client.host, "") .. change:format(twice),
    } do
      process.write(path, content)
      local spec, err = plan_file.spec(path)
      assert.is_nil(spec)
      assert.matches(problem, err.message, 1, true)
    end
    process.write(path, header:format(client.host, "") .. change:format "")
    assert(plan_file.spec(path))
  end)

  it("foretells metadata that the schema does not take", function()
    local with = fixture.new(finally)
    local own = with:client(with:sandbox { seed = 1, ready_after = 0 }, { dialect = "current" })
    local id, path = fixture.make(own).id, with:folder() .. "/plan"
    process.write(path, json.encode { plan = 2, items = 1, deployment = own.host } .. "\n"
      .. json.encode { id = id, patch = { custom_metadata = { rig = { after = "x" } } } } .. "\n")
    local spec = assert(plan_file.spec(path))
    spec.dry_run = true
    local record = assert(bulk.run(own, spec)).records[1]
    assert.same({ "failed", "invalid", id }, { record.status, record.error.kind, record.error.id })
  end)
end)
