-- The reader of tables of options: near names, types, defaults, secrets.

local json = require "codeocean.json"
local options = require "codeocean.options"

local ROWS = {
  { "jobs", 16, options.integer(1, 1000) },
  { "dry_run", false, options.boolean },
  { "timeout", nil, options.seconds },
  { "tags", nil, options.list(options.text) },
  { "order", "asc", options.choice("asc", "desc") },
  { "out", nil },
  { "token", nil, options.text, secret = true },
}

local function refused(given, rows)
  local ok, problem = pcall(options.check, "run", rows or ROWS, given)
  assert.is_false(ok)
  return problem
end

describe("codeocean.options", function()
  it("knows the names of its rows", function()
    local rows = { { "a" }, { "b" } }
    assert.is_true(options.knows(rows, {}))
    assert.is_true(options.knows(rows, { a = 1, b = false }))
    assert.is_false(options.knows(rows, { a = 1, c = 1 }))
    assert.is_false(options.knows(rows, { "a" }))
  end)

  it("reads what is given and fills in the rest, without touching the caller's table", function()
    local given = { jobs = 3, tags = { "a" } }
    assert.same({ jobs = 3, dry_run = false, tags = { "a" }, order = "asc" },
      options.read("run", ROWS, given))
    assert.same({ jobs = 3, tags = { "a" } }, given)
    assert.same({ jobs = 16, dry_run = false, order = "asc" }, options.read("run", ROWS, nil))
  end)

  it("keeps a false that is given", function()
    local rows = { { "journal", true, options.boolean } }
    assert.is_false(options.read("run", rows, { journal = false }).journal)
  end)

  local misspelt = { dryrun = "dry_run", DRY_RUN = "dry_run", job = "jobs", ["dry-run"] = "dry_run",
    timout = "timeout", tag = "tags" }
  for name, near in pairs(misspelt) do
    it(("proposes %s for %s"):format(near, name), function()
      local problem = refused { [name] = true }
      assert.is_truthy(problem:find(("bad argument '%s' to 'run' (no such option; "
        .. "did you mean '%s'?)"):format(name, near), 1, true), problem)
    end)
  end

  it("lists all when none is near", function()
    local problem = refused { colour = 1 }
    assert.matches("there are jobs, dry_run, timeout, tags, order, out, token%)", problem)
  end)

  it("refuses an unknown name even where a known one is wrong too", function()
    assert.matches("'colour'", refused { colour = 1, jobs = 0 })
  end)

  it("refuses names that are not strings, and options that are not a table", function()
    assert.matches("'1' to 'run' %(the names of options must be strings%)", refused { "jobs" })
    assert.matches("'options' to 'run' %(table expected, got string%)", refused "jobs")
    local ok, problem = pcall(options.check, "run", ROWS, 7, "changes")
    assert.is_false(ok)
    assert.matches("'changes' to 'run'", problem)
  end)

  it("names an option by the given word", function()
    local rows = { { "name", nil, options.text }, called = "field" }
    assert.matches("no such field; did you mean 'name'", refused({ nane = 1 }, rows))
  end)

  local mistakes = {
    { { jobs = 0 }, "'jobs' to 'run' (integer from 1 to 1000 expected, got 0)" },
    { { jobs = 1.5 }, "got 1.5)" }, { { jobs = "4" }, 'got "4")' }, { { jobs = 1001 }, "got 1001" },
    { { jobs = math.mininteger }, "got -9223372036854775808)" },
    { { timeout = 0 / 0 }, "number above 0, at most 1000000000 expected, got nan)" },
    { { timeout = -(0 / 0) }, "got nan)" }, { { timeout = -1 }, "got -1)" },
    { { timeout = math.huge }, "'timeout'" }, { { timeout = 1e300 }, "got 1e+300)" },
    { { timeout = false }, "got false)" }, { { dry_run = "yes" }, 'boolean expected, got "yes")' },
    { { order = "up" }, 'one of asc, desc expected, got "up")' }, { { order = {} }, "got table)" },
    { { tags = "a,b" }, 'list expected, got "a,b")' },
    { { tags = { "a", "" } }, "'tags[2]' to 'run' (non-empty string expected" },
    { { tags = { "a", nil, "c" } }, "'tags[2]'" }, { { tags = { x = "a" } }, "'tags[x]'" },
    { { tags = { "a", [1 << 40] = "b" } }, "'tags[2]' to 'run' (list without a hole" },
    { { tags = { json.null } }, "got null)" },
    { { order = ("x"):rep(100) .. "\27[2J" }, '…"' },
  }
  for i, row in ipairs(mistakes) do
    it(("refuses mistake %d: %s"):format(i, row[2]), function()
      local problem = refused(row[1])
      assert.is_truthy(problem:find(row[2], 1, true), problem)
      assert.matches("options_spec%.lua", problem)
      assert.is_nil(problem:find("\27", 1, true))
    end)
  end

  it("shows no secret", function()
    assert.matches("'token' to 'run' %(non%-empty string expected, got number%)",
      refused { token = 123456789 })
  end)

  it("returns a problem without raising", function()
    assert.same({ "jbs", "no such option; did you mean 'jobs'?" },
      { options.problem(ROWS, { jbs = 1 }) })
    assert.is_nil(options.problem(ROWS, { jobs = 1 }))
  end)
end)
