-- colua undo of a run by its name, by its journal, and of the last one.

local deployment = require "deployment"
local process = require "process"

describe("colua undo", function()
  local here, a

  before_each(function()
    here = deployment.start()
    a = here:asset { name = "a", tags = { "x" } }
    assert.are.equal(0, here:run({ "tag", a, "--add", "new", "--yes" }).status)
  end)
  after_each(function() here:stop() end)

  it("takes back the last run, or the one that is named", function()
    assert.are.same({ "x", "new" }, here:tags_of(a))
    local name = here:run({ "runs", "--fields", "run", "--tsv" }).out:match "\n(%x+)"
    assert.are.equal(0, here:run({ "undo", name, "--yes" }).status)
    assert.are.same({ "x" }, here:tags_of(a))
    assert.are.equal(0, here:run({ "tag", a, "--add", "again", "--yes" }).status)
    assert.are.equal(0, here:run({ "undo", "last", "--yes" }).status)
    assert.are.same({ "x" }, here:tags_of(a))
  end)

  it("asks, and writes nothing without an answer", function()
    local result = here:run { "undo", "last" }
    assert.are.equal(6, result.status)
    assert.is_truthy(result.err:find("nothing was written", 1, true), result.err)
    assert.are.same({ "x", "new" }, here:tags_of(a))
  end)

  -- The short name of the newest run.
  local function newest()
    return here:run({ "runs", "--fields", "run", "--tsv" }).out:match "\n(%x+)"
  end

  it("takes four digits of a name or more; fewer, or none, name no run", function()
    local name = newest()
    for _, word in ipairs { "", name:sub(1, 1), name:sub(1, 3) } do
      local result = here:run { "undo", word, "--yes" }
      assert.are.same({ 2, "" }, { result.status, result.out })
      assert.is_truthy(result.err:find(("no run and no file is called '%s'"):format(word), 1, true))
    end
    assert.are.same({ "x", "new" }, here:tags_of(a))
    assert.are.equal(0, here:run({ "undo", name:sub(1, 4), "--yes" }).status)
    assert.are.same({ "x" }, here:tags_of(a))
  end)

  it("takes a run back once: what others added since stays, also with --force", function()
    local name = newest()
    assert.are.equal(0, here:run({ "undo", name, "--yes" }).status)
    local back = newest()
    assert(here.client.data_assets:update(a, { tags = { "x", "new" } }))
    here:mark()
    local again = here:run { "undo", name, "--yes" }
    assert.are.equal(6, again.status)
    assert.is_truthy(again.err:find("was undone already, by ", 1, true), again.err)
    assert.is_truthy(again.err:find(back .. ".jsonl; --force takes back what", 1, true), again.err)
    assert.are.same({}, here:written())
    assert.are.same({ "x", "new" }, here:tags_of(a))
    local forced = here:run { "undo", name, "--yes", "--force" }
    assert.are.equal(0, forced.status, forced.err)
    assert.is_truthy(forced.err:find("0 selected: nothing to do", 1, true), forced.err)
    assert.are.same({ "x", "new" }, here:tags_of(a))
  end)

  it("chooses as the last run the newest that wrote something, and names it", function()
    local name = newest()
    assert.are.equal(0, here:run({ "tag", a, "--add", "new", "--yes" }).status)
    assert.are.equal(6, here:run({ "tag", a, "--add", "more" }).status)
    local result = here:run { "undo", "last", "--yes" }
    assert.are.equal(0, result.status, result.err)
    assert.is_truthy(result.err:find("^the last run to undo: " .. name
      .. " %(tag%), started %d%d%d%d%-%d%d%-%d%d "), result.err)
    assert.are.same({ "x" }, here:tags_of(a))
    local again = here:run { "undo", "last", "--yes" }
    assert.are.equal(6, again.status)
    assert.is_truthy(again.err:find("wrote something that is not undone", 1, true), again.err)
    assert.are.same({ "x" }, here:tags_of(a))
  end)

  it("undoes no older run when the last undo was interrupted", function()
    assert.are.equal(0, here:run({ "tag", a, "--add", "more", "--yes" }).status)
    assert.are.equal(0, here:run({ "undo", "last", "--yes" }).status)
    local path = process.shell("ls " .. here.folder .. "/state/colua/runs/*-undo-*").out:match "%S+"
    process.write(path, (process.read(path):gsub('[^\n]*"end":.*$', "")))
    local result = here:run { "undo", "last", "--yes" }
    assert.are.equal(6, result.status)
    assert.is_truthy(result.err:find("is an undo that was interrupted or failed in part: colua "
      .. "resume last goes on", 1, true), result.err)
    assert.are.same({ "x", "new" }, here:tags_of(a))
  end)

  it("nor when it failed; a resume finishes it", function()
    assert.are.equal(0, here:run({ "tag", a, "--add", "more", "--yes" }).status)
    here.server:fault { kind = "status", status = 400, operation = "update" }
    assert.are.equal(3, here:run({ "undo", "last", "--yes" }).status)
    local result = here:run { "undo", "last", "--yes" }
    assert.are.equal(6, result.status)
    assert.is_truthy(result.err:find("failed in part: colua resume last", 1, true), result.err)
    assert.are.same({ "x", "new", "more" }, here:tags_of(a))
    assert.are.equal(0, here:run({ "resume", "last", "--yes" }).status)
    assert.are.same({ "x", "new" }, here:tags_of(a))
  end)

  it("takes the same run again when its undo found only drift", function()
    assert.are.equal(0, here:run({ "update", a, "--description", "d", "--yes" }).status)
    assert(here.client.data_assets:update(a, { description = "theirs" }))
    assert.are.equal(3, here:run({ "undo", "last", "--yes" }).status)
    assert(here.client.data_assets:update(a, { description = "d" }))
    assert.are.equal(0, here:run({ "undo", "last", "--yes" }).status)
    assert.are.equal("", assert(here.client.data_assets:get(a)).description)
    assert.are.same({ "x", "new" }, here:tags_of(a))
  end)

  it("refuses an unknown run by name", function()
    local result = here:run { "undo", "zzzz", "--yes" }
    assert.are_not.equal(0, result.status)
    assert.is_truthy(result.err:find("zzzz", 1, true))
    result = here:run { "undo" }
    assert.are.equal(2, result.status)
    assert.is_truthy(result.err:find("RUN", 1, true), result.err)
  end)
end)
