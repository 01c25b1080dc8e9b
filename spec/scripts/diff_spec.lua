-- colua diff: the files that it opens, and two deployments. A whole rehearsal is in
-- rehearsal_spec.

local deployment = require "deployment"
local json = require "codeocean.json"
local process = require "process"

describe("colua diff", function()
  local here
  before_each(function() here = deployment.start { seed = 5 } end)
  after_each(function() here:stop() end)

  it("finds no difference in an unchanged copy, also when it runs again", function()
    assert.are.equal(0, here:run({ "pull", "copy.db" }).status)
    for _ = 1, 2 do
      local result = here:run { "diff", "copy.db", "--detailed-exitcode" }
      assert.are.same({ 0, "0 differences\n" }, { result.status, result.err })
    end
  end)

  for what, content in pairs { ["an empty file"] = "", ["a text"] = "notes\n" } do
    it("leaves " .. what .. " as it is", function()
      process.write(here.folder .. "/other", content)
      local result = here:run { "diff", "other" }
      assert.are.equal(6, result.status)
      assert.are.equal(1, select(2, result.err:gsub("\n", "\n")), result.err)
      assert.are.equal(content, process.read(here.folder .. "/other"))
      assert.are.equal("other\n", process.shell("ls -A | grep -v '^state$'",
        { cwd = here.folder }).out)
    end)
  end

  it("names a copy that is damaged", function()
    assert.are.equal(0, here:run({ "pull", "copy.db" }).status)
    for _, text in ipairs { "{", "5", "{}" } do
      process.shell(([[python3 -c "import sqlite3; db = sqlite3.connect('copy.db');
db.execute('update original set asset = ?', ('%s',)); db.commit()"]]):format(text),
        { cwd = here.folder })
      local result = here:run { "diff", "copy.db" }
      assert.are.same({ 6, "colua diff: refused: copy.db: the file is damaged\n" },
        { result.status, result.err })
    end
  end)

  it("lists and checks the fields of its rows", function()
    assert.are.equal("status\nid\nto_id\nkey\nname\nchange\nfields\n",
      here:run({ "diff", "x", "--fields", "?" }).out)
    assert.are.equal(2, here:run({ "diff", "x", "--fields", "size" }).status)
  end)
end)

-- Two sandboxes as two deployments, in the profiles `a` and `b`.
describe("colua diff of two deployments", function()
  local here, other

  before_each(function()
    here = deployment.start { dialect = "current", ready_after = 0, token = "cop_first" }
    other = deployment.start { dialect = "current", ready_after = 0, token = "cop_other" }
    process.shell("mkdir -m 700 " .. process.quote(here.folder .. "/.codeocean"))
    local path = here.folder .. "/.codeocean/credentials.json"
    process.write(path, json.encode { profiles = {
      a = { domain = here.server.url, token = "cop_first" },
      b = { domain = other.server.url, token = "cop_other" } } })
    process.shell("chmod 600 " .. process.quote(path))
  end)
  after_each(function()
    here:stop()
    other:stop()
  end)

  local NOTHING = { CODEOCEAN_DOMAIN = "", CODEOCEAN_TOKEN = "" }

  local function diff(...)
    return here:run({ "diff", "--from-profile", "a", "--to-profile", "b", ... }, { env = NOTHING })
  end

  it("pairs assets by name", function()
    local both, gone = here:asset { name = "both", tags = { "x" } }, here:asset { name = "gone" }
    local there, new = other:asset { name = "both", tags = { "y" } }, other:asset { name = "new" }
    for _, one in ipairs { here, other } do one:asset { name = "same", tags = { "t" } } end
    local result = diff("--detailed-exitcode")
    assert.are.equal(10, result.status, result.err)
    assert.are.equal(("status\tid\tto_id\tname\tchange\nchanged\t%s\t%s\tboth\t+y -x\n"
      .. "deleted\t%s\t\tgone\t\nadded\t\t%s\tnew\t\n"):format(both, there, gone, new),
      result.out)
    assert.are.equal("3 differences\n", result.err)
  end)

  it("pairs by another field, and names assets without a pair", function()
    local function set_subject(one, name, subject)
      local id = one:asset { name = name }
      assert(one.client.data_assets:update(id, { custom_metadata = { subject = subject } }))
    end
    set_subject(here, "left", "s1")
    set_subject(other, "right", "s1")
    here:asset { name = "none" }
    for _ = 1, 2 do set_subject(other, "twice", "s2") end
    local result = diff("--by", "custom_metadata.subject", "--json")
    local rows = json.decode(result.out)
    assert.are.same({ "changed", "s1", { before = "left", after = "right" } },
      { rows[1].status, rows[1].key, rows[1].fields.name })
    assert.are.same({ "ambiguous", "s2" }, { rows[2].status, rows[2].key })
    assert.is_truthy(result.err:find("a: 1 asset without custom_metadata.subject", 1, true))
  end)

  it("names the metadata that differ, dates as days", function()
    for one, day in pairs { [here] = 1709164800, [other] = 1709251200 } do
      local id = one:asset { name = "both" }
      assert(one.client.data_assets:update(id, { custom_metadata = { rig = 3, day = day } }))
      one.server:fault { kind = "status", operation = "custom_metadata", status = 200,
        body = '{"fields":[{"name":"day","type":"date"},{"name":"rig","type":"number"}]}' }
    end
    assert.is_truthy(diff().out:find("\tcustom_metadata.day: 2024-02-29 → 2024-03-01\n", 1, true))
  end)

  it("compares only what the query finds", function()
    here:asset { name = "out", tags = { "raw" } }
    here:asset { name = "in", tags = { "released" } }
    local result = diff("--query", "tag:released")
    assert.are.equal("1 difference\n", result.err)
    assert.is_truthy(result.out:find("\ndeleted\t%S+\t\tin\t\n"), result.out)
  end)

  it("writes nothing, and shows no token", function()
    here:asset { name = "one" }
    other:mark()
    local result = diff()
    assert.are.same({}, here:written())
    assert.are.same({}, other:written())
    assert.is_nil((result.out .. result.err):find("cop_", 1, true))
  end)

  it("refuses arguments that do not name two deployments", function()
    for _, words in ipairs { {}, { "--from-profile", "a" }, { "--by", "name" },
      { "x.db", "--from-profile", "a", "--to-profile", "b" },
      { "--from-profile", "a", "--to-profile", "b", "--by", "nmae" } } do
      assert.are.equal(2, here:run({ "diff", table.unpack(words) }, { env = NOTHING }).status)
    end
    local result = here:run({ "diff", "--from-profile", "a", "--to-profile", "c" },
      { env = NOTHING })
    assert.are_not.equal(0, result.status)
    assert.is_truthy(result.err:find("no profile 'c'", 1, true), result.err)
  end)
end)
