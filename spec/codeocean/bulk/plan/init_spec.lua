-- The plan of one asset: planned, unchanged, failed or drift.

local errors = require "codeocean.error"
local plan = require "codeocean.bulk.plan"

local ID = "fea84ebf-b58b-4ad2-994d-7169dc3880fb"

local function item(run, asset, row)
  asset = asset or { id = ID, name = "n", size = 7, description = "d", tags = { "a" } }
  run.spec = run.spec or {}
  return plan.item(run, asset, row)
end

local function archive(set)
  return { has = function(_, id) return set[id] == true end }
end

describe("codeocean.bulk.plan", function()
  it("plans the values of a change, with the size of the asset", function()
    local own = item { action = "update", change = { fn = function() return { name = "m" } end } }
    assert.same({ "planned", 7, { name = { before = "n", after = "m" } } },
      { own.status, own.size, own.patch })
  end)

  it("leaves assets alone that need no change or whose change is nil", function()
    assert.equal("unchanged", item({ action = "update",
      change = { fn = function() return { name = "n" } end } }).status)
    assert.equal("skipped", item({ action = "update", change = { fn = function() end } }).status)
  end)

  it("fails an asset whose change is wrong, in one line", function()
    local own = item { action = "update", change = { fn = function() return { tag = {} } end } }
    assert.equal("failed", own.status)
    assert.is_truthy(own.error.message:find("did you mean 'tags'", 1, true))
  end)

  it("archives only assets that are not archived", function()
    local there = archive { [ID] = true }
    assert.equal("unchanged", item({ action = "archive", archive = there }).status)
    local own = item { action = "archive", archive = archive {} }
    assert.same({ "planned", { archived = { before = false, after = true } } },
      { own.status, own.patch })
    assert.equal("planned", item({ action = "unarchive",
      archive = archive { [ID] = true } }).status)
  end)

  it("merges a patch that was given, and calls drift by its name", function()
    local row = { patch = { description = { before = "old", after = "new" } } }
    local own = item({ action = "update" }, nil, row)
    assert.same({ "drift", "drift" }, { own.status, own.error.kind })
    row.patch.description.before = "d"
    assert.equal("planned", item({ action = "update" }, nil, row).status)
    row.patch.description.after = "d"
    assert.equal("unchanged", item({ action = "update" }, nil, row).status)
  end)

  it("derives the status of an input from its error", function()
    local function status(fields) return plan.status_of(errors.new(fields)) end
    assert.equal("missing", status { kind = "missing" })
    assert.equal("unknown", status { kind = "network", outcome = "unknown", writes = true })
    assert.equal("failed", status { kind = "network", outcome = "unknown", writes = false })
    assert.equal("pending", status { kind = "cancelled", outcome = "not_sent" })
    assert.equal("failed", status { kind = "invalid", outcome = "rejected" })
  end)
end)
