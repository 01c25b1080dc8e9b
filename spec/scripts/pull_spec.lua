-- colua pull: the files that it makes, and those that it must not touch. The content of the copy
-- is in rehearsal_spec.

local deployment = require "deployment"
local process = require "process"

describe("colua pull", function()
  local here
  before_each(function() here = deployment.start { seed = 30 } end)
  after_each(function() here:stop() end)

  local function entries()
    return process.shell("ls -A | grep -v '^state$'", { cwd = here.folder }).out
  end

  it("makes the file, and nothing beside it", function()
    local result = here:run { "pull", "copy.db" }
    assert.are.same({ 0, "" }, { result.status, result.out })
    assert.are.equal("copy.db: 30 assets\n", result.err)
    assert.are.equal("copy.db\n", entries())
  end)

  it("copies what --where and --limit select, archived assets too", function()
    local list = here.client.data_assets:all { archived = "any", limit = 30 }
    assert(here.client.data_assets:archive(list[1].id))
    local where = ("match(id, '^%s') or match(id, '^%s')"):format(list[1].id:sub(1, 8),
      list[2].id:sub(1, 8))
    local result = here:run { "pull", "two.db", "--where", where }
    assert.are.same({ 0, "two.db: 2 assets\n" }, { result.status, result.err })
    local copied = here:run({ "search", "--archived", "any", "--fields", "id", "--tsv" },
      { before = { "--sandbox=two.db" } }).out
    assert.is_truthy(copied:find(list[1].id, 1, true) and copied:find(list[2].id, 1, true), copied)
    result = here:run { "pull", "few.db", "--limit", "1" }
    assert.are.same({ 0, "few.db: 1 asset\n" }, { result.status, result.err })
  end)

  it("leaves a file, a link and a foreign copy.db.part as they are", function()
    process.write(here.folder .. "/copy.db.part", "mine")
    assert.are.equal(0, here:run({ "pull", "copy.db" }).status)
    assert.are.equal("mine", process.read(here.folder .. "/copy.db.part"))
    local before = process.read(here.folder .. "/copy.db")
    assert.are.equal(6, here:run({ "pull", "copy.db" }).status)
    assert.is_true(before == process.read(here.folder .. "/copy.db"))
    process.shell("ln -s /nonexistent/x.db link.db", { cwd = here.folder })
    assert.are.equal(6, here:run({ "pull", "link.db" }).status)
    assert.are.equal("/nonexistent/x.db\n",
      process.shell("readlink link.db", { cwd = here.folder }).out)
    assert.are.equal("copy.db\ncopy.db.part\nlink.db\n", entries())
  end)

  for what, case in pairs {
    ["no file"] = { {}, "missing argument FILE" },
    ["a mistake in an expression"] = { { "x.db", "--where", "siez > 3" }, "did you mean 'size'?" },
    ["words"] = { { "x.db", "ecephys" }, "did you mean --query ecephys?" },
  } do
    it("refuses " .. what .. " before any request", function()
      local result = here:run { "pull", table.unpack(case[1]) }
      assert.are.same({ 2, "" }, { result.status, result.out })
      assert.is_truthy(result.err:find(case[2], 1, true), result.err)
      assert.are.same({}, here:sent())
      assert.are.equal("", entries())
    end)
  end
end)
