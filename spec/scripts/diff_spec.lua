-- colua diff: what it opens. What it shows of a rehearsal is in rehearsal_spec.

local deployment = require "deployment"
local process = require "process"

describe("colua diff", function()
  local here
  before_each(function() here = deployment.start { seed = 5 } end)
  after_each(function() here:stop() end)

  it("finds nothing in a copy that nobody worked on, however often it looks", function()
    assert.are.equal(0, here:run({ "pull", "copy.db" }).status)
    for _ = 1, 2 do
      local result = here:run { "diff", "copy.db", "--detailed-exitcode" }
      assert.are.same({ 0, "0 differences\n" }, { result.status, result.err })
    end
  end)

  for what, content in pairs { ["an empty file"] = "", ["a text"] = "notes\n" } do
    it("leaves " .. what .. " as it is", function()
      process.write(here.folder .. "/other", content)
      local result = here:run { "diff", "other" }
      assert.are.equal(6, result.status)
      assert.are.equal(1, select(2, result.err:gsub("\n", "\n")), result.err)
      assert.are.equal(content, process.read(here.folder .. "/other"))
      assert.are.equal("other\n", process.shell("ls -A | grep -v '^state$'",
        { cwd = here.folder }).out)
    end)
  end

  it("lists and checks the fields of its rows", function()
    assert.are.equal("status\nid\nname\nchange\nfields\n",
      here:run({ "diff", "x", "--fields", "?" }).out)
    assert.are.equal(2, here:run({ "diff", "x", "--fields", "size" }).status)
  end)
end)
