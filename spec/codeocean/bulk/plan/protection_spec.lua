-- No run writes to an asset that the user's settings protect.

local bulk = require "codeocean.bulk"
local deployments = require "deployment"
local fixture = require "fixture"
local process = require "process"
local protection = require "codeocean.bulk.plan.protection"
local undo = require "codeocean.bulk.undo"

describe("codeocean.bulk.plan.protection", function()
  it("is by a tag or by the whole name", function()
    local protect = { tag = { "keep" }, name = { "Atlas" } }
    local function why(asset) return (protection.problem(protect, asset) or {}).message end
    assert.matches("^its tag 'keep' is protected", why { name = "a", tags = { "x", "keep" } })
    assert.matches("^its name is protected", why { name = "Atlas", tags = {} })
    assert.is_nil(why { name = "Atlas 2", tags = { "keeper" } })
    assert.is_nil(protection.problem(nil, { name = "Atlas", tags = { "keep" } }))
  end)

  describe("in a run", function()
    local with, peer, client, kept, free

    before_each(function()
      with = fixture.new()
      peer = with:sandbox { ready_after = 0 }
      client = with:client(peer, { dialect = "current" })
      client.protect = { tag = { "keep" } }
      kept = fixture.make(client, { name = "kept", tags = { "keep" } }).id
      free = fixture.make(client, { name = "free", tags = { "a" } }).id
    end)
    after_each(function() with:close() end)

    local function run(fields)
      local spec = { ids = { kept, free }, journal = false }
      for name, value in pairs(fields) do spec[name] = value end
      peer:clear()
      return assert(bulk.run(client, spec))
    end

    local function check(report)
      local record = report.records[1]
      assert.same({ "skipped", "protected", "not_sent" },
        { record.status, record.error.kind, record.error.outcome })
      assert.equal(1, report.counts.ok)
      for _, line in ipairs(fixture.writes(peer)) do assert.is_nil(line:find(kept, 1, true)) end
    end

    local function describe_it() return { description = "new" } end

    for what, spec in pairs {
      ["updates"] = { change = describe_it },
      ["confirmed updates"] = { change = describe_it, confirm = function() return true end },
      ["verified updates"] = { change = describe_it, verify = true, fail_fast = true },
      ["archives"] = { action = "archive" },
      ["deletes"] = { action = "delete", allow_unarchived = true },
    } do
      it("skips them: " .. what, function() check(run(spec)) end)
    end

    it("skips an asset that became protected after its plan", function()
      local report = run { ids = { free, kept }, change = describe_it, confirm = function(plan)
        assert.equal(1, plan.count)
        assert(client.data_assets:update(free, { tags = { "keep" } }))
        return true
      end }
      assert.same({ 2, 0 }, { report.counts.skipped, report.counts.ok })
    end)

    it("skips them in an undo too, until the settings protect them no longer", function()
      client.protect = nil
      local folder = with:folder()
      local report = run { change = describe_it, journal = folder .. "/run.jsonl" }
      assert.equal(2, report.counts.ok)
      client.protect = { name = { "kept" } }
      peer:clear()
      check(assert(bulk.run(client, assert(undo.spec(report.journal)))))
    end)
  end)

  it("shows in a command's report, and is not a failure", function()
    local here = deployments.start()
    finally(function() here:stop() end)
    local kept, free = here:asset { name = "kept", tags = { "keep" } },
      here:asset { name = "free", tags = { "a" } }
    assert(os.execute("mkdir -p " .. here.folder .. "/.config/colua"))
    process.write(here.folder .. "/.config/colua/config.json", '{"protect":{"tag":["keep"]}}')
    for _, how in ipairs { "--dry-run", "--yes" } do
      local result = here:run { "tag", kept, free, "--add", "x", how, "--csv" }
      assert.equal(0, result.status, result.err)
      assert.is_truthy(result.out:find(("skipped,%s,kept,protected: its tag 'keep' is "
        .. "protected in config.json"):format(kept), 1, true), result.out)
      assert.is_truthy(result.err:find("1 skipped", 1, true), result.err)
    end
    assert.same({ "keep" }, here:tags_of(kept))
    assert.same({ "a", "x" }, here:tags_of(free))
  end)
end)
