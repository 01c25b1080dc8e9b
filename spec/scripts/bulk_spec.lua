-- What all bulk commands share: brakes, refusals, notes, outputs that fail.

local deployment = require "deployment"
local process = require "process"

describe("a command over many assets", function()
  local here, a, b

  before_each(function()
    here = deployment.start()
    a = here:asset { name = "first", tags = { "a=b", "x,y", "old" } }
    b = here:asset { name = "second", tags = { "old" } }
  end)
  after_each(function() here:stop() end)

  local function colua(...) return here:run { ... } end
  local function tags_of(id) return { table.unpack(here:tags_of(id)) } end

  it("splits lists at commas, with escapes for a comma and an equals sign", function()
    assert.are.equal(0, colua("tag", b, "--add", "p,q", "--add", "r\\,s", "--yes").status)
    assert.are.same({ "old", "p", "q", "r,s" }, tags_of(b))
    assert.are.equal(0, colua("tag", a, "--replace", "a\\=b=c\\=d", "--remove", "x\\,y,old",
      "--yes").status)
    assert.are.same({ "c=d" }, tags_of(a))
    local odd = colua("tag", a, "--replace", "a=b=c", "--yes")
    assert.are.equal(2, odd.status)
    assert.is_truthy(odd.err:find("write \\= for one that is part of a tag", 1, true), odd.err)
  end)

  it("foretells in a dry run what the run would be refused for", function()
    local result = colua("delete", a, "-n")
    assert.are.equal(6, result.status)
    assert.is_truthy(result.err:find("the run itself would be refused: " .. a .. " is not archived",
      1, true), result.err)
    result = colua("tag", a, b, "--add", "n", "-n", "--max-changes", "1")
    assert.are.equal(6, result.status)
    assert.is_truthy(result.err:find("2 of 2 assets would change, at most 1", 1, true), result.err)
    assert.are.equal(6, colua("tag", a, b, "--add", "n", "--max-changes", "50%", "--yes").status)
    assert.are.same({}, here:written())
    assert.are.equal(2, colua("tag", a, "--add", "n", "--max-changes", "half").status)
  end)

  it("does not select every asset for a blank query", function()
    for _, query in ipairs { "", " ", '""', "tag:" } do
      local result = colua("tag", "--query", query, "--add", "n", "--yes")
      assert.are.equal(2, result.status)
      assert.are.same({}, here:sent())
    end
    assert.are.equal(0, colua("tag", "--all", "--add", "n", "--yes").status)
    assert.are.equal(2, #here:written())
  end)

  it("merges metadata key by key, and replaces it when told", function()
    local assets = here.client.data_assets
    assert(assets:update(a, { custom_metadata = { site = "s", rig = 1 } }))
    colua("update", a, "--custom-metadata", '{"rig":3}', "--yes")
    assert.are.same({ site = "s", rig = 3 }, assets:get(a).custom_metadata)
    colua("update", a, "--custom-metadata", '{"rig":3}', "--replace-metadata", "--yes")
    assert.are.same({ rig = 3 }, assets:get(a).custom_metadata)
  end)

  it("refuses, before any request, a plan that cannot be made; a dry run also a journal", function()
    local EXISTS = { plan = "it exists; remove it or name another\n",
      journal = "it exists; resume it (colua resume) or name another\n" }
    process.write(here.folder .. "/notes", "mine")
    process.shell("ln -s nowhere link", { cwd = here.folder })
    for _, name in ipairs { "notes", "link" } do
      for option, more in pairs { plan = {}, journal = { "--dry-run" } } do
        local result = colua("tag", a, "--add", "n", "--" .. option, name, table.unpack(more))
        assert.are.same({ 6, "", ("colua tag: refused: %s %s: %s"):format(option, name,
          EXISTS[option]) }, { result.status, result.out, result.err })
        assert.are.same({}, here:sent())
      end
    end
    assert.are.equal("mine", process.read(here.folder .. "/notes"))
    local result = colua("tag", a, "--add", "n", "--plan", "none/plan")
    assert.are.same({ 6, "colua tag: refused: plan none/plan: No such file or directory\n" },
      { result.status, result.err })
    assert.are.same({}, here:sent())
  end)

  it("uses an empty journal that a killed run left, and its dry run says the same", function()
    process.shell("umask 077; : > empty", { cwd = here.folder })
    for _, option in ipairs { "--dry-run", "--yes" } do
      local result = colua("tag", a, "--add", "n", "--journal", "empty", option)
      assert.are.equal(0, result.status, result.err)
    end
  end)

  it("shows the whole change in a narrow terminal, and where it goes", function()
    local long = ("word "):rep(40)
    local result = here:type({ "update", a, "--description", long, "--tags", "n,m" },
      { "Go on? [y/N] ", "n" }, 80)
    local shown = result.shown:gsub("[\r\n]", "")
    assert.is_truthy(shown:find('description  +"' .. long, 1, true), result.shown)
    for _, line in ipairs { "tags  -old", "tags  +n", "tags  +m",
      "update 1 asset (", ") on 127.0.0.1:" } do
      assert.is_truthy(result.shown:find(line, 1, true), line)
    end
    assert.are.equal(6, result.status)
    assert.are.same({}, here:written())
  end)

  for what, env in pairs { ["no home"] = { HOME = "", XDG_STATE_HOME = "" },
    ["a home that is none"] = { HOME = "/proc/none", XDG_STATE_HOME = "" } } do
    it("with " .. what .. " for a journal is refused before anything", function()
      local result = here:run({ "tag", a, "--add", "n", "--yes" }, { env = env })
      assert.are.equal(6, result.status)
      assert.is_truthy(result.err:find("--journal names", 1, true), result.err)
      assert.are.equal(1, select(2, result.err:gsub("\n", "")))
      assert.are.same({}, here:sent())
    end)
  end

  it("foretells in a dry run that there can be no journal, as the run says it", function()
    process.write(here.folder .. "/file", "no folder")
    for _, row in ipairs { { env = { HOME = "", XDG_STATE_HOME = "" } },
      { env = { XDG_STATE_HOME = here.folder .. "/file" } },
      { "--journal", "none/run.jsonl" } } do
      local words = { "tag", a, "--add", "n", table.unpack(row) }
      words[#words + 1] = "--dry-run"
      local dry = here:run(words, { env = row.env })
      assert.are.equal(6, dry.status, dry.err)
      words[#words] = "--yes"
      local result = here:run(words, { env = row.env })
      assert.are.equal(6, result.status)
      local why = result.err:match "colua tag: refused: (.*)"
      assert.is_truthy(dry.err:find("the run itself would be refused: " .. why, 1, true), dry.err)
      words[#words] = "--plan=plan"
      assert.are.equal(0, here:run(words, { env = row.env }).status)
      os.remove(here.folder .. "/plan")
    end
    local create = here:run({ "create", "--name=n", "--bucket=b", "--tags=t", "--dry-run" },
      { env = { HOME = "", XDG_STATE_HOME = "" } })
    assert.are.equal(6, create.status, create.err)
    assert.is_truthy(create.err:find("nor HOME names a folder", 1, true), create.err)
    assert.are.same({}, here:written())
    assert.is_nil(process.shell("ls " .. here.folder).out:find "none")
  end)

  it("leaves a file alone that is not a journal of its own", function()
    local notes = process.write(here.folder .. "/notes.json", '{"mine":1}\nno final newline')
    os.execute("chmod 600 " .. notes)
    for _, words in ipairs { { "tag", a, "--add", "n", "--yes", "--journal", "notes.json" },
      { "resume", "notes.json" }, { "undo", "notes.json", "--yes" }, { "runs", "notes.json" },
      { "tag", a, "--add", "n", "--plan", "notes.json" } } do
      assert.is_true(here:run(words).status ~= 0)
      assert.are.equal('{"mine":1}\nno final newline', process.read(notes))
    end
    assert.are.same({}, here:written())
  end)

  it("keeps a plan to its owner, and refuses one that is cut, damaged or newer", function()
    assert.are.equal(0, colua("tag", a, b, "--add", "n", "--plan", "plan.jsonl").status)
    local path = here.folder .. "/plan.jsonl"
    assert.are.equal("600\n", process.shell("stat -c %a " .. path).out)
    local text = process.read(path)
    local lines = {}
    for line in text:gmatch "[^\n]+\n" do lines[#lines + 1] = line end
    assert.are.equal(3, #lines)
    for changed, expected in pairs {
      [lines[1] .. lines[2]] = "it is cut: 1 of its 2 changes are there",
      [lines[1] .. lines[2] .. '{"id":3}\n'] = "line 3 is damaged",
      [lines[1]:gsub('"plan":2', '"plan":9') .. lines[2]] = "a newer colua wrote it",
      [lines[1] .. lines[2]:gsub('"before":%b[]', '"before":7') .. lines[3]] = "line 2 is damaged",
    } do
      process.write(path, changed)
      local result = colua("apply", "plan.jsonl", "--yes")
      assert.is_truthy(result.err:find(expected, 1, true), result.err)
      assert.are.equal(1, select(2, result.err:gsub("\n", "")))
      assert.are.same({}, here:sent())
    end
  end)

  it("reports what was done though its rows cannot be written", function()
    for _, target in ipairs { "> /dev/full", "| head -c 1 > /dev/null" } do
      local line = ("%s tag %s %s --add n --yes --note %d %s"):format(
        process.quote(process.colua), a, b, #target, target)
      local result = process.run("sh", { "-c", line }, { cwd = here.folder,
        env = here:environment() })
      assert.is_truthy(result.err:find("2 selected: 2 ", 1, true), result.err)
      assert.is_nil(result.err:find("traceback", 1, true))
    end
  end)
end)

describe("a run of colua tag that gets SIGHUP", function()
  it("ends in good order, unless it is to outlive the terminal", function()
    local here = deployment.start { seed = 20, ready_after = 0 }
    finally(function() here:stop() end)
    here.server:fault { kind = "delay", operation = "update", seconds = 0.2, count = -1 }
    local finish = here:begin { "tag", "--all", "--add", "n", "--yes", "--jobs", "2" }
    repeat here.server:wait(0.01) until #here:written() > 0
    local result = finish "HUP"
    assert.are.equal(130, result.status, result.err)
    assert.is_truthy(result.err:find("selected: %d+ ok, %d+ pending"), result.err)
    assert.is_truthy(result.err:find("colua resume %x+ goes on"), result.err)
  end)
end)
