-- The face of a bulk run: its output, its questions, its exit status.

local bulk = require "codeocean.cli.bulk"
local deployments = require "deployment"
local process = require "process"

local NOBODY = "11111111-2222-4333-8444-555555555555"

-- A script's own run, of the ids in IDS.
local SCRIPT = [[
local ids = {}
for id in os.getenv "IDS":gmatch "%S+" do ids[#ids + 1] = id end
local client = assert(require "codeocean".client())
os.exit(require "codeocean.bulk".main(client, { name = "own", about = "Tags.", ids = ids,
  change = function(asset)
    if asset.name == "bad" then error "a mistake" end
    return { description = "new" }
  end }))
]]

describe("codeocean.cli.bulk", function()
  local here

  before_each(function()
    here = deployments.start()
    process.write(here.folder .. "/own.lua", SCRIPT)
  end)
  after_each(function() here:stop() end)

  local function run(ids, ...)
    return here:run({ "own.lua", ... }, { env = { IDS = table.concat(ids, " ") } })
  end

  -- The whole request that writes the asset called "a".
  local function put_request(id)
    return ('PUT /data_assets/%s {"name":"a","description":"new","tags":[],"mount":"a"}'):format(id)
  end

  it("writes rows, a summary and the place of the journal", function()
    local a = here:asset { name = "a", description = "old" }
    local result = run({ a }, "--yes", "--journal", "run.jsonl")
    assert.same({ 0, ('status\tid\tname\tchange\nok\t%s\ta\tdescription: "old" → "new"\n')
      :format(a) }, { result.status, result.out })
    assert.is_truthy(result.err:find("^1 selected: 1 ok %(%d+ requests, %d+%.%d s%)\n"
      .. "journal: .*run%.jsonl\n$"), result.err)
    assert.same({ put_request(a) }, here:written())
  end)

  it("writes failures first, and the traceback of a mistake once", function()
    local a = here:asset { name = "a" }
    local bad, worse = here:asset { name = "bad", mount = "1" },
      here:asset { name = "bad", mount = "2" }
    local result = run({ a, bad, NOBODY, worse }, "--yes", "--journal", "run.jsonl", "--fields",
      "status,id", "--max-errors", "9")
    assert.equal(3, result.status, result.err)
    assert.equal(("status\tid\nfailed\t%s\nmissing\t%s\nfailed\t%s\nok\t%s\n"):format(bad, NOBODY,
      worse, a), result.out)
    assert.equal(1, select(2, result.err:gsub("stack traceback", "")))
    assert.is_truthy(result.err:find("4 selected: 1 ok, 1 missing, 2 failed", 1, true), result.err)
    assert.same({ put_request(a) }, here:written())
  end)

  it("writes nothing with --dry-run; --detailed-exitcode tells whether it would", function()
    local a = here:asset { name = "a" }
    local result = run({ a }, "--dry-run", "--detailed-exitcode")
    assert.same({ 10, ('status\tid\tname\tchange\n~\t%s\ta\tdescription: "" → "new"\n'):format(a) },
      { result.status, result.out })
    assert.is_truthy(result.err:find("^1 selected: 1 would change, [%d.]+ %wiB, %d+ %% of it i"),
      result.err)
    assert.equal(0, run({ a }, "--dry-run").status)
    assert.same({}, here:written())
  end)

  it("writes a plan in place of the changes; refuses one for an action", function()
    local a = here:asset { name = "a" }
    local result = run({ a }, "--plan", "p.jsonl")
    assert.equal(0, result.status)
    assert.is_truthy(result.err:find("\nplan: 1 change in p.jsonl (colua apply carries it out)\n",
      1, true), result.err)
    assert.same({}, here:written())
    assert.is_truthy(process.read(here.folder .. "/p.jsonl"):find(a, 1, true))
    result = here:run { "archive", a, "--plan", "q.jsonl" }
    assert.equal(2, result.status)
    assert.is_truthy(result.err:find("--plan is for changes of fields", 1, true), result.err)
    assert.same({}, here:sent())
  end)

  it("writes nothing without a yes, and says so", function()
    local a = here:asset { name = "a" }
    local result = run({ a })
    assert.equal(6, result.status, result.err)
    assert.equal(('status\tid\tname\tchange\npending\t%s\ta\tdescription: "" → "new"\n')
      :format(a), result.out)
    assert.is_truthy(result.err:find("nothing was written: there is no terminal to ask on", 1,
      true), result.err)
    assert.same({}, here:written())
  end)

  it("reports what was done though the reader of its rows has gone", function()
    local a = here:asset { name = "a" }
    local result = here:shell("colua own.lua --yes --journal run.jsonl > /dev/full",
      { env = { IDS = a } })
    assert.equal(1, result.status)
    assert.is_truthy(result.err:find("1 selected: 1 ok", 1, true), result.err)
    assert.is_truthy(result.err:find("journal: ", 1, true), result.err)
    assert.same({ put_request(a) }, result.written)
  end)

  it("names the command that resumes a run that stopped", function()
    local a, bad = here:asset { name = "a" }, here:asset { name = "bad" }
    local result = run({ bad, a }, "--yes", "--fail-fast", "--jobs", "1", "--journal", "my run.j")
    assert.equal(3, result.status)
    assert.is_truthy(result.err:find("\nstopped: ", 1, true), result.err)
    assert.is_truthy(result.err:find("\ncolua resume 'my run%.j' goes on\n"), result.err)
    assert.same({}, here:written())
  end)

  it("names a run by its path, quoted for a shell where it must be", function()
    assert.equal("/tmp/run.jsonl", bulk.called "/tmp/run.jsonl")
    assert.equal([['/tmp/it'\''s my run']], bulk.called "/tmp/it's my run")
  end)

  it("names a wrong option of a script before any request", function()
    local result = run({ NOBODY }, "--jobs", "none")
    assert.equal(2, result.status)
    assert.is_truthy(result.err:find("^own: "), result.err)
    assert.same({}, here:sent())
  end)

  -- A command's refusal names its options, not the library's arguments.
  local REFUSALS = {
    { { "--query", "" }, "--query is blank" },
    { { "--query", "", "--where", "size > 1" }, "--query is blank" },
    { { "--where", "true" }, "--where names no field of an asset" },
    { { "--archived", "any" }, "these options say nothing of the assets" },
    { { "--query", "a*" }, "--query: the server has no wildcards" },
    { { "--query", "a", "--journal", "" }, "--journal: it is empty" },
    { { "--query", "a", "--plan", "" }, "--plan: it is empty" },
    { { "--query", "a", "--note", "" }, "--note: it is empty" },
  }
  for _, row in ipairs(REFUSALS) do
    it("names options in its refusals: " .. table.concat(row[1], " "), function()
      local result = here:run { "tag", "--add", "x", "--yes", table.unpack(row[1]) }
      assert.equal(2, result.status)
      assert.is_truthy(result.err:find("colua tag: " .. row[2], 1, true), result.err)
      assert.is_nil(result.err:find("bad argument", 1, true))
      assert.same({}, here:sent())
    end)
  end

  it("foretells in a dry run that an empty name is refused", function()
    local a = here:asset { name = "a" }
    process.write(here.folder .. "/rows.jsonl", ('{"id":"%s","name":""}\n'):format(a))
    local result = here:run { "update", "--from", "rows.jsonl", "--dry-run" }
    assert.equal(3, result.status)
    assert.is_truthy(result.err:find("1 selected: 1 failed", 1, true), result.err)
    assert.equal(2, here:run({ "update", a, "--name", "" }).status)
  end)
end)
