-- colua runs, undo, resume and apply with the journal of a run or a plan.

local deployment = require "deployment"
local journals = require "journals"
local json = require "codeocean.json"
local process = require "process"

describe("a run's journal", function()
  local here, ids

  before_each(function()
    here, ids = deployment.start(), {}
    for i = 1, 3 do ids[i] = here:asset { name = "asset " .. i, tags = { "old" } } end
  end)
  after_each(function() here:stop() end)

  local function colua(...) return here:run { ... } end

  local function tag(...)
    local result = colua("tag", ids[1], ids[2], ids[3], "--add", "new", "--yes", ...)
    return result, result.err:match("journal: (%S+)")
  end

  local function tags() return table.concat(here:tags_of(ids[1]), " ") end

  it("is listed with what came of the run", function()
    local _, path = tag()
    local listed = colua("runs", "--json")
    assert.equal(0, listed.status)
    local run = json.decode(listed.out)[1]
    assert.equal(path, run.path)
    assert.equal("done", run.state)
    assert.equal("tag", run.name)
    assert.equal(3, run.counts.ok)
    assert.equal(0, #here:sent())
  end)

  it("is shown: who, why, each change and what failed, as rows and as a page", function()
    assert(here.client.data_assets:archive(ids[3]))
    assert(here.client.data_assets:delete(ids[3]))
    tag("--note", "<b>why</b>")
    local rows = colua("runs", "show", "last", "--fields", "status,name,change")
    assert.equal(0, rows.status, rows.err)
    assert.equal("status\tname\tchange\nok\tasset 1\t+new\nok\tasset 2\t+new\nmissing\t\t",
      rows.out:match "^.-missing\t\t")
    for _, part in ipairs { ": tag, done, 1 missing, 2 ok\n", "why: <b>why</b>\n",
      "program: colua tag " .. ids[1], "deployment: " .. here.client.host } do
      assert.is_truthy(rows.err:find(part, 1, true), rows.err)
    end
    local page = colua("runs", "show", "last", "--html", "--output", "run.html")
    assert.equal(0, page.status, page.err)
    local text = process.read(here.folder .. "/run.html")
    for _, part in ipairs { "&lt;b&gt;why&lt;/b&gt;", ids[1], ids[3], "tags  +new", "missing" } do
      assert.is_truthy(text:find(part, 1, true), part)
    end
    assert.equal(text .. "\n", colua("runs", "show", "last", "--html").out)
    assert.same({}, here:sent())
  end)

  it("is shown by exactly one name, and refused in a line if there is no run", function()
    for _, words in ipairs { { "show" }, { "show", "a", "b" }, { "--html" } } do
      assert.equal(2, colua("runs", table.unpack(words)).status)
    end
    local none = colua("runs", "show", "last")
    assert.equal(6, none.status)
    assert.is_truthy(none.err:find("there is no run yet", 1, true), none.err)
  end)

  it("or a plan that does not exist is a wrong argument, reported once", function()
    for _, name in ipairs { "nosuch", "./no/such" } do
      local problem = ("no run and no file is called '%s'; colua runs lists the runs"):format(name)
      for _, words in ipairs { { "undo" }, { "resume" }, { "runs" }, { "runs", "show" } } do
        words[#words + 1] = name
        local result = colua(table.unpack(words))
        local line = ("colua %s: %s (see colua %s --help)\n"):format(words[1], problem, words[1])
        assert.same({ 2, line }, { result.status, result.err })
      end
      local applied = colua("apply", name)
      assert.same({ 2, ("colua apply: plan %s: no such file; --plan of a command writes one\n")
        :format(name) }, { applied.status, applied.err })
    end
    assert.same({}, here:sent())
  end)

  it("that selected nothing is listed as such", function()
    assert.equal(0, colua("tag", "--query", "tag:nobody", "--add", "new", "--yes").status)
    local listed = colua("runs", "--fields", "state,total,counts")
    assert.equal("state\ttotal\tcounts\ndone\t0\tnothing selected\n", listed.out)
    local run = json.decode(colua("runs", "--json").out)[1]
    assert.same({ "done", 0 }, { run.state, run.total })
    for _, n in pairs(run.counts) do assert.equal(0, n) end
    assert.equal(6, colua("undo", "last").status)
    assert.equal(6, colua("resume", "last").status)
  end)

  it("interrupted before its ids stood in it is not begun, and resume passes over it", function()
    local _, older = tag()
    journals.cut(older, 4)
    local _, path = tag("--add", "another")
    journals.cut(path, 2)
    process.write(here.folder .. "/new.jsonl", '{"name":"a","mount":"a","tags":["t"],"source":'
      .. '{"aws":{"bucket":"open-neuro"}}}')
    assert.equal(0, colua("create", "--from", "new.jsonl", "--yes").status)
    local creates = process.shell("ls " .. here.folder .. "/state/colua/runs/*-create-*").out
    journals.cut(creates:match "%S+", 2)
    local listed = colua("runs", "--fields", "name,state")
    assert.equal("name\tstate\ncreate\tnot begun\ntag\tnot begun\ntag\tinterrupted\n", listed.out)
    local result = colua("resume", "last")
    assert.equal(0, result.status, result.err)
    assert.is_truthy(result.err:find("the last run to resume: " .. older:match "%-(%x+)%.jsonl$", 1,
      true), result.err)
    result = colua("resume", "last")
    assert.equal(6, result.status)
    assert.is_truthy(result.err:find("is left to resume", 1, true), result.err)
    local named = colua("resume", path)
    assert.equal(6, named.status)
    assert.is_truthy(named.err:find("nothing was sent; run it again", 1, true), named.err)
  end)

  it("is of a deployment that goes by its profile, or by its first label", function()
    process.shell("mkdir -p state/colua/runs", { cwd = here.folder })
    local fields = { { deployment = "acmecorp.codeocean.com" },
      { deployment = "acmecorp.codeocean.com", profile = "lab" },
      { deployment = "127.0.0.1:8080", estate = "abc" }, { deployment = "10.0.0.1:8080" } }
    for i, header in ipairs(fields) do
      header.name, header.action = "n", "update"
      process.write(("%s/state/colua/runs/2026-n-00000%d.jsonl"):format(here.folder, 9 - i),
        journals.text(header))
    end
    local listed = here:shell("colua runs --fields deployment", { on_terminal = true }).out
    local found = {}
    for line in listed:gmatch "[^\r\n]+" do found[#found + 1] = line:match "^%s*(.-)%s*$" end
    assert.same({ "DEPLOYMENT", "acmecorp", "lab", "sandbox", "10.0.0.1" }, found)
    assert.equal("acmecorp.codeocean.com", json.decode(colua("runs", "--json").out)[1].deployment)
  end)

  it("of shards is summed", function()
    local files = {}
    for i = 1, 2 do
      files[i] = here.folder .. "/shard-" .. i .. ".jsonl"
      assert.equal(0, (tag("--shard", i .. "/2", "--journal", files[i])).status)
    end
    local sum = json.decode(colua("runs", "--merge", "--json", files[1], files[2]).out)[1]
    assert.equal(3, sum.total)
    assert.equal(3, sum.counts.ok)
  end)

  it("undoes the run after a preview, and leaves alone what others changed", function()
    local _, path = tag()
    local look = colua("undo", path, "--dry-run")
    assert.equal(0, look.status)
    assert.matches("~\t" .. ids[1]:gsub("%-", "%%-") .. "\tasset 1\t%-new", look.out)
    assert.equal("old new", tags())
    assert(here.client.data_assets:update(ids[2], { tags = { "theirs", "new", "old" } }))
    local undone = colua("undo", path, "--yes")
    assert.equal(0, undone.status)
    assert.matches("3 ok", undone.err)
    assert.equal("old", tags())
    assert.same({ "theirs", "old" }, { table.unpack(here:tags_of(ids[2])) })
  end)

  it("that was interrupted is resumed by the command that it names", function()
    local _, path = tag()
    local lines = {}
    for line in journals.unsealed(process.read(path)):gmatch "[^\n]+" do
      if not line:find '"outcome":3' and not line:find '"end"' and not line:find '"intent":3' then
        lines[#lines + 1] = line
      end
    end
    process.write(path, journals.sealed(table.concat(lines, "\n")))
    assert(here.client.data_assets:update(ids[3], { tags = { "old" } }))
    assert.equal("interrupted", json.decode(colua("runs", "--json").out)[1].state)
    local resumed = colua("resume", path)
    assert.equal(0, resumed.status)
    assert.matches("3 selected: 3 ok", resumed.err)
    assert.same({ "old", "new" }, { table.unpack(here:tags_of(ids[3])) })
    assert.equal("done", json.decode(colua("runs", "--json").out)[1].state)
  end)

  it("of another deployment is refused", function()
    local _, path = tag()
    process.write(path, journals.sealed((journals.unsealed(process.read(path))
      :gsub('"deployment":"[^"]+"', '"deployment":"elsewhere.example"'))))
    for _, command in ipairs { "undo", "resume" } do
      local result = colua(command, path)
      assert.equal(6, result.status)
      assert.matches("elsewhere.example", result.err)
    end
    assert.equal("old new", tags())
  end)

  it("of a script that has changed since needs --force", function()
    local script = process.write(here.folder .. "/mine.lua", [[
      local bulk, codeocean = require "codeocean.bulk", require "codeocean"
      local report = assert(bulk.run(assert(codeocean.client()), { name = "mine", select = {},
        all = true, journal = "mine.jsonl", change = function() return { tags = { "mine" } } end }))
      print(report.counts.ok)
    ]])
    assert.equal("3\n", here:run({ script }).out)
    local cut = here.folder .. "/mine.jsonl"
    process.write(cut, (process.read(cut):gsub('[^\n]*"intent".*$', "")))
    process.write(script, process.read(script) .. "\n-- edited")
    assert(here.client.data_assets:update(ids[1], { tags = {} }))
    local refused = colua("resume", "mine.jsonl")
    assert.equal(6, refused.status)
    assert.matches("has changed since", refused.err)
    local forced = colua("resume", "--force", "mine.jsonl")
    assert.matches("nothing was written", forced.err)
    assert.equal("", tags())
    local after_no = colua("resume", "mine.jsonl")
    assert.equal(6, after_no.status)
    assert.matches("has changed since", after_no.err)
    assert.same({}, here:written())
    local confirmed = colua("resume", "--force", "mine.jsonl", "--yes")
    assert.equal(0, confirmed.status, confirmed.err)
    assert.equal("mine", tags())
  end)

  it("that is another file, or does not exist, is refused by name", function()
    process.write(here.folder .. "/notes.txt", "hello\n")
    for _, command in ipairs { "undo", "resume" } do
      assert.matches("not a journal of a bulk run", colua(command, "notes.txt").err)
      assert.equal(2, colua(command, "nowhere.jsonl").status)
    end
  end)
end)

describe("a plan", function()
  local here, id

  before_each(function()
    here = deployment.start()
    id = here:asset { name = "planned", tags = { "a" } }
  end)
  after_each(function() here:stop() end)

  it("is written without a write, and carried out as it was shown", function()
    local made = here:run { "tag", id, "--add", "b", "--plan", "plan.jsonl" }
    assert.equal(0, made.status)
    assert.same({ "a" }, { table.unpack(here:tags_of(id)) })
    local applied = here:run { "apply", "plan.jsonl", "--yes" }
    assert.equal(0, applied.status)
    assert.same({ "a", "b" }, { table.unpack(here:tags_of(id)) })
  end)

  it("merges what somebody tagged since, and refuses a field that drifted", function()
    here:run { "tag", id, "--add", "b", "--plan", "tags.jsonl" }
    here:run { "update", id, "--description", "mine", "--plan", "text.jsonl" }
    assert(here.client.data_assets:update(id, { tags = { "c" }, description = "theirs" }))
    assert.equal(0, here:run({ "apply", "tags.jsonl", "--yes" }).status)
    assert.same({ "c", "b" }, { table.unpack(here:tags_of(id)) })
    assert.equal(3, here:run({ "apply", "text.jsonl", "--yes" }).status)
    assert.equal("theirs", here.client.data_assets:get(id).description)
  end)
end)
