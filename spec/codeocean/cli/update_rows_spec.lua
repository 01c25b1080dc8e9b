-- `colua update --from`: a sheet becomes the ids and changes of a bulk run. Each bad row is
-- reported.

local deployments = require "deployment"
local process = require "process"

describe("codeocean.cli.update_rows", function()
  local here

  before_each(function() here = deployments.start() end)
  after_each(function() here:stop() end)

  -- The whole request that writes an asset.
  local function put_request(id, name, description, tags)
    return ('PUT /data_assets/%s {"name":"%s","description":"%s","tags":[%s],"mount":"%s"}'):format(
      id, name, description, tags, name)
  end

  local function update(content, ...)
    process.write(here.folder .. "/s.csv", content)
    return here:run { "update", "--from", "s.csv", "--yes", "--journal", "run.jsonl", ... }
  end

  it("writes each row to its asset, by any spelling of its id", function()
    local a, b = here:asset { name = "a", tags = { "x" } }, here:asset { name = "b" }
    local run = update(("id,+tags,description\n%s,y,\n%s,,text\n"):format(a:upper(), b),
      "--jobs", "1")
    assert.equal(0, run.status, run.err)
    assert.same({ put_request(a, "a", "", '"x","y"'), put_request(b, "b", "text", "") },
      here:written())
  end)

  it("reports rows that cannot be used and ignored columns, and writes the other rows", function()
    local a = here:asset { name = "a", tags = { "x" } }
    local run = update("id,tags,size,created\nmouse,z,1,2\n" .. a .. ",y,3,4\n")
    assert.equal(3, run.status)
    assert.is_truthy(run.err:find('^s%.csv:2: id: "mouse" is not a data asset id'), run.err)
    assert.is_truthy(run.err:find("\ncolumns that cannot be written are left: created, size\n", 1,
      true), run.err)
    assert.is_truthy(run.err:find("1 selected: 1 ok, 1 input row refused", 1, true), run.err)
    assert.same({ put_request(a, "a", "", '"y"') }, here:written())
  end)

  it("drops no value: rows that cannot stand together are named before any request", function()
    local a = here:asset { name = "a", tags = { "z" } }
    here:mark()
    local run = update(("id,tags,+tags\n%s,x,\n%s,,y\n"):format(a, a))
    assert.is_truthy(run.err:find("^s%.csv:3: tags: [^\n]*line 2 is of the same asset"), run.err)
    assert.equal(3, run.status)
    process.write(here.folder .. "/s.csv", ("id,+tags,-tags\n%s,x,x\n"):format(a))
    run = here:run { "update", "--from", "s.csv", "--yes" }
    assert.is_truthy(run.err:find('^s%.csv:2: %+tags: "x" is in %-tags too'), run.err)
    assert.equal(3, run.status)
    assert.same({}, here:sent())
  end)

  -- The summary's count of rows, for a sheet whose last row is good.
  local function refused_of(sheet, ...)
    process.write(here.folder .. "/s.csv", sheet)
    local run = here:run { "update", "--from", "s.csv", "--yes", ... }
    assert.equal(3, run.status, run.err)
    return run.err:match "1 selected: 1 %a+, (%d+) input rows? refused"
  end

  it("counts the rows that are refused, not their faults", function()
    local a, b = here:asset { name = "a" }, here:asset { name = "b" }
    local good = b .. ",,,y\n"
    assert.equal("2", refused_of(("id,name,+tags,-tags\n%s,x,,\n%s,y,,\n%s,,z,\n"):format(a, a, b)))
    assert.equal("3", refused_of(("id,name,-tags,+tags\n%s,x,,\n%s,y,,\n%s,y,,\n%s"):format(a, a, a,
      good)))
    assert.equal("1", refused_of("id,size,tags,+tags\nmouse,1,['p'],['q']\n" .. good))
    assert.equal("2", refused_of(('[{"id":1,"tags":2},3,{"id":"%s","name":"n"}]'):format(b)))
  end)

  it("counts both rows of a name that no asset has", function()
    here:asset { name = "good" }
    assert.equal("2", refused_of("name,+tags\nnobody,x\nnobody,y\ngood,z\n", "--by-name"))
  end)

  it("reads names with --by-name; reports one of no asset, or of several, with its line", function()
    local a = here:asset { name = "a" }
    here:asset { name = "twin", mount = "t1" }
    here:asset { name = "twin", mount = "t2" }
    local run = update("name,+tags\nnobody,x\ntwin,x\na,x\n", "--by-name")
    assert.equal(3, run.status)
    assert.is_truthy(run.err:find('s.csv:2: find: missing: no asset is called "nobody"\n'
      .. 's.csv:3: find: ambiguous: 2 assets are called "twin"\n', 1, true), run.err)
    assert.is_truthy(run.err:find("1 selected: 1 ok, 2 input rows refused", 1, true), run.err)
    assert.same({ put_request(a, "a", "", '"x"') }, here:written())
  end)

  it("reads no more rows than --limit", function()
    local a, b = here:asset { name = "a" }, here:asset { name = "b" }
    assert.equal(0, update(("id,+tags\n%s,x\n%s,x\n"):format(a, b), "--limit", "1").status)
    assert.same({ put_request(a, "a", "", '"x"') }, here:written())
  end)

  local refused = {
    { { "--name", "n" }, "--from and --name exclude each other" },
    { { "--custom-metadata", '{"k":"v"}' }, "--from and --custom-metadata exclude each other" },
    { { "--query", "x" }, "--from says which assets; ids, --ids and a search exclude it" },
    { { "--ids", "f" }, "--from says which assets; ids, --ids and a search exclude it" },
    { { "--all" }, "--from says which assets; ids, --ids and a search exclude it" },
    { { ("1"):rep(32) }, "--from says which assets; ids, --ids and a search exclude it" },
  }
  for _, row in ipairs(refused) do
    it("is refused beside " .. row[1][1], function()
      local run = update("id,+tags\n", table.unpack(row[1]))
      assert.equal(2, run.status)
      assert.is_truthy(run.err:find(row[2], 1, true), run.err)
      assert.same({}, here:sent())
    end)
  end

  it("refuses a sheet that cannot be read, before any request", function()
    local run = here:run { "update", "--from", "none.csv", "--yes" }
    assert.equal(2, run.status)
    assert.is_truthy(run.err:find("none.csv", 1, true), run.err)
    assert.same({}, here:sent())
  end)
end)
