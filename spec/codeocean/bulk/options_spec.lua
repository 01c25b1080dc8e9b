-- The options of bulk.run are checked before anything is opened or sent.

local run_options = require "codeocean.bulk.options"

local function change() end

local GOOD = {
  { ids = {}, change = change },
  { select = { query = "x" }, change = change, max_changes = "10%", note = "why" },
  { select = {}, all = true, change = change },
  { ids = {}, action = "delete", max_delete = 0 },
  { patches = { rows = change, partial = true } },
  { patches = { undoes = "run.jsonl", path = "run.jsonl", dates = {} }, even_if_undone = true },
  { ids = {}, rule = { tags = { add = { "a" } } } },
}

local BAD = {
  { { ids = {}, change = change, dryrun = true }, "dryrun", "did you mean 'dry_run'" },
  { { ids = {}, change = change, max_change = 3 }, "max_change", "did you mean 'max_changes'" },
  { { change = change }, "select", "either select or ids" },
  { { ids = {}, select = { query = "x" }, change = change }, "select", "either select or ids" },
  { { ids = {} }, "change", "function of an asset" },
  { { ids = {}, action = "delete", change = change }, "change", "takes none" },
  { { ids = {}, action = "destroy" }, "action", "one of" },
  { { ids = {}, change = change, max_changes = "110%" }, "max_changes", "share such as" },
  { { ids = {}, change = change, max_changes = -1 }, "max_changes", "integer of 0 or more" },
  { { ids = {}, change = change, jobs = 0 }, "jobs", "integer" },
  { { ids = {}, change = change, shard = { 3, 2 } }, "shard", "{i, n}" },
  { { ids = {}, change = change, journal = 7 }, "journal", "path or false" },
  { { ids = 7, change = change }, "ids", "list or iterator" },
  { { select = { query = " " }, change = change }, "select", "every asset" },
  { { select = { qeury = "x" }, change = change }, "qeury", "did you mean 'query'" },
  { { patches = { rows = 3 } }, "rows", "function" },
  { { patches = { undoes = 3 } }, "undoes", "non-empty string" },
  { { patches = { rows = change, partail = true } }, "partail", "did you mean 'partial'" },
  { { patches = {} }, "patches", "{rows = iterator}" },
  { { resume = {} }, "resume", "path of a journal" },
  { { ids = {}, change = change, even_if_undon = true }, "even_if_undon", "even_if_undone" },
}

describe("codeocean.bulk.options", function()
  it("accepts all options of a run, with their defaults", function()
    for i, spec in ipairs(GOOD) do
      local own = run_options.read(spec)
      assert.same({ "bulk", 100 }, { own.name, spec.max_delete and 100 or own.max_delete }, i)
    end
    assert.equal("update", run_options.read(GOOD[1]).action)
  end)

  for i, row in ipairs(BAD) do
    it(("refuses row %d: %s"):format(i, row[2]), function()
      local ok, problem = pcall(run_options.read, row[1])
      assert.is_false(ok)
      assert.is_truthy(tostring(problem):find(row[2], 1, true), problem)
      assert.is_truthy(tostring(problem):find(row[3], 1, true), problem)
    end)
  end
end)
