-- colua resume of users' scripts: it writes only what was confirmed, and continues only the run
-- that was interrupted.

local deployment = require "deployment"
local journals = require "journals"
local process = require "process"

describe("colua resume of a script", function()
  local here, ids

  before_each(function()
    here, ids = deployment.start(), {}
    for i = 1, 4 do ids[i] = here:asset { name = "asset " .. i, tags = { "old" } } end
  end)
  after_each(function() here:stop() end)

  local function colua(...) return here:run { ... } end

  local function write(name, text)
    return process.write(here.folder .. "/" .. name, text)
  end

  local function cut(name, lines) journals.cut(here.folder .. "/" .. name, lines) end

  local function tags(i) return table.concat(here:tags_of(ids[i]), " ") end

  -- Nothing is written yet; the runs of the script are cut after their selection.
  local SCRIPT = [[
    local bulk, codeocean = require "codeocean.bulk", require "codeocean"
    local client = assert(codeocean.client())
    local function add(tag)
      return function(asset)
        return { tags = require "codeocean.tags".change(asset.tags, { add = { tag } }) }
      end
    end
  ]]

  it("does not delete what another run of it selected", function()
    local script = write("clean.lua", SCRIPT .. ([[
      local first = bulk.run(client, { select = { query = "tag:scratch" }, action = "delete",
        journal = arg[1] and "again.jsonl" or "first.jsonl" })
      local second = bulk.run(client, { ids = { "%s" }, change = add "new",
        journal = "second.jsonl" })
      print(second and second.counts.ok)
    ]]):format(ids[1]))
    assert.are.equal("1\n", here:run({ script }).out)
    cut("second.jsonl", 3)
    assert(here.client.data_assets:update(ids[1], { tags = { "old" } }))
    assert(here.client.data_assets:archive(ids[2]))
    assert(here.client.data_assets:update(ids[2], { tags = { "scratch" } }))
    process.shell("rm first.jsonl", { cwd = here.folder })
    local result = colua("resume", "second.jsonl")
    assert.are.same({}, here:written(), result.err)
    assert.are.equal(ids[2], here.client.data_assets:get(ids[2]).id)
    assert.is_truthy(result.err:find("there is no terminal to ask on", 1, true))
  end)

  it("resumes the run at the same position, and confirms what it plans", function()
    local script = write("two.lua", SCRIPT .. ([[
      for i, group in ipairs { { "%s", "%s" }, { "%s", "%s" } } do
        assert(bulk.run(client, { ids = group, change = add("group-" .. i),
          journal = "run-" .. i .. ".jsonl" }))
      end
    ]]):format(ids[1], ids[2], ids[3], ids[4]))
    assert.are.equal(0, here:run({ script }).status)
    cut("run-2.jsonl", 4)
    for i = 3, 4 do assert(here.client.data_assets:update(ids[i], { tags = { "old" } })) end
    local refused = colua("resume", "run-2.jsonl")
    assert.is_truthy(refused.err:find("run%-1.jsonl: it exists"), refused.err)
    assert.are.equal("old", tags(3))
    process.shell("mv run-1.jsonl kept.jsonl", { cwd = here.folder })
    local result = colua("resume", "run-2.jsonl", "--yes")
    assert.are.equal(0, result.status, result.err)
    assert.are.same({ "old group-1", "old group-1", "old group-2", "old group-2" },
      { tags(1), tags(2), tags(3), tags(4) })
  end)

  it("skips by the --where of the command that was interrupted", function()
    assert.are.equal(0, colua("tag", ids[1], ids[2], ids[3], ids[4], "--where",
      "match(name, '[12]$')", "--add", "new", "--journal", "run.jsonl", "--yes").status)
    cut("run.jsonl", 3)
    for i = 1, 2 do assert(here.client.data_assets:update(ids[i], { tags = { "old" } })) end
    local result = colua("resume", "run.jsonl", "--yes")
    assert.are.equal(0, result.status, result.err)
    assert.are.same({ "old new", "old new", "old", "old" }, { tags(1), tags(2), tags(3), tags(4) })
  end)

  it("finishes a run of bulk.main without a name, however the script was named", function()
    write("unnamed.lua", SCRIPT .. ([[
      os.exit(bulk.main(client, { ids = { "%s", "%s" }, change = add "new" }))
    ]]):format(ids[1], ids[2]))
    for i, name in ipairs { "unnamed.lua", "./unnamed.lua", here.folder .. "/unnamed.lua" } do
      local journal = "run-" .. i .. ".jsonl"
      assert.are.equal(0, colua(name, "--yes", "--journal", journal).status)
      cut(journal, 3)
      for k = 1, 2 do assert(here.client.data_assets:update(ids[k], { tags = { "old" } })) end
      local words = { "resume", here.folder .. "/" .. journal, "--yes" }
      local result = process.run(process.colua, words,
        { cwd = "/", env = here:environment() })
      assert.are.equal(0, result.status, result.err)
      assert.are.same({ "old new", "old new" }, { tags(1), tags(2) })
    end
  end)

  it("refuses a run that became another one", function()
    local text = SCRIPT .. [[
      assert(bulk.run(client, { ids = { "%s" }, name = arg[1] or "mine", change = add "new",
        journal = "run.jsonl" }))
    ]]
    local script = write("mine.lua", text:format(ids[1]))
    here:run { script }
    cut("run.jsonl", 3)
    for _, edit in ipairs { { ids[1], ids[2] }, { '"mine"', '"yours"' } } do
      write("mine.lua", (text:format(ids[1]):gsub(edit[1]:gsub("%-", "%%-"), edit[2])))
      local result = colua("resume", "run.jsonl", "--force", "--yes")
      assert.is_truthy(result.status ~= 0)
      assert.is_truthy((result.err):find("is of another run", 1, true), result.err)
      assert.are.same({}, here:written())
    end
  end)

  it("works from another folder on the files it read, unless one changed", function()
    write("ids.txt", ids[1] .. "\n" .. ids[2] .. "\n")
    local script = write("list.lua", SCRIPT .. [[
      local list = {}
      for i, row in ipairs(require "codeocean.ids".load "ids.txt") do list[i] = row.id end
      assert(bulk.run(client, { ids = list, change = add "new", journal = "run.jsonl" }))
    ]])
    assert.are.equal(0, here:run({ script }).status)
    cut("run.jsonl", 4)
    for i = 1, 2 do assert(here.client.data_assets:update(ids[i], { tags = { "old" } })) end
    local elsewhere = process.folder()
    finally(function() process.clean(elsewhere) end)
    local home = here.folder
    local function from_there(...)
      return process.run(process.colua, { "resume", home .. "/run.jsonl", "--yes", ... },
        { env = here:environment(), cwd = elsewhere })
    end
    write("ids.txt", ids[3] .. "\n")
    local refused = from_there()
    assert.are.equal(6, refused.status)
    assert.is_truthy(refused.err:find("ids.txt has changed since", 1, true), refused.err)
    write("ids.txt", ids[1] .. "\n" .. ids[2] .. "\n")
    local result = from_there()
    assert.are.equal(0, result.status, result.err)
    assert.are.same({ "old new", "old new", "old" }, { tags(1), tags(2), tags(3) })
  end)

  -- A script that also writes outside its bulk run, and in its change.
  local function mixed_script()
    return write("mixed.lua", SCRIPT .. ([[
      local function direct(i, id)
        local asset, err = client.data_assets:update(id, { description = "direct" })
        print(i, asset and "sent" or err.kind, err and err.outcome)
        if err then io.stderr:write(tostring(err), "\n") end
      end
      direct(1, "%s")
      assert(bulk.run(client, { ids = { "%s", "%s" }, journal = "run.jsonl", jobs = 1,
        change = function(asset)
          direct(2, "%s")
          return add "new" (asset)
        end }))
      direct(3, "%s")
    ]]):format(ids[4], ids[1], ids[2], ids[4], ids[4]))
  end

  it("sends no write outside a bulk run again, and says so", function()
    local script = mixed_script()
    assert.are.equal("1\tsent\tnil\n2\tsent\tnil\n2\tsent\tnil\n3\tsent\tnil\n",
      here:run({ script }).out)
    cut("run.jsonl", 6) -- behind the outcome of the first
    assert(here.client.data_assets:update(ids[2], { tags = { "old" } }))
    assert(here.client.data_assets:update(ids[4], { description = "theirs" }))
    here:mark()
    local result = colua("resume", "run.jsonl", "--yes")
    assert.are.equal("1\trefused\tnot_sent\n2\trefused\tnot_sent\n3\trefused\tnot_sent\n",
      result.out)
    assert.are.equal("update " .. ids[4] .. ": refused: outside a bulk run, and " .. script
      .. " runs again: it may have been done before. Take it out of the script and resume with "
      .. "--force, or run the script itself", result.err:match "^[^\n]+")
    assert.are.same({ ('PUT /data_assets/%s {"name":"asset 2","description":"",'
      .. '"tags":["old","new"],"mount":"asset 2"}'):format(ids[2]) }, here:written())
    assert.are.equal("theirs", here.client.data_assets:get(ids[4]).description)
    assert.are.equal("old new", tags(2))
  end)

  it("writes nothing in a dry run, whatever the script does", function()
    local script = mixed_script()
    assert.are.equal(0, here:run({ script }).status)
    cut("run.jsonl", 6)
    assert(here.client.data_assets:update(ids[2], { tags = { "old" } }))
    local text = process.read(here.folder .. "/run.jsonl")
    here:mark()
    local result = colua("resume", "run.jsonl", "--yes", "--dry-run")
    assert.are.equal("1\tdry_run\tnot_sent\n2\tdry_run\tnot_sent\n3\tdry_run\tnot_sent\n",
      result.out, result.err)
    assert.are.same({ {}, text }, { here:written(), process.read(here.folder .. "/run.jsonl") })
  end)

  it("asks about its other runs too, though they have a confirm of their own", function()
    local script = write("two.lua", SCRIPT .. ([[
      for i, group in ipairs { { "%s", "%s" }, { "%s" } } do
        local report = assert(bulk.run(client, { ids = group, change = add("group-" .. i),
          journal = i == 1 and "run.jsonl" or false, jobs = 1, confirm = function()
            print("own", i)
            return true
          end }))
        print(i, report.refused and "refused" or report.counts.ok)
      end
    ]]):format(ids[1], ids[2], ids[3]))
    assert.are.equal("own\t1\n1\t2\nown\t2\n2\t1\n", here:run({ script }).out)
    cut("run.jsonl", 4) -- nothing is confirmed
    for i = 1, 3 do assert(here.client.data_assets:update(ids[i], { tags = { "old" } })) end
    here:mark()
    process.write(here.folder .. "/run.jsonl", (process.read(here.folder .. "/run.jsonl")
      :gsub('[^\n]*"plan".*$', "")))
    local result = colua("resume", "run.jsonl")
    assert.are.equal("1\trefused\n2\trefused\n", result.out, result.err)
    assert.are.same({}, here:written())
    assert.are.equal("own\t1\n1\t2\nown\t2\n2\t1\n", colua("resume", "run.jsonl", "--yes").out)
  end)

  it("compares the script again if it was killed at the prompt after --force", function()
    local text = SCRIPT .. ([[
      assert(bulk.run(client, { ids = { "%s", "%s" }, journal = "run.jsonl", jobs = 1,
        change = add "new" }))
    ]]):format(ids[1], ids[2])
    write("mine.lua", text)
    assert.are.equal(0, here:run({ here.folder .. "/mine.lua" }).status)
    cut("run.jsonl", 4)
    for i = 1, 2 do assert(here.client.data_assets:update(ids[i], { tags = { "old" } })) end
    write("mine.lua", (text:gsub('"new"', '"edited"')))
    here:mark()
    colua("resume", "run.jsonl", "--force") -- nobody answers; a kill leaves what stands before
    local journal = here.folder .. "/run.jsonl"
    local asked, cuts = process.read(journal):gsub('[^\n]*"refused":.*$', "")
    assert.are.equal(1, cuts)
    assert.is_truthy(asked:find('"forced":true', 1, true) and asked:find '"plan":2', asked)
    process.write(journal, asked)
    local plain = colua("resume", "run.jsonl", "--yes")
    assert.are.equal(6, plain.status, plain.err)
    assert.is_truthy(plain.err:find("mine.lua has changed since", 1, true), plain.err)
    assert.are.same({}, here:written())
    write("mine.lua", text) -- as it was: what the edited one planned does not count
    local result = colua("resume", "run.jsonl", "--yes")
    assert.are.equal(0, result.status, result.err)
    assert.are.same({ "old new", "old new" }, { tags(1), tags(2) })
  end)

  it("needs no script for what is planned and confirmed", function()
    local script = write("gone.lua", SCRIPT .. ([[
      assert(bulk.run(client, { ids = { "%s", "%s" }, change = add "new", journal = "run.jsonl",
        confirm = function() return true end }))
    ]]):format(ids[1], ids[2]))
    assert.are.equal(0, here:run({ script }).status)
    cut("run.jsonl", 6)
    os.remove(script)
    for i = 1, 2 do
      assert(here.client.data_assets:update(ids[i], { tags = { "theirs" } }))
    end
    local result = colua("resume", "run.jsonl")
    assert.are.equal(0, result.status, result.err)
    assert.are.same({ "theirs new", "theirs new" }, { tags(1), tags(2) })
  end)
end)

describe("colua resume of a command", function()
  local here, ids

  before_each(function()
    here, ids = deployment.start(), {}
    for i = 1, 3 do ids[i] = here:asset { name = "asset " .. i, tags = { "old" } } end
  end)
  after_each(function() here:stop() end)

  local function journal()
    return process.shell("ls " .. here.folder .. "/state/colua/runs/*").out:match "^[^\n]+"
  end

  it("needs neither its input nor its folder, and accepts its short name", function()
    local list = table.concat(ids, "\n") .. "\n"
    assert.are.equal(0, here:run({ "tag", "-", "--add", "new", "--yes", "--note", "why" },
      { stdin = list }).status)
    local path = journal()
    journals.cut(path, 4)
    for _, id in ipairs(ids) do assert(here.client.data_assets:update(id, { tags = { "t" } })) end
    local short = path:match "%-(%x+)%.jsonl$"
    local result = here:run { "resume", short }
    assert.are.equal(0, result.status, result.err)
    for _, id in ipairs(ids) do
      assert.are.same({ "t", "new" }, { table.unpack(here:tags_of(id)) })
    end
    local listed = here:run { "runs", "--fields", "run,state,program,note" }
    assert.are.equal(("run\tstate\tprogram\tnote\n%s\tdone\tcolua tag\twhy\n"):format(short),
      listed.out)
  end)

  it("of `last` is of the newest run that is not done, none older than a refused one", function()
    assert.are.equal(0, here:run({ "tag", ids[1], ids[2], "--add", "new", "--yes" }).status)
    local path = journal()
    journals.cut(path, 4)
    for _, id in ipairs(ids) do assert(here.client.data_assets:update(id, { tags = { "t" } })) end
    assert.are.equal(6, here:run({ "tag", ids[3], "--add", "other" }).status)
    here:mark()
    local refused = here:run { "resume", "last", "--yes" }
    assert.are.equal(6, refused.status)
    assert.is_truthy(refused.err:find("was refused and wrote nothing", 1, true), refused.err)
    assert.are.same({}, here:written())
    assert.are.equal(0, here:run({ "tag", ids[3], "--add", "other", "--yes" }).status)
    local result = here:run { "resume", "last" }
    assert.are.equal(0, result.status, result.err)
    assert.is_truthy(result.err:find("the last run to resume: " .. path:match "%-(%x+)%.jsonl$"
      .. " (tag), started ", 1, true), result.err)
    assert.are.same({ "t", "new" }, { table.unpack(here:tags_of(ids[1])) })
    local none = here:run { "resume", "last" }
    assert.are.equal(6, none.status)
    assert.is_truthy(none.err:find("is left to resume", 1, true), none.err)
  end)

  it("reports that the run was undone since", function()
    here:run { "tag", ids[1], "--add", "new", "--yes" }
    assert.are.equal(0, here:run({ "undo", "last", "--yes" }).status)
    local first = process.shell("ls " .. here.folder .. "/state/colua/runs/*-tag-*").out:match "%S+"
    local result = here:run { "resume", first }
    assert.are.equal(6, result.status)
    assert.is_truthy(result.err:find("was undone since", 1, true), result.err)
    local listed = here:run { "runs", "--fields", "name,state" }
    assert.are.equal("name\tstate\nundo-tag\tdone\ntag\tundone\n", listed.out)
  end)

  it("leaves the journals that it lists as they are", function()
    here:run { "tag", ids[1], "--add", "new", "--yes" }
    local path = journal()
    process.write(path, process.read(path) .. '{"torn')
    os.execute("touch -d 2020-01-01 " .. path)
    local before = process.shell("stat -c '%Y %s' " .. path).out
    assert.are.equal(0, here:run({ "runs" }).status)
    assert.are.equal(before, process.shell("stat -c '%Y %s' " .. path).out)
  end)

  it("of creates foretells in a dry run what is there, and what would be created", function()
    process.write(here.folder .. "/sheet.csv", "name,bucket,prefix\nn1,b,1/\nn2,b,2/\nn3,b,3/\n")
    local made = here:run { "create", "--from", "sheet.csv", "--yes", "--jobs", "1", "--journal",
      "run.jsonl", "--fields", "id" }
    assert.are.equal(0, made.status, made.err)
    local third = made.out:match "(%S+)\n$"
    assert(here.client.data_assets:archive(third))
    assert(here.client.data_assets:delete(third))
    local path = here.folder .. "/run.jsonl"
    journals.cut(path, 9)
    assert.is_truthy(process.read(path):find('"intent":2[^\n]+\n$'), process.read(path))
    here:mark()
    local text = process.read(path)
    local foretold = here:run { "resume", "run.jsonl", "--dry-run", "--fields", "name" }
    assert.are.equal("name\nn1\nn2\nn3\n", foretold.out)
    assert.is_truthy(foretold.err:find("3 requests: 1 created, 1 adopted, 1 would be created", 1,
      true), foretold.err)
    assert.are.same({ {}, text }, { here:written(), process.read(path) })
    local result = here:run { "resume", "run.jsonl" }
    assert.is_truthy(result.err:find("3 requests: 2 created, 1 adopted", 1, true), result.err)
    local written = here:written()
    assert.are.equal(1, #written)
    assert.is_truthy(written[1]:find '^POST /data_assets {.*"name":"n3"', written[1])
  end)

  it("is refused to a second one", function()
    here:run { "tag", ids[1], "--add", "new", "--yes", "--journal", "run.jsonl" }
    local result = process.run("flock", { "run.jsonl", process.colua, "resume", "run.jsonl" },
      { cwd = here.folder, env = here:environment() })
    assert.are.equal(6, result.status)
    assert.is_truthy(result.err:find("another process is writing it", 1, true), result.err)
  end)

  it("of a rehearsal has a folder of its own", function()
    local file = here.folder .. "/estate.db"
    local result = here:run({ "tag", "--all", "--limit", "2", "--add", "x", "--yes" },
      { before = { "--sandbox=" .. file } })
    assert.are.equal(0, result.status, result.err)
    assert.are.equal("", process.shell("ls " .. here.folder .. "/state/colua/runs 2>/dev/null").out)
    assert.is_truthy(process.shell("ls " .. here.folder .. "/state/colua/rehearsals").out
      :find("-tag-", 1, true))
    local undone = here:run({ "undo", "last", "--yes" }, { before = { "--sandbox=" .. file } })
    assert.are.equal(0, undone.status, undone.err)
    local other = here:run({ "undo", "last", "--yes" }, { before = { "--sandbox" } })
    assert.are.equal(6, other.status, other.err)
  end)
end)
