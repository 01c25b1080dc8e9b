-- Which runs can be resumed, and by which program.

local bulk = require "codeocean.bulk"
local expressions = require "codeocean.expression"
local fixture = require "fixture"
local journal_module = require "codeocean.bulk.journal"
local journals = require "journals"
local json = require "codeocean.json"
local ledgers = require "codeocean.bulk.journal.ledger"
local process = require "process"
local resume = require "codeocean.bulk.resume"

local A, B = "fea84ebf-b58b-4ad2-994d-7169dc3880fb", "fea84ebf-b58b-4ad2-994d-7169dc3880fc"
local RULE = { tags = { add = { "x" } } }

local function journal_in(folder, fields, ...)
  local header = { name = "n", action = "update", selection = { ids = 2, hash = "h" } }
  for name, value in pairs(fields) do header[name] = value end
  return process.write(folder .. "/run.jsonl", journals.text(header, ...))
end

local function journal(finally, ...)
  return journal_in(fixture.new(finally):folder(), ...)
end

local IDS, SELECTED = { ids = { A, B } }, { selected = 2 }

describe("codeocean.bulk.resume", function()
  it("needs the script only if a user's function still has to plan", function()
    local function needs(fields, ...)
      return resume.needs_script(assert(resume.read(journal(finally, fields, IDS, SELECTED, ...))))
    end
    assert.is_true(needs {})
    assert.is_false(needs { change = RULE })
    assert.is_false(needs { action = "archive" })
    assert.is_false(needs({}, { outcome = 1, id = A, status = "ok" },
      { outcome = 2, id = B, status = "unchanged" }))
  end)

  it("refuses a run that was undone since, unless forced", function()
    local path = journal(finally, { change = RULE }, IDS, SELECTED, { undone = "/x/undo.jsonl" })
    local ledger, err = resume.read(path)
    assert.is_nil(ledger)
    assert.is_truthy(err.message:find("undone since, by /x/undo.jsonl", 1, true), err.message)
    assert.is_truthy(resume.read(path, true))
  end)

  it("refuses a run whose ids are not all there", function()
    local ledger, err = resume.read(journal(finally, { change = RULE }, IDS))
    assert.is_nil(ledger)
    assert.is_truthy(err.message:find("run it again", 1, true))
  end)

  it("reads in the header that a run needs no script", function()
    for expected, fields in pairs { [true] = {}, [false] = { change = RULE } } do
      local header = assert(ledgers.read_header_at(journal(finally, fields)))
      assert.equal(expected, resume.may_need_script(header))
    end
    local ledger, err = ledgers.read_header_at "/nowhere"
    assert.is_nil(ledger)
    assert.equal("journal", err.kind)
  end)

  -- How often a function reads a whole journal.
  local function count_reads(fn)
    local read, n = ledgers.read, 0
    local function counted(...)
      n = n + 1
      return read(...)
    end
    ledgers.read, journal_module.read = counted, counted
    local ok, problem = pcall(fn)
    ledgers.read, journal_module.read = read, read
    assert.is_true(ok, problem)
    return n
  end

  it("reads a journal once, when the run has locked it", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { ready_after = 0 })
    local id = fixture.make(client).id
    local path = journal_in(with:folder(), { change = RULE, selection = { ids = 1, hash = "h" } },
      { ids = { id } }, { selected = 1 }, { confirmed = 1, all = true })
    for _, dry in ipairs { true, false } do
      assert.equal(1, count_reads(function()
        local spec = assert(resume.spec(path))
        assert.is_false(journal_module.is_busy(path))
        spec.dry_run = dry
        local report = assert(bulk.run(client, spec))
        assert.equal(1, report.counts[dry and "pending" or "ok"])
        assert.is_false(journal_module.is_busy(path))
      end))
    end
    assert.same({ "a", "b", "x" }, client.data_assets:get(id).tags)
  end)

  it("closes a journal that it refuses", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { ready_after = 0 })
    local path = journal_in(with:folder(), { change = RULE }, IDS, SELECTED,
      { undone = "/x/undo.jsonl" })
    for _, spec in ipairs { assert(resume.spec(path)), { resume = path, rule = RULE } } do
      local report, err = bulk.run(client, spec)
      assert.is_nil(report)
      assert.is_truthy(err.message:find("undone since, by /x/undo.jsonl", 1, true), err.message)
      assert.is_false(journal_module.is_busy(path))
    end
  end)

  -- A run in one pass that stopped behind its first write, and what resumes it.
  local function stopped_run(finally)
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 4, ready_after = 0 }
    local client, path = with:client(peer), with:folder() .. "/run.jsonl"
    local ids, n = {}, 0
    for asset in client.data_assets:each { archived = false, limit = 3 } do
      ids[#ids + 1] = asset.id
    end
    local function describe(text) return function() return { description = text } end end
    local report = assert(bulk.run(client, { ids = ids, change = describe "first", name = "mine",
      journal = path, jobs = 1, stop = function() return n >= 1 end,
      on_event = function(event) n = n + (event.type == "applied" and 1 or 0) end }))
    assert.same({ 1, 2 }, { report.counts.ok, report.counts.pending })
    peer:clear()
    local function answer(yes, change)
      local spec = change and { ids = ids, change = describe(change), name = "mine",
        resume = path } or assert(resume.spec(path))
      local asked
      function spec.confirm(plan)
        asked = plan.count
        return yes
      end
      return assert(bulk.run(client, spec)), asked
    end
    return answer, peer, path
  end

  it("plans declined inputs again, though the run was confirmed before", function()
    local answer, peer, path = stopped_run(finally)
    local report, asked = answer(false, "edited")
    assert.same({ 2, true }, { asked, report.refused })
    assert.same({ description = { before = report.records[3].fields.description.before,
      after = "edited" } }, report.records[3].fields)
    assert.is_true(resume.needs_script(assert(resume.read(path))))
    report, asked = answer(false, "last")
    assert.equal(2, asked)
    assert.equal("last", report.records[3].fields.description.after)
    assert.same({}, fixture.writes(peer))
    report, asked = answer(true, "last")
    assert.same({ 2, 3 }, { asked, report.counts.ok })
  end)

  it("asks again about inputs that were refused, though the run began with --yes", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 4, ready_after = 0 }
    local client, ids = with:client(peer), {}
    for asset in client.data_assets:each { archived = false, limit = 3 } do
      ids[#ids + 1] = asset.id
    end
    local path = with:folder() .. "/run.jsonl"
    assert(bulk.run(client, { ids = ids, rule = RULE, journal = path, stop = function()
      return true
    end }))
    local questions = 0
    local function resume_run(fields)
      local spec = assert(resume.spec(path))
      for name, value in pairs(fields) do spec[name] = value end
      function spec.confirm()
        questions = questions + 1
        return false
      end
      return assert(bulk.run(client, spec))
    end
    peer:clear()
    assert.is_true(resume_run({ max_changes = 3 }).refused)
    assert.is_true(resume_run({}).refused)
    assert.same({ 2, {} }, { questions, fixture.writes(peer) })
  end)

  it("asks about the plans that were not confirmed when the run was interrupted", function()
    local answer, peer, path = stopped_run(finally)
    assert.is_true((answer(false, "edited")).refused)
    local lines = {}
    for line in io.lines(path) do lines[#lines + 1] = line end
    assert.same({ 2, "interrupted" }, { json.decode(lines[#lines - 1]).refused,
      json.decode(lines[#lines]).state })
    local file <close> = assert(io.open(path, "wb"))
    file:write(table.concat(lines, "\n", 1, #lines - 2), "\n")
    file:flush()
    assert.is_false(resume.needs_script(assert(resume.read(path))))
    local report, asked = answer(false)
    assert.same({ 2, true }, { asked, report.refused })
    assert.same({}, fixture.writes(peer))
  end)

  describe("of a run with `where`", function()
    local client, folder, ids
    local function open(finally)
      local with = fixture.new(finally)
      folder = with:folder()
      client, ids = with:client(with:sandbox { ready_after = 0 }, { dialect = "current" }), {}
      for i, name in ipairs { "ecephys_1", "other_1", "ecephys_2", "other_2" } do
        ids[i] = fixture.make(client, { name = name, tags = { "t" } }).id
      end
    end

    local WHERE = { where = "match(name, '^ecephys')" }

    local function resume_run(path)
      return assert(bulk.run(client, assert(resume.spec(path))))
    end

    local function deleted()
      local list = {}
      for i, id in ipairs(ids) do list[i] = client.data_assets:get(id) == nil end
      return list
    end

    it("selects by it when the search was interrupted", function()
      open(finally)
      for i = 1, 4 do assert(client.data_assets:archive(ids[i])) end
      local report = resume_run(journal_in(folder, { action = "delete", options = WHERE,
        selection = { select = { query = "tag:t" } } }))
      assert.are.equal(2, report.counts.ok)
      assert.are.same({ true, false, true, false }, deleted())
    end)

    it("skips by it assets without a plan", function()
      open(finally)
      local report = resume_run(journal_in(folder, { change = RULE, options = WHERE },
        { ids = ids }, { selected = 4 }))
      assert.are.same({ 2, 2 }, { report.counts.ok, report.counts.skipped })
      for i, expected in ipairs { "t x", "t", "t x", "t" } do
        assert.are.equal(expected, table.concat(client.data_assets:get(ids[i]).tags, " "))
      end
    end)

    it("keeps the text of an expression in the resumed journal", function()
      open(finally)
      local path = folder .. "/run.jsonl"
      local n = 0
      local report = assert(bulk.run(client, { ids = ids, rule = RULE, journal = path, jobs = 1,
        where = expressions.compile(WHERE.where),
        on_event = function(event) n = n + (event.type == "applied" and 1 or 0) end,
        stop = function() return n >= 1 end }))
      assert.is_true(report.counts.pending > 0)
      assert.are.same({ 2, 2 }, { resume_run(path).counts.ok, n > 0 and 2 })
      assert.are.same({ "t" }, client.data_assets:get(ids[4]).tags)
    end)

    it("needs the script for a function, and is refused without it", function()
      open(finally)
      local path = journal_in(folder, { change = RULE, options = { where = true } }, { ids = ids },
        { selected = 4 })
      local ledger = assert(resume.read(path))
      assert.is_true(resume.needs_script(ledger))
      local report, err = bulk.run(client, assert(resume.spec(path)))
      assert.is_nil(report)
      assert.are.equal("refused", err.kind)
      assert.is_truthy(err.message:find("only its script can resume it", 1, true), err.message)
      assert.are.same({ "t" }, client.data_assets:get(ids[1]).tags)
    end)

    it("is refused when this colua cannot read it", function()
      local spec, err = resume.spec(journal(finally, { change = RULE,
        options = { where = "newer(name)" } }, IDS, SELECTED))
      assert.is_nil(spec)
      assert.are.equal("refused", err.kind)
      assert.is_truthy(err.message:find("no field is called 'newer'", 1, true), err.message)
    end)

    it("deletes no asset that its search selects no longer", function()
      open(finally)
      for i = 1, 2 do assert(client.data_assets:archive(ids[i])) end
      local path = journal_in(folder, { action = "delete",
        selection = { select = { query = "tag:t" } } }, { ids = { ids[1], ids[2] } }, SELECTED,
        { plan = 1, id = ids[1], name = "ecephys_1" }, { plan = 2, id = ids[2], name = "other_1" },
        { confirmed = 2 })
      assert(client.data_assets:update(ids[1], { tags = { "keep" } }))
      local report = resume_run(path)
      assert.are.same({ 1, 1 }, { report.counts.drift, report.counts.ok })
      assert.are.same({ false, true, false, false }, deleted())
    end)
  end)

  it("foretells in a dry run the status of each input, also of those under way", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { ready_after = 0 }
    local client, ids, lines = with:client(peer, { dialect = "current" }), {}, {}
    for i = 1, 6 do ids[i] = fixture.make(client, { name = "a" .. i }).id end
    local patch = { description = { before = "", after = "new" } }
    for i = 1, 5 do lines[i] = { intent = i, id = ids[i], name = "a" .. i, patch = patch } end
    lines[5] = { outcome = 5, id = ids[5], status = "failed", error = { kind = "server" } }
    local path = journal_in(with:folder(), { change = { fields = { description = "new" } },
      selection = { ids = 6 } }, { ids = ids }, { selected = 6 },
      { confirmed = 6, all = true }, table.unpack(lines))
    assert(client.data_assets:update(ids[1], { description = "new" }))
    assert(client.data_assets:update(ids[3], { description = "theirs" }))
    assert(client.data_assets:archive(ids[4]))
    assert(client.data_assets:delete(ids[4]))
    local text = process.read(path)
    peer:clear()
    local function statuses(dry)
      local spec = assert(resume.spec(path))
      spec.dry_run = dry
      local list = {}
      for i, record in ipairs(assert(bulk.run(client, spec)).records) do list[i] = record.status end
      return list
    end
    assert.same({ "ok", "pending", "drift", "missing", "pending", "pending" }, statuses(true))
    assert.same({ {}, text }, { fixture.writes(peer), process.read(path) })
    assert.same({ "ok", "ok", "drift", "missing", "ok", "ok" }, statuses(false))
    assert.equal(3, #fixture.writes(peer))
  end)

  it("foretells which deletions are left, and that another process has the journal", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { ready_after = 0 }
    local client, ids = with:client(peer, { dialect = "current" }), {}
    for i = 1, 2 do ids[i] = fixture.make(client, { name = "a" .. i }).id end
    assert(client.data_assets:archive(ids[1]))
    local path = journal_in(with:folder(), { action = "delete" }, { ids = ids }, { selected = 2 },
      { confirmed = 2, all = true }, { intent = 1, id = ids[1] }, { intent = 2, id = ids[2] })
    local spec = assert(resume.spec(path))
    spec.dry_run, spec.allow_unarchived = true, true
    assert(client.data_assets:delete(ids[1]))
    local report = assert(bulk.run(client, spec))
    assert.same({ "ok", "pending" }, { report.records[1].status, report.records[2].status })
    local other <close> = assert(io.popen("exec flock " .. path .. " cat", "w"))
    other:setvbuf "no"
    local refused, err
    repeat refused, err = bulk.run(client, spec) until not refused
    assert.is_truthy(err.message:find("another process is writing it", 1, true), err.message)
  end)

  it("finishes a run from its journal alone, without its program", function()
    local with = fixture.new(finally)
    local client, folder = with:client(with:sandbox { seed = 4, ready_after = 0 }), with:folder()
    local ids = {}
    for asset in client.data_assets:each { archived = false, limit = 3 } do
      ids[#ids + 1] = asset.id
    end
    local path, n = folder .. "/run.jsonl", 0
    local report = assert(bulk.run(client, { ids = ids, rule = RULE, journal = path, jobs = 1,
      on_event = function(event) n = n + (event.type == "applied" and 1 or 0) end,
      stop = function() return n >= 1 end }))
    assert.is_true(report.counts.pending > 0)
    local spec = assert(resume.spec(path))
    report = assert(bulk.run(client, spec))
    assert.same({ #ids, 0 }, { report.counts.ok, report.counts.pending })
    for _, id in ipairs(ids) do
      local tags = client.data_assets:get(id).tags
      assert.equal("x", tags[#tags])
    end
  end)
end)
