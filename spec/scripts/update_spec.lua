-- colua update writes the same values to all selected assets.

local deployment = require "deployment"
local json = require "codeocean.json"

describe("colua update", function()
  local here, a
  before_each(function()
    here = deployment.start()
    a = here:asset { name = "first", tags = { "x" }, description = "old" }
  end)
  after_each(function() here:stop() end)

  local function update(words) return here:run { "update", a, table.unpack(words) } end

  it("writes what is named and keeps the rest", function()
    local result = update { "--description", "new", "--tags", "p,q", "--yes" }
    assert.are.equal(0, result.status)
    assert.are.equal(("status\tid\tname\tchange\nok\t%s\tfirst\t"):format(a)
      .. 'description: "old" → "new" +p +q -x\n', result.out)
    assert.are.same({ name = "first", mount = "first", description = "new", tags = { "p", "q" } },
      json.decode(here:written()[1]:match("^PUT %S+ (.*)$")))
  end)

  it("removes a key of the metadata, and undo puts it back", function()
    update { "--custom-metadata", '{"rig": 3}', "--yes" }
    local result = update { "--custom-metadata", '{"rig": null}', "--yes" }
    assert.is_truthy(result.out:find("custom_metadata.rig: 3 → (none)", 1, true), result.out)
    assert.is_nil((here.client.data_assets:get(a).custom_metadata or {}).rig)
    assert.are.equal(0, here:run { "undo", "last", "--yes" }.status)
    assert.are.equal(3, here.client.data_assets:get(a).custom_metadata.rig)
  end)

  it("writes custom metadata", function()
    local result = update { "--custom-metadata", '{"rig": 3}', "--yes", "--json" }
    assert.are.equal(0, result.status)
    assert.are.equal(3, here.client.data_assets:get(a).custom_metadata.rig)
  end)

  it("shows the dates of custom metadata as days in every output", function()
    local own <close> = setmetatable(deployment.start { seed = 2, dialect = "current" },
      { __index = getmetatable(here).__index, __close = function(self) self:stop() end })
    local id = own.client.data_assets:all({})[1].id
    local words = { "update", id, "--custom-metadata", '{"session date": "2024-02-29"}' }
    local day = "session date  +2024-02-29\n"
    assert.is_truthy(own:run(words).err:find(day, 1, true))
    for _, way in ipairs { "--dry-run", "--yes" } do
      words[5] = way
      assert.is_truthy(own:run(words).out:find(" → 2024-02-29\n", 1, true), way)
    end
    assert.is_truthy(own:run({ "undo", "last" }).err:find("session date  -2024-02-29\n", 1, true))
    assert.are.equal(0, own:run({ "undo", "last", "--yes" }).status)
    for _, show in ipairs { { "runs", "show", "last" }, { "runs", "show", "last", "--html" } } do
      local shown = own:run(show).out
      assert.is_truthy(shown:find("2024-02-29", 1, true), shown)
      assert.is_nil(shown:find("1709164800", 1, true), shown)
    end
  end)

  it("clears a description and the tags on request", function()
    update { "--tags", "a,b", "--description", "new", "--yes" }
    update { "--tags", "\\N", "--description", "\\N", "--yes" }
    local body = here:sent()[2]
    assert.are.equal('"tags":[]', body:match('"tags":%[.-%]'))
    assert.is_truthy(body:find('"description":""', 1, true), body)
  end)

  it("stops at a deployment without custom metadata: the release of 2022", function()
    local own <close> = setmetatable(deployment.start { seed = 30, dialect = "2022" },
      { __index = getmetatable(here).__index, __close = function(self) self:stop() end })
    local result = own:run { "update", "--all", "--custom-metadata", '{"rig": 3}', "--jobs", "1",
      "--yes" }
    assert.are.equal(3, result.status)
    assert.is_truthy(result.err:find("29 selected: 1 conflict, 28 pending", 1, true), result.err)
    assert.is_truthy(result.err:find("the server's answer has no custom metadata: it may not have "
      .. "kept any", 1, true), result.err)
    local id = own.client.data_assets:all({})[1].id
    local _, err = own.client.data_assets:update(id, { custom_metadata = { rig = 3 } })
    assert.are.same({ "conflict", "unknown", id }, { err.kind, err.outcome, err.id })
    assert(own.client.data_assets:update(id, { custom_metadata = {}, description = "x" }))
  end)

  it("writes no value that is there already", function()
    local result = update { "--name", "first", "--description", "old" }
    assert.are.equal(0, result.status)
    assert.are.same({}, here:written())
  end)

  it("shows with --dry-run what it would write", function()
    local result = update { "--name", "other", "--dry-run" }
    assert.are.equal(('status\tid\tname\tchange\n~\t%s\tfirst\tname: "first" → "other"\n')
      :format(a),
      result.out)
    assert.are.same({}, here:written())
  end)

  for what, case in pairs {
    ["nothing to write"] = { {}, "nothing to change: give --name" },
    ["invalid UTF-8"] = { { "--name", "\xFF" }, "--name: not valid UTF-8 at byte 1" },
    ["an array as metadata"] = { { "--custom-metadata", "[1]" }, "a JSON object expected" },
    ["metadata that is no JSON"] = { { "--custom-metadata", "rig=3" },
      [[--custom-metadata: a JSON object expected, such as '{"rig": 3, "subject": "632522"}'; a]] },
    ["an empty description"] = { { "--description", "" },
      "--description: it is empty; '\\N' clears the field" },
    ["no tags"] = { { "--tags", "" }, "--tags: it is empty; '\\N' clears the field" },
    ["a name to be cleared"] = { { "--name", "\\N" }, "--name: it cannot be cleared" },
    ["a mount to be cleared"] = { { "--mount", "\\N" }, "--mount: it cannot be cleared" },
    ["an empty mount"] = { { "--mount", "" }, "--mount: it is empty" },
    ["metadata that names a key twice"] = { { "--custom-metadata", '{"rig": 1, "rig": 2}' },
      'the key "rig" stands twice' },
    ["half an object"] = { { "--custom-metadata", '{"a":' }, "--custom-metadata: " },
  } do
    it("refuses " .. what .. " before any request", function()
      local result = update(case[1])
      assert.are.same({ 2, "" }, { result.status, result.out })
      assert.is_truthy(result.err:find(case[2], 1, true), result.err)
      assert.are.same({}, here:sent())
    end)
  end
end)
