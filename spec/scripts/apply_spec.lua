-- colua apply writes a plan that was made earlier.

local deployment = require "deployment"
local process = require "process"

describe("colua apply", function()
  local here, a, b

  before_each(function()
    here = deployment.start()
    a = here:asset { name = "a", tags = { "x" } }
    b = here:asset { name = "b", tags = {} }
    local result = here:run { "tag", a, b, "--add", "new", "--plan", "plan" }
    assert.are.equal(0, result.status, result.err)
  end)
  after_each(function() here:stop() end)

  it("writes what was planned, and keeps what others did since", function()
    assert(here.client.data_assets:update(a, { tags = { "x", "theirs" }, description = "theirs" }))
    local result = here:run { "apply", "plan", "--yes" }
    assert.are.equal(0, result.status, result.err)
    assert.are.same({ "x", "theirs", "new" }, here:tags_of(a))
    assert.are.same({ "new" }, here:tags_of(b))
    assert.are.equal("theirs", here.client.data_assets:get(a).description)
  end)

  it("writes nothing in a dry run, nor without a confirmation", function()
    assert.are.equal(0, here:run({ "apply", "plan", "--dry-run" }).status)
    assert.are.equal(6, here:run({ "apply", "plan" }).status)
    assert.are.same({ "x" }, here:tags_of(a))
  end)

  it("carries out its part of a plan that is divided, and the parts are the whole", function()
    local selected = {}
    for i = 1, 2 do
      local result = here:run { "apply", "plan", "--shard", i .. "/2", "--yes" }
      assert.are.equal(0, result.status, result.err)
      selected[i] = math.tointeger(tonumber(result.err:match "(%d) selected"))
      assert.are.equal(selected[i], #here:written())
    end
    assert.are.equal(2, selected[1] + selected[2])
    assert.are.same({ { "x", "new" }, { "new" } }, { here:tags_of(a), here:tags_of(b) })
  end)

  it("refuses a plan that lacks a line, and one of another deployment", function()
    local whole = process.read(here.folder .. "/plan")
    process.write(here.folder .. "/plan", (whole:gsub("[^\n]*\n$", "")))
    assert.are_not.equal(0, here:run({ "apply", "plan", "--yes" }).status)
    process.write(here.folder .. "/plan", (whole:gsub('"deployment":"[^"]*"',
      '"deployment":"other.example"')))
    assert.are.equal(6, here:run({ "apply", "plan", "--yes" }).status)
    assert.are.same({ "x" }, here:tags_of(a))
  end)
end)
