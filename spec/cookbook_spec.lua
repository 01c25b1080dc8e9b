-- Runs the jobs of docs/cookbook.md on a sandbox, in a pipe and on a terminal; checks the assets.

local codeocean = require "codeocean"
local deployment = require "deployment"
local ids = require "codeocean.ids"
local process = require "process"
local tags = require "codeocean.tags"

local PAGE, FOLDER = "docs/cookbook.md", "docs/cookbook/"
local LONGEST_SCRIPT, LONGEST_PAGE = 20, 400
local ESTATE, SHARDED, SHARDS = 30, 100, 8
local YEAR = 365 * 24 * 60 * 60

-- The page ---------------------------------------------------------------------------------------

-- The title of a section, the files that it shows, {name, target, kind, body}, and its commands,
-- {command, shown}.
local function read_section(text)
  local section = { title = text:match "^[%d. ]*([^\n]*)", files = {}, turns = {} }
  for name, target, kind, body in text:gmatch(
    "\n%[cookbook/(%S-)%]%(cookbook/(%S-)%)\n\n```(%l+)\n(.-\n)```\n") do
    section.files[#section.files + 1] = { name = name, target = target, kind = kind, body = body }
  end
  for body in text:gmatch("\n```console\n(.-\n)```\n") do
    body = body:gsub("\\\n", " ")
    for command, shown in body:gmatch("%$ ([^\n]*\n)([^$]*)") do
      section.turns[#section.turns + 1] = { command = command, shown = shown }
    end
  end
  return section
end

local page, sections = process.read(PAGE), {}
for text in page:gsub("\n## ", "\n\0"):gmatch("\0([^\0]*)") do
  sections[#sections + 1] = read_section(text)
end

local function turns_of(name)
  for _, section in ipairs(sections) do
    if section.title == name then return section.turns end
    for _, file in ipairs(section.files) do if file.name == name then return section.turns end end
  end
  error("no section has or shows " .. name)
end

-- The estate -------------------------------------------------------------------------------------

local here, on_terminal
local function write(name, text) process.write(here.folder .. "/" .. name, text) end
local function output(name) return process.read(here.folder .. "/" .. name) end

local function run(command, env)
  return here:shell(command, { env = env, on_terminal = on_terminal })
end

-- Every asset by its id; `archived` is added.
local function everything()
  local all = {}
  for _, archived in ipairs { false, true } do
    for asset in here.client.data_assets:each { archived = archived or nil } do
      asset.archived, all[asset.id] = archived, asset
    end
  end
  return all
end

-- Ids of datasets that are not in the archive.
local function some(all, n)
  local list = {}
  for id, asset in pairs(all) do
    if asset.type == "dataset" and not asset.archived then list[#list + 1] = id end
  end
  table.sort(list)
  return table.unpack(list, 1, n)
end

local function settled(text) return (text:gsub("%d[%d.]*", "N")) end

-- Runs the commands of a section, by its title or a file in it; each must succeed and print a line
-- of the form that the page shows. The statuses of this small estate are others.
local function follow(name)
  local results = {}
  for i, turn in ipairs(turns_of(name)) do
    local result = run(turn.command)
    assert.are.equal(0, result.status, turn.command .. "\n" .. result.out .. result.err)
    assert.is_truthy(settled(result.err):find(settled(turn.shown):match "^[^:]*", 1, true))
    if turn.command:find("--dry-run", 1, true) then assert.are.same({}, result.written) end
    results[i] = result
  end
  return results
end

local function join(list) return table.concat(list, "\n") end

-- The list as a text, with more tags at its end unless it has them.
local function with(list, ...)
  return join((tags.change(list, { add = { ... } })))
end

local function tags_by_id(all)
  local texts = {}
  for id, asset in pairs(all) do texts[id] = join(asset.tags) end
  return texts
end

local function check_tags(wanted)
  local all = everything()
  for id, text in pairs(wanted) do assert.are.equal(text, join(all[id].tags), id) end
end

-- What the rule is to make of an estate.
local function ruled(all)
  local wanted, changed = tags_by_id(all), 0
  for id, asset in pairs(all) do
    local modality, subject = asset.name:match("^([^_]+)_(%d%d%d%d%d%d)_20")
    if subject and asset.type == "dataset" and not asset.archived then
      local own = {}
      for i, tag in ipairs(asset.tags) do own[i] = tag:find("^QC%-") and tag:lower() or tag end
      wanted[id] = with(own, modality, "subject-" .. subject)
      changed = changed + 1
    end
  end
  assert(changed > 5)
  return wanted, changed
end

-- The assets that a year has passed over.
local function unused(all)
  local set, n = {}, 0
  for id, asset in pairs(all) do
    local last = math.max(asset.last_used, asset.created)
    if asset.owner == "you" and asset.state == "ready" and last < os.time() - YEAR then
      set[id], n = true, n + 1
    end
  end
  assert(n > 2)
  return set
end

-- The jobs ---------------------------------------------------------------------------------------

local jobs = {}

jobs["retag-by-rule.lua"] = function()
  here:asset { name = "FIP_612345_2025-01-02", tags = { "QC-passed", "own" } }
  local wanted, changed = ruled(everything())
  local results = follow "retag-by-rule.lua"
  check_tags(wanted)
  assert.are.equal(changed, #results[2].written + #results[3].written)
end

jobs["tags-from-sheet.lua"] = function()
  local before = everything()
  local wanted = tags_by_id(before)
  local a, b, c = some(before, 3)
  local sheet = "asset_id,tags\n%s, one tag ;two;\n%s,two\n%s,\n%s,three\n"
  write("sheet.csv", sheet:format(a, b, c, a))
  wanted[a] = with(before[a].tags, "one tag", "two", "three", "from-sheet")
  wanted[b] = with(before[b].tags, "two", "from-sheet")
  wanted[c] = with(before[c].tags, "from-sheet")
  follow "tags-from-sheet.lua"
  check_tags(wanted)
  write("sheet.csv", ("asset_id,tags\n%s,x\nmouse 12,x\n"):format(a))
  local bad = run "colua tags-from-sheet.lua --yes"
  assert.are.same({ 2, {}, "sheet.csv:3: " }, { bad.status, here:sent(), bad.err:sub(1, 13) })
end

jobs["Archive assets not used for a year"] = function()
  local fresh = here:asset { name = "made today", tags = {} }
  local before = everything()
  local wanted = unused(before)
  assert.is_nil(wanted[fresh])
  follow "Archive assets not used for a year"
  for id, asset in pairs(everything()) do
    assert.are.equal(wanted[id] or before[id].archived, asset.archived, id)
  end
end

jobs["Then delete them"] = function()
  local wanted = everything()
  local archived = follow("Archive assets not used for a year")[2]
  local spared = archived.written[1]:match("/(%x[%x-]+)/archive")
  assert(here.client.data_assets:unarchive(spared))
  local by_report = run "colua delete --ids archived.csv --where 'idle > days(365)' --yes"
  assert.are.same({ 6, {} }, { by_report.status, by_report.written })
  assert.is_truthy(by_report.err:find(spared .. " is not archived", 1, true), by_report.err)
  for id in pairs(unused(wanted)) do
    if id ~= spared then wanted[id] = nil end
  end
  follow "Then delete them"
  local left = everything()
  for id in pairs(wanted) do assert.is_truthy(left[id], id) end
  for id in pairs(left) do assert.is_truthy(wanted[id], id) end
end

jobs["register-prefixes.lua"] = function()
  write("prefixes.txt", "s3://my-lab/rig3/mouse-12/\r\ns3://my-lab/rig3/mouse 13\n"
    .. "s3://other/deep/er/")
  assert.are.equal(3, #follow("register-prefixes.lua")[3].written)
  for name, source in pairs {
    ["rig3_mouse-12"] = { "my-lab", "rig3/mouse-12/", "raw\nrig3" },
    ["rig3_mouse 13"] = { "my-lab", "rig3/mouse 13/", "raw\nrig3" },
    ["deep_er"] = { "other", "deep/er/", "raw\ndeep" },
  } do
    local asset = assert(here.client.data_assets:find(name))
    assert.are.same(source, { asset.source_bucket.bucket, asset.source_bucket.prefix,
      join(asset.tags) })
  end
  assert.are.same({}, run(turns_of("register-prefixes.lua")[3].command).written)
  write("prefixes.txt", "s3://my-lab/a\nmy-lab/b\n")
  local bad = run "colua register-prefixes.lua < prefixes.txt"
  assert.are.equal(1, bad.status)
  assert.is_truthy(bad.err:find("line 2 is not an s3://bucket/prefix", 1, true))
end

jobs["capture-computations.lua"] = function()
  local first = "1c3d0e9e-53ae-4b0e-8d0a-2f9d4f2c7a11"
  local second = "5a2b7c64-0b5f-4d07-b2a9-8f7fd0c5be22"
  write("computations.csv", ("name,computation\nsorted,%s\nfused,%s\n"):format(first, second))
  assert.are.equal(2, #follow("capture-computations.lua")[1].written)
  for name, id in pairs { sorted = first, fused = second } do
    local asset = assert(here.client.data_assets:find(name))
    assert.are.same({ "result", id, "captured" }, { asset.type,
      asset.provenance.computation, join(asset.tags) })
  end
  local again = run "colua capture-computations.lua"
  assert.are.same({ 0, {} }, { again.status, again.written })
end

-- The rows of a sheet by id, {column = cell}, and their number.
local function rows_of(name)
  local rows, list = {}, assert(ids.load(here.folder .. "/" .. name))
  for _, row in ipairs(list) do rows[row.id] = row.row end
  return rows, #list
end

jobs["Inventory of all assets"] = function()
  follow "Inventory of all assets"
  local all, rows, seen = everything(), rows_of "inventory.csv"
  assert.are.equal(ESTATE, seen)
  local idle, listed = rows_of "idle.csv"
  for id, asset in pairs(all) do
    assert.are.equal(tostring(asset.size), rows[id].size)
    local idle_for = os.time() - math.max(asset.last_used, asset.created)
    assert.are.equal(idle_for > 2 * YEAR, idle[id] ~= nil, id)
  end
  assert.is_true(listed > 2 and listed < ESTATE)
end

jobs["descriptions.lua"] = function()
  follow "descriptions.lua"
  local described, wanted = {}, 0
  for line in output("descriptions.jsonl"):gmatch "[^\n]+" do
    local row = assert(codeocean.json.decode(line))
    described[row.id] = row.description.name
  end
  for asset in here.client.data_assets:each { type = "dataset", origin = "internal" } do
    assert.are.equal(asset.name, described[asset.id])
    wanted = wanted + 1
  end
  assert.is_true(wanted > 5)
end

jobs["metadata-backfill.lua"] = function()
  local assets, before = here.client.data_assets, everything()
  local id = some(before, 1)
  assert(assets:update(id, { custom_metadata = { subject = "renamed" } }))
  before[id].custom_metadata.subject = "renamed"
  follow "metadata-backfill.lua"
  local filled = 0
  for place, asset in pairs(everything()) do
    local was, is = before[place].custom_metadata, assert(assets:get(place)).custom_metadata
    local day = asset.type == "dataset" and asset.name:match("^[^_]+_%d+_(20%d%d%-%d%d%-%d%d)")
    was.acquired = day or nil
    filled = filled + (day and 1 or 0)
    assert.are.same(was, is)
  end
  assert.is_true(filled > 5)
end

jobs["undo-last.sh"] = function()
  local before = tags_by_id(everything())
  local results = follow "undo-last.sh"
  assert.is_true(#results[1].written > 5)
  assert.are.equal(#results[1].written, #results[3].written)
  check_tags(before)
  local none = run "sh undo-last.sh nothing"
  assert.are.same({ 1, "no run is called nothing\n" }, { none.status, none.err })
end

jobs["nightly.sh"] = function()
  local wanted = ruled(everything())
  local quiet = follow("nightly.sh")[1]
  assert.are.same({ "", "" }, { quiet.out, quiet.err })
  check_tags(wanted)
  local busy = run "flock nightly/lock sh nightly.sh"
  assert.are.same({ 0, "", "", {} }, { busy.status, busy.out, busy.err, here:sent() })
  local bad = run("sh nightly.sh", { CODEOCEAN_TOKEN = "cop_wrong" })
  assert.are.equal(4, bad.status)
  assert.is_truthy(bad.out:find("^colua ended with status 4:\n.*401"), bad.out)
end

-- Shards -----------------------------------------------------------------------------------------

-- The ids that the list names; each is to be written once.
local function listed()
  local set, n = {}, 0
  for _, row in ipairs(assert(ids.load(here.folder .. "/ids.tsv"))) do
    set[row.id], n = 0, n + 1
  end
  assert(n > SHARDS)
  return set, n
end

-- Each asset of the list was written once, and no other.
local function check_written(set, written)
  for _, line in ipairs(written) do
    local id = line:match("^PUT /data_assets/(%S+)")
    set[id] = set[id] + 1
  end
  for id, times in pairs(set) do
    assert.are.equal(1, times, id)
    assert.are.equal("reviewed", here:tags_of(id)[#here:tags_of(id)])
  end
end

local function check_merged(n)
  local merged = codeocean.json.decode(run("colua runs --merge --jsonl shard-*.jsonl").out)
  assert.are.same({ SHARDS, n, n, SHARDS }, { merged.runs, merged.total, merged.counts.ok,
    merged.states.done })
end

jobs["shard.sh"] = function()
  follow "shard.sh"
  local set, n = listed()
  local written = {}
  for part = 1, SHARDS do
    local result = run("sh shard.sh", { SLURM_ARRAY_TASK_ID = tostring(part) })
    assert.are.equal(0, result.status, result.err)
    table.move(result.written, 1, #result.written, #written + 1, written)
  end
  check_written(set, written)
  check_merged(n)

  -- A journal that was cut before its last outcome and its end.
  write("shard-3.jsonl", (output("shard-3.jsonl"):gsub("[^\n]*\n[^\n]*\n$", "")))
  local again = run("sh shard.sh", { SLURM_ARRAY_TASK_ID = "3" })
  assert.are.same({ 0, {} }, { again.status, again.written })
  check_merged(n)
end

-- The spec ---------------------------------------------------------------------------------------

describe(PAGE, function()
  after_each(function()
    if here then here:stop() end
    here = nil
  end)

  it("shows every file as it is, once", function()
    local shown, blocks = {}, 0
    for kind in page:gmatch("\n```(%l+)\n") do blocks = blocks + (kind ~= "console" and 1 or 0) end
    for _, section in ipairs(sections) do
      for _, file in ipairs(section.files) do
        assert.are.equal(file.name, file.target)
        assert.are.equal(process.read(FOLDER .. file.name), file.body, file.name)
        assert.are.equal(file.name:match("%.(%l+)$"), file.kind)
        assert.is_nil(shown[file.name])
        shown[file.name] = true
      end
    end
    for name in process.shell("ls " .. FOLDER).out:gmatch("[^\n]+") do
      assert.is_true(shown[name], name)
      assert.is_function(jobs[name], name)
      blocks = blocks - 1
    end
    assert.are.equal(0, blocks)
  end)

  it("is short, and so are its scripts", function()
    assert.is_true(select(2, page:gsub("\n", "")) < LONGEST_PAGE)
    for name in process.shell("ls " .. FOLDER).out:gmatch("[^\n]+") do
      assert.is_true(select(2, process.read(FOLDER .. name):gsub("\n", "")) <= LONGEST_SCRIPT, name)
    end
  end)

  local function check(name, job, terminal)
    it(("has %s do what it says%s"):format(name, terminal and ", on a terminal" or ""), function()
      on_terminal = terminal
      here = deployment.start { seed = name:find("^shard") and SHARDED or ESTATE, ready_after = 0 }
      process.shell(("cp %s* %s"):format(FOLDER, process.quote(here.folder)))
      job()
    end)
  end

  for name, job in pairs(jobs) do
    for _, terminal in ipairs { false, true } do check(name, job, terminal) end
  end
end)
