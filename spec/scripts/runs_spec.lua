-- colua runs, undo, resume, apply: what can be done with a run's journal and with a plan.

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

  it("undoes the run, after a look, and leaves alone what others changed", function()
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

  it("that was cut is gone on with by the command that it names", function()
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

  it("that is none, or is not there, is named", function()
    process.write(here.folder .. "/notes.txt", "hello\n")
    for _, command in ipairs { "undo", "resume" } do
      assert.matches("no journal of a bulk run", colua(command, "notes.txt").err)
      local missing = colua(command, "nowhere.jsonl")
      assert.matches("No such file", missing.err)
      assert.is_true(missing.status ~= 0)
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
