-- Bulk runs as a whole: their journals, undo, plan files and shards.

local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local journal = require "codeocean.bulk.journal"
local journals = require "journals"
local planfile = require "codeocean.bulk.plan_file"
local process = require "process"
local runs = require "codeocean.bulk.runs"
local sandbox = require "codeocean.sandbox"
local shard = require "codeocean.bulk.shard"
local tags = require "codeocean.tags"
local undo = require "codeocean.bulk.undo"

local folder, server, client, assets

before_each(function()
  folder = process.folder()
  server = assert(sandbox.start { seed = 60 })
  client = assert(codeocean.client { domain = server.url, token = server.token, retries = 0 })
  assets = client.data_assets
end)

after_each(function()
  client:close()
  server:stop()
  process.clean(folder)
end)

local function path(name) return folder .. "/" .. name end

local function add(tag)
  return function(asset) return { tags = (tags.change(asset.tags, { add = { tag } })) } end
end

local function run(fields)
  local spec = { select = {}, all = true, change = add "x", journal = path "run.jsonl" }
  for name, value in pairs(fields or {}) do spec[name] = value end
  if spec.action then spec.change = nil end
  if spec.ids then spec.select = nil end
  return bulk.run(client, spec)
end

local function sum(counts)
  local total = 0
  for _, n in pairs(counts) do total = total + n end
  return total
end

local function count(method)
  local n = 0
  for _, request in ipairs(server:requests()) do
    if request.method == method then n = n + 1 end
  end
  return n
end

local function snapshot()
  local all = {}
  for asset in assets:each { archived = "any" } do
    all[asset.id] = codeocean.json.encode { asset.tags, asset.description or "", asset.name }
  end
  return all
end

describe("the journal", function()
  it("is private, and has every id before the first get and every intent before its put", function()
    local report = assert(run())
    assert.equal(path "run.jsonl", report.journal)
    local mode = process.shell("stat -c %a " .. report.journal).out
    assert.equal("600\n", mode)
    local kinds, open = {}, {}
    for line in io.lines(report.journal) do
      local value = codeocean.json.decode(line)
      for _, kind in ipairs { "journal", "ids", "selected", "confirmed", "intent", "outcome",
        "end" } do
        if value[kind] ~= nil then kinds[#kinds + 1] = kind end
      end
      if value.intent then open[value.intent] = true end
      if value.outcome then
        assert.is_true(open[value.outcome])
        open[value.outcome] = nil
      end
    end
    assert.same({ "journal", "ids", "selected", "confirmed" }, table.move(kinds, 1, 4, 1, {}))
    assert.equal("end", kinds[#kinds])
    assert.is_nil(next(open))
  end)

  it("that exists is never overwritten", function()
    assert(run())
    local before = process.read(path "run.jsonl")
    server:clear()
    local report, err = run()
    assert.is_nil(report)
    assert.equal("refused", err.kind)
    assert.equal(0, #server:requests())
    assert.equal(before, process.read(path "run.jsonl"))
  end)

  it("in use by another process is refused", function()
    assert(run())
    os.execute("mkfifo " .. path "fifo")
    local child = assert(io.popen("flock " .. path "run.jsonl" .. " sh -c 'echo held; cat "
      .. path "fifo" .. "'"))
    assert.equal("held", child:read("l"))
    local report, err = run { resume = path "run.jsonl" }
    assert.is_nil(report)
    assert.equal("refused", err.kind)
    assert.is_true(journal.is_busy(path "run.jsonl"))
    process.write(path "fifo", "go")
    child:close()
    assert.is_false(journal.is_busy(path "run.jsonl"))
  end)

  it("with a torn last line goes on; one damaged in the middle is refused", function()
    assert(run())
    local text = process.read(path "run.jsonl")
    process.write(path "torn.jsonl", text:sub(1, -40))
    local report = assert(run { resume = path "torn.jsonl" })
    assert.equal(sum(report.counts), #report.records)
    process.write(path "bad.jsonl", (text:gsub('"selected"', "selected", 1)))
    local state, err = journal.read(path "bad.jsonl")
    assert.is_nil(state)
    assert.matches("line 3 is damaged", tostring(err))
  end)

  it("on a full disk stops the run before a write that it does not hold", function()
    local limited = ("trap '' XFSZ; ulimit -f 8; exec %s spec/crash/child.lua %s %s %s"):format(
      process.quote(process.colua), path "full.jsonl", server.url, server.token)
    local result = process.shell("sh -c " .. process.quote(limited))
    assert.equal(0, result.status)
    local counts = codeocean.json.decode(result.out)
    assert.equal(60, sum(counts))
    assert.is_true(counts.pending > 0)
    local state = assert(journal.read(path "full.jsonl"))
    local intents = 0
    for index = 1, state.count do
      if state:record(index).intent then intents = intents + 1 end
    end
    assert.is_true(count("PUT") <= intents)
  end)

  it("holds what a function of the user's raised, though it is not UTF-8", function()
    local report = assert(run { select = { page_size = 2 }, limit = 2, change = function()
      error "caf\xE9, and \xFF\xFE" -- as Latin-1 has it
    end })
    assert.are.equal(2, report.counts.failed)
    local state = assert(journal.read(path "run.jsonl"))
    assert.are.equal("done", state.ended)
    for i = 1, 2 do
      local message = state:record(i).error.message
      assert.is_truthy(message:find("caf\u{FFFD}, and \u{FFFD}\u{FFFD}", 1, true))
      assert.is_truthy(report.records[i].error.message:find("caf\u{FFFD}", 1, true))
    end
  end)

  it("of a run whose name is not UTF-8 is refused in one line, and not begun", function()
    local report, err = run { name = "caf\xE9" }
    assert.is_nil(report)
    assert.are.equal("refused", err.kind)
    assert.is_truthy(err.message:find("name: not valid UTF-8 at byte 4", 1, true))
    assert.is_nil(tostring(err):find "\n")
    assert.is_nil(io.open(path "run.jsonl"))
    assert.are.equal(0, count "GET")
  end)

  it("holds no secret", function()
    server:fault { operation = "update", kind = "status", status = 400,
      body = '{"message":"token ' .. server.token .. ' is odd"}' }
    assert(run())
    local text = process.read(path "run.jsonl")
    assert.is_nil(text:find(server.token, 1, true))
  end)
end)

describe("a journal that nobody named", function()
  it("has a unique name, also when two begin with the same random numbers", function()
    local code = 'local journal = require "codeocean.bulk.journal" math.randomseed(1) '
      .. 'print(assert(journal.new():create(nil, { name = "n" })).path)'
    local seen = {}
    for i = 1, 5 do
      local result = process.run(process.colua, { "-e", code },
        { env = { XDG_STATE_HOME = folder } })
      assert.equal("", result.err)
      assert.is_nil(seen[result.out])
      seen[result.out] = i
    end
  end)
end)

describe("an open intent", function()
  local function interrupted_after(outcomes)
    local report = assert(run())
    local lines, kept = {}, 0
    for line in journals.unsealed(process.read(report.journal)):gmatch "[^\n]+" do
      local value = codeocean.json.decode(line)
      if value.outcome then kept = kept + 1 end
      if not value["end"] and not (value.outcome and kept > outcomes) then
        lines[#lines + 1] = line
      end
    end
    process.write(path "cut.jsonl", journals.sealed(table.concat(lines, "\n")))
    return report
  end

  it("that was carried out is ok, without another put", function()
    interrupted_after(10)
    server:clear()
    local report = assert(run { resume = path "cut.jsonl" })
    assert.equal(#report.records, report.counts.ok)
    assert.equal(0, count "PUT")
  end)

  it("that was not is done again, over the tags of others", function()
    local first = interrupted_after(0)
    local again, changed = first.records[1], first.records[2]
    assert(assets:update(again.id, { tags = again.fields.tags.before }))
    assert(assets:update(changed.id, { tags = { "somebody", "else" } }))
    server:clear()
    local report = assert(run { resume = path "cut.jsonl" })
    assert.equal(#report.records, report.counts.ok)
    assert.equal(2, count "PUT")
    assert.same(again.fields.tags.after, assert(assets:get(again.id)).tags)
    assert.same({ "somebody", "else", "x" }, assert(assets:get(changed.id)).tags)
  end)

  it("of a field that others changed is drift", function()
    local function change() return { description = "mine" } end
    local report = assert(run { change = change })
    local text = journals.unsealed(process.read(report.journal))
    text = text:gsub('[^\n]*"outcome":[^\n]*\n', ""):gsub('{"end"[^\n]*\n', "")
    process.write(path "cut.jsonl", journals.sealed(text))
    assert(assets:update(report.records[3].id, { description = "theirs" }))
    server:clear()
    local resumed = assert(run { resume = path "cut.jsonl", change = change })
    assert.equal("drift", resumed.records[3].status)
    assert.equal(#report.records - 1, resumed.counts.ok)
    assert.equal(0, count "PUT")
  end)
end)

describe("undo", function()
  it("restores all but what others changed, and keeps their edits of other fields", function()
    local before = snapshot()
    local report = assert(run())
    local mine, theirs = report.records[1].id, report.records[2].id
    assert(assets:update(mine, { description = "edited since" }))
    assert(assets:update(theirs, { tags = { "theirs" } }))
    local undone = assert(bulk.run(client, assert(undo.spec(report.journal))))
    assert.equal(1, undone.counts.unchanged)
    assert.equal(#undone.records - 1, undone.counts.ok)
    local after = snapshot()
    assert.same({ "theirs" }, assert(assets:get(theirs)).tags)
    assert.equal("edited since", assert(assets:get(mine)).description)
    before[mine], after[mine], before[theirs], after[theirs] = nil, nil, nil, nil
    assert.same(before, after)
  end)

  it("can itself be undone", function()
    local report = assert(run())
    local done = snapshot()
    local undone = assert(bulk.run(client, assert(undo.spec(report.journal))))
    assert(bulk.run(client, assert(undo.spec(undone.journal))))
    assert.same(done, snapshot())
  end)

  it("of archiving unarchives; of a deletion is refused, its objects are kept", function()
    local all = assert(assets:all { page_size = 3 })
    local ids = { all[1].id, all[2].id }
    local report = assert(run { ids = ids, action = "archive" })
    assert.equal(2, report.counts.ok)
    local undone = assert(bulk.run(client, assert(undo.spec(report.journal))))
    assert.equal(2, undone.counts.ok)
    assert.equal(#all, #assert(assets:all()))
    assert(assets:archive(ids[1]))
    local object = assert(assets:get(ids[1]))
    local deleted = assert(run { ids = { ids[1] }, action = "delete",
      journal = path "delete.jsonl" })
    assert.equal(1, deleted.counts.ok)
    local spec, err = undo.spec(deleted.journal)
    assert.is_nil(spec)
    assert.equal("refused", err.kind)
    assert.same(object, journal.read(deleted.journal):record(1).asset)
  end)
end)

describe("a deletion", function()
  it("takes only archived assets and not too many", function()
    local ids = {}
    for asset in assets:each() do ids[#ids + 1] = asset.id end
    for _, row in ipairs {
      { { ids = { ids[1] } }, "not archived" },
      { { ids = ids, max_delete = 5, allow_unarchived = true }, "at most 5" },
    } do
      local fields = row[1]
      fields.action, fields.journal = "delete", false
      local report, err = run(fields)
      assert.is_nil(report)
      assert.equal("refused", err.kind)
      assert.matches(row[2], err.message)
    end
    assert.equal(0, count "DELETE")
  end)
end)

describe("a plan in a file", function()
  it("is carried out as it was shown, and not where an asset has drifted", function()
    local add_x = add "x"
    local dry = assert(run { dry_run = true, change = function(asset)
      return { tags = add_x(asset).tags, description = "mine" }
    end })
    assert.is_nil(dry.journal)
    local n = assert(planfile.write(path "plan.jsonl", { name = "tag" }, dry))
    assert.equal(#dry.records, n)
    local drifted, tagged = dry.records[3].id, dry.records[4].id
    assert(assets:update(drifted, { description = "theirs" }))
    assert(assets:update(tagged, { tags = { "new" } }))
    local report = assert(bulk.run(client, assert(planfile.spec(path "plan.jsonl"))))
    assert.equal(1, report.counts.drift)
    assert.equal(n - 1, report.counts.ok)
    assert.equal("theirs", assert(assets:get(drifted)).description)
    assert.same({ "new", "x" }, assert(assets:get(tagged)).tags)
  end)
end)

describe("shards", function()
  it("are disjoint, whole and stable whatever the spelling", function()
    local total = 0
    for i = 1, 4 do
      local report = assert(run { dry_run = true, shard = { i, 4 } })
      total = total + #report.records
      for _, record in ipairs(report.records) do
        assert.is_true(shard.holds({ i, 4 }, record.id:upper():gsub("-", "")))
      end
    end
    local whole = assert(run { dry_run = true })
    assert.is_true(#whole.records > 40)
    assert.equal(#whole.records, total)
  end)
end)

describe("the list of runs", function()
  it("distinguishes done from interrupted, and sums shards", function()
    for i = 1, 2 do assert(run { shard = { i, 2 }, journal = path("s" .. i .. ".jsonl") }) end
    local list = runs.list(folder)
    assert.equal(2, #list)
    assert.equal("done", list[1].state)
    local merged = runs.merge(list)
    assert.equal(merged.total, merged.counts.ok)
    local text = process.read(path "s1.jsonl")
    process.write(path "s3.jsonl", text:match("^(.*\n)[^\n]*\n$"))
    assert.equal("interrupted", assert(runs.read(path "s3.jsonl")).state)
  end)
end)

describe("metadata that vanishes from an answer", function()
  it("stops the whole run", function()
    local made = {}
    for i = 1, 30 do
      made[i] = assert(assets:create { name = "m" .. i, mount = "m", tags = {},
        source = { aws = { bucket = "b" } }, custom_metadata = { rig = i } }).id
    end
    server:fault { operation = "update", kind = "drop_custom_metadata", count = -1 }
    local report = assert(run { ids = made, jobs = 1 })
    assert.equal(1, report.counts.conflict)
    assert.equal(29, report.counts.pending)
  end)
end)

describe("errors", function()
  it("stop the run after max_errors; the rest is pending and the counts sum", function()
    server:fault { operation = "update", kind = "status", status = 400, count = -1 }
    local report = assert(run { max_errors = 5, jobs = 2 })
    assert.is_true(report.counts.failed >= 5 and report.counts.failed <= 7)
    assert.equal(#report.records, sum(report.counts))
    assert.equal(report.counts.failed, count "PUT")
  end)
end)
