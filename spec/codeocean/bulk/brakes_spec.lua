-- Brakes refuse a run before its first write.

local bulk = require "codeocean.bulk"
local fixture = require "fixture"

describe("a bulk run", function()
  local client, peer, folder, ids

  local function open(finally, options)
    local with = fixture.new(finally)
    folder = with:folder()
    peer = with:sandbox { seed = 40, ready_after = 0 }
    client = with:client(peer, options or { dialect = "current", retries = 0 })
    ids = {}
    for asset in client.data_assets:each() do ids[#ids + 1] = asset.id end
    assert.is_true(#ids > 30)
    peer:clear()
  end

  local function run(fields)
    local spec = { ids = ids, journal = folder .. "/run.jsonl",
      change = function() return { description = "changed" } end }
    for name, value in pairs(fields or {}) do spec[name] = value end
    if spec.select then spec.ids = nil end
    if spec.action then spec.change = nil end
    return bulk.run(client, spec)
  end

  local function count(operation)
    return #fixture.seen(peer, operation)
  end

  it("above max_changes writes nothing, and a dry run foretells it", function()
    open(finally)
    for _, most in ipairs { 5, "10%" } do
      local report, err = run { max_changes = most, journal = false }
      assert.is_nil(report)
      assert.are.equal("refused", err.kind)
      assert.is_truthy(err.message:find(("%d of %d assets would change, at most"):format(#ids,
        #ids), 1, true), err.message)
      local dry = assert(run { max_changes = most, dry_run = true })
      assert.are.equal(err.message, dry.refusal.message)
    end
    assert.are.equal(0, count "update")
    assert.are.equal(#ids, assert(run { max_changes = "100%" }).counts.ok)
  end)

  it("counts the writes of a run before it was interrupted", function()
    open(finally)
    peer:fault { kind = "status", status = 400, operation = "get", id = ids[1], count = 1 }
    local most = #ids - 1
    assert.are.equal(most, assert(run { max_changes = most }).counts.ok)
    local _, err = bulk.run(client, { resume = folder .. "/run.jsonl", max_changes = most,
      change = function() return { description = "changed" } end })
    assert.is_truthy(err.message:find(("%d of %d assets would change"):format(#ids, #ids), 1, true),
      err.message)
    assert.are.equal(most, count "update")
  end)

  it("of a deletion foretells both refusals, and its journal is refused", function()
    open(finally)
    local _, err = run { action = "delete" }
    assert.is_truthy(err.message:find("not archived", 1, true))
    local runs = require "codeocean.bulk.runs"
    assert.are.equal("refused", assert(runs.read(folder .. "/run.jsonl")).state)
    local dry = assert(run { action = "delete", dry_run = true, journal = false })
    assert.are.equal(err.message, dry.refusal.message)
    dry = assert(run { action = "delete", dry_run = true, journal = false, max_delete = 3,
      allow_unarchived = true })
    assert.is_truthy(dry.refusal.message:find("at most 3 are (max_delete, --max-delete)", 1, true))
    assert.are.equal(0, count "delete")
  end)

  it("stops at the first error, or after max_errors, also while it plans", function()
    open(finally)
    local function yes() return true end
    for _, case in ipairs { { { fail_fast = true }, 1 }, { { max_errors = 5 }, 5 } } do
      local fields = case[1]
      fields.confirm, fields.jobs, fields.journal = yes, 1, false
      peer:clear()
      peer:fault { kind = "status", status = 500, operation = "get", count = -1 }
      local report = assert(run(fields))
      assert.are.equal(case[2], report.counts.failed)
      assert.are.equal(#ids - case[2], report.counts.pending)
      assert.are.equal(case[2], count "get")
      assert.is_truthy(report.stopped)
    end
  end)

  it("that wrote, was interrupted, and is refused when it is resumed, can be resumed", function()
    open(finally)
    local written = 0
    assert(run { jobs = 1, confirm = function() return true end,
      on_event = function(event) written = written + (event.type == "applied" and 1 or 0) end,
      stop = function() return written >= 2 end })
    local path = folder .. "/run.jsonl"
    local report, err = run { journal = false, resume = path, max_changes = 3 }
    assert.is_nil(report)
    assert.are.equal("refused", err.kind)
    local runs = require "codeocean.bulk.runs"
    assert.are.equal("interrupted", assert(runs.read(path)).state)
    assert.are.equal(#ids, assert(run { journal = false, resume = path }).counts.ok)
  end)

  it("that stopped, or left something pending, is not done", function()
    open(finally)
    peer:fault { kind = "status", status = 400, operation = "update", count = -1 }
    assert(run { fail_fast = true, jobs = 2 })
    local runs = require "codeocean.bulk.runs"
    assert.are.equal("interrupted", assert(runs.read(folder .. "/run.jsonl")).state)
  end)

  it("is not stopped by assets that are gone", function()
    open(finally)
    local gone = {}
    for i = 1, 60 do gone[i] = ("%08x-0000-4000-8000-000000000000"):format(i) end
    gone[61] = ids[1]
    local report = assert(run { ids = gone })
    assert.are.same({ 60, 1 }, { report.counts.missing, report.counts.ok })
  end)

  for _, phase in ipairs { "one pass", "a confirmation" } do
    it("whose token is revoked midway ends with " .. phase .. ", the rest pending", function()
      open(finally)
      local seen = 0
      local report = assert(run { jobs = 2, confirm = phase ~= "one pass" and
        function() return true end or nil, on_event = function(event)
          seen = seen + 1
          if event.type ~= "selected" and event.done == 10 then
            peer:fault { kind = "status", status = 401, count = -1 }
          end
        end })
      assert.are.same({ "auth", 401 }, { report.error.kind, report.error.status })
      assert.is_true(report.counts.pending >= #ids - 14, report.counts.pending)
      assert.is_true(#fixture.seen(peer) <= 30)
      assert.are.equal(4, require("codeocean.cli.status").of_report(report, 0))
    end)
  end

  it("refuses an option that it does not know, before any request", function()
    open(finally)
    for name, near in pairs { dryrun = "dry_run", confrim = "confirm",
      max_change = "max_changes" } do
      local ok, problem = pcall(run, { [name] = true })
      assert.is_false(ok)
      assert.is_truthy(problem:find(("no such option; did you mean '%s'?"):format(near), 1, true),
        problem)
    end
    assert.are.equal(0, #peer:requests())
  end)

  it("refuses to take every asset unless that is said", function()
    open(finally)
    for _, select in ipairs { {}, { query = "" }, { query = " " }, { query = '""' },
      { query = "tag:" }, { archived = "any" }, { sort_field = "name" } } do
      local ok, problem = pcall(run, { select = select })
      assert.is_false(ok)
      assert.is_truthy(problem:find("all = true (--all)", 1, true), problem)
    end
    local compile = require("codeocean.expression").compile
    for select, where in pairs { [{}] = "true", [{ archived = "any" }] = "now > 0",
      [{ query = " " }] = "size > 1" } do
      local ok, problem = pcall(run, { select = select, where = compile(where) })
      assert.is_false(ok)
      assert.is_truthy(problem:find("all = true (--all)", 1, true), problem)
    end
    assert.are.equal(0, #peer:requests())
    assert.are.equal(#ids, assert(run { select = {}, all = true }).counts.ok)
  end)

  it("selects at most limit assets of a search, whatever the page size", function()
    open(finally)
    local report = assert(run { select = { limit = 3, page_size = 2 }, all = true })
    assert.are.equal(3, #report.records)
  end)

  it("sums sizes beyond the integers as a float, never below 0", function()
    open(finally)
    local reports = require "codeocean.bulk.report"
    local sizes = { math.maxinteger, 5, 7 }
    local journal = { record = function(_, i) return { size = sizes[i] } end }
    assert.are.equal(math.maxinteger, reports.size(journal, { 1 }))
    assert.are.equal("float", math.type(reports.size(journal, { 1, 2, 3 })))
    assert.is_true(reports.size(journal, { 1, 2, 3 }) >= 2.0 ^ 63)
    local words = require "codeocean.output.report"
    assert.are.equal("more than 8.0 EiB", words.size(reports.size(journal, { 1, 2, 3 })))
  end)
end)
