-- Which runs can be gone on with, and by what.

local bulk = require "codeocean.bulk"
local fixture = require "fixture"
local json = require "codeocean.json"
local ledgers = require "codeocean.bulk.ledger"
local resume = require "codeocean.bulk.resume"

local A, B = "fea84ebf-b58b-4ad2-994d-7169dc3880fb", "fea84ebf-b58b-4ad2-994d-7169dc3880fc"
local RULE = { tags = { add = { "x" } } }

local function journal(finally, fields, ...)
  local header = { name = "n", action = "update", selection = { ids = 2, hash = "h" } }
  for name, value in pairs(fields) do header[name] = value end
  local path = fixture.new(finally):folder() .. "/run.jsonl"
  local file = assert(io.open(path, "wb"))
  file:write(json.encode(ledgers.sealed(header)), "\n")
  for _, line in ipairs { ... } do file:write(json.encode(line), "\n") end
  file:close()
  return path
end

local IDS, SELECTED = { ids = { A, B } }, { selected = 2 }

describe("codeocean.bulk.resume", function()
  it("needs the script only for what a user's function has still to plan", function()
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
        resume = path } or resume.spec(path, assert(resume.read(path)))
      local asked
      function spec.confirm(plan)
        asked = plan.count
        return yes
      end
      return assert(bulk.run(client, spec)), asked
    end
    return answer, peer, path
  end

  it("plans anew what was refused, though the run was confirmed before", function()
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

  it("asks again about a command's rest that was refused, though --yes began it", function()
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
    local function go_on(fields)
      local spec = resume.spec(path, assert(resume.read(path)))
      for name, value in pairs(fields) do spec[name] = value end
      function spec.confirm()
        questions = questions + 1
        return false
      end
      return assert(bulk.run(client, spec))
    end
    peer:clear()
    assert.is_true(go_on({ max_changes = 3 }).refused)
    assert.is_true(go_on({}).refused)
    assert.same({ 2, {} }, { questions, fixture.writes(peer) })
  end)

  it("asks about plans that a run was cut before it asked about", function()
    local answer, peer, path = stopped_run(finally)
    assert.is_true((answer(false, "edited")).refused)
    local lines = {}
    for line in io.lines(path) do lines[#lines + 1] = line end
    assert.same({ { refused = 2 }, "interrupted" }, { json.decode(lines[#lines - 1]),
      json.decode(lines[#lines]).state })
    local file <close> = assert(io.open(path, "wb"))
    file:write(table.concat(lines, "\n", 1, #lines - 2), "\n")
    file:flush()
    assert.is_false(resume.needs_script(assert(resume.read(path))))
    local report, asked = answer(false)
    assert.same({ 2, true }, { asked, report.refused })
    assert.same({}, fixture.writes(peer))
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
    local spec = resume.spec(path, assert(resume.read(path)))
    report = assert(bulk.run(client, spec))
    assert.same({ #ids, 0 }, { report.counts.ok, report.counts.pending })
    for _, id in ipairs(ids) do
      local tags = client.data_assets:get(id).tags
      assert.equal("x", tags[#tags])
    end
  end)
end)
