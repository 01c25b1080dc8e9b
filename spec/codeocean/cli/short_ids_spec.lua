-- The first digits of an id that was just shown are accepted as the id.

local deployments = require "deployment"
local process = require "process"

describe("codeocean.cli.short_ids", function()
  local here

  before_each(function() here = deployments.start() end)
  after_each(function() here:stop() end)

  local function show(...) return here:type({ "search", ... }, {}) end

  it("accepts the beginning of an id that a terminal has just shown", function()
    local a, b = here:asset { name = "a" }, here:asset { name = "b" }
    assert.equal(2, here:run({ "tag", a:sub(1, 8), "--add", "x", "--yes" }).status)
    local shown = here:shell("colua search", { on_terminal = true })
    assert.is_truthy(shown.out:find(a, 1, true) and shown.out:find(b, 1, true), shown.out)
    local result = here:run { "tag", a:sub(1, 8):upper(), "--add", "x", "--yes" }
    assert.equal(0, result.status, result.err)
    assert.same({ { "x" }, {} }, { here:tags_of(a), here:tags_of(b) })
    assert.equal("a\n", here:run({ "get", a:sub(1, 8), "--print", "name" }).out)
  end)

  it("accepts it for the same file of a sandbox, whose port is another each time", function()
    here:shell("colua --sandbox=x.db search --limit 2 --sort-field name", { on_terminal = true })
    local first = here:run({ "search", "--limit", "2", "--sort-field", "name", "--print", "id" },
      { before = { "--sandbox=x.db" } }).out:match "^(%x+)%-"
    local result = here:run({ "get", first, "--print", "id" }, { before = { "--sandbox=x.db" } })
    assert.same({ 0, first }, { result.status, result.out:sub(1, #first) }, result.err)
    assert.equal(2, here:run({ "get", first }, { before = { "--sandbox=y.db" } }).status)
  end)

  it("refuses a beginning that is short, of no id shown, of several, or of elsewhere", function()
    local a = here:asset { name = "a" }
    here:shell("colua search", { on_terminal = true })
    local path = here.folder .. "/state/colua/listing"
    assert.equal("600\n", process.shell("stat -c %a " .. path).out)
    local host, id = process.read(path):match "^([^\n]+)\n([^\n]+)\n$"
    assert.equal(a, id)
    local twin = a:sub(1, 9) .. (a:sub(10, 10) == "0" and "1" or "0") .. a:sub(11)
    process.write(path, table.concat({ host, a, twin }, "\n") .. "\n")
    for word, complaint in pairs { [a:sub(1, 8)] = "2 ids of the listing just shown begin with",
      [a:sub(1, 3)] = "is not a data asset id", ["ffff"] = "is not a data asset id" } do
      local result = here:run { "tag", word, "--add", "x", "--yes" }
      assert.equal(2, result.status)
      assert.is_truthy(result.err:find(complaint, 1, true), result.err)
      assert.same({}, here:sent())
    end
    process.write(path, "elsewhere.codeocean.com\n" .. a .. "\n")
    assert.equal(2, here:run({ "tag", a:sub(1, 8), "--add", "x", "--yes" }).status)
  end)

  it("is unchanged by a listing that goes to a file or a pipe", function()
    here:asset { name = "a" }
    here:run { "search" }
    show "--json"
    assert.is_nil(io.open(here.folder .. "/state/colua/listing"))
  end)
end)
