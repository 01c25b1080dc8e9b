-- Which statements the history keeps, and which it must not keep.

local history = require "colua.history"
local process = require "process"


describe("the history", function()
  local folder, path

  before_each(function()
    folder = process.folder()
    path = folder .. "/history"
  end)

  after_each(function() process.clean(folder) end)

  local function new(secrets)
    return history.new { path = path, private = function(name)
      local file = assert(io.open(name, "ab"))
      file:close()
      return true
    end, secrets = secrets }
  end

  it("lies in the state folder", function()
    local function at(env) return history.path(function(name) return env[name] end) end
    assert.are.equal("/x/colua/history", at { XDG_STATE_HOME = "/x", HOME = "/h" })
    assert.are.equal("/h/.local/state/colua/history", at { HOME = "/h" })
    assert.are.equal("/h/.local/state/colua/history", at { HOME = "/h", XDG_STATE_HOME = "rel" })
    assert.is_nil(at { HOME = "here", XDG_STATE_HOME = "" })
    assert.is_nil(at {})
  end)

  it("gives a later session the statements of an earlier one, also of several lines", function()
    local first = new()
    assert.is_true(first:load())
    for _, text in ipairs { "a = 1", "for i = 1, 2 do\n  print '\\n'\nend", "b = 'C:\\\\new'" } do
      first:add(text)
    end
    local second = new()
    second:load()
    assert.are.same({ "a = 1", "for i = 1, 2 do\n  print '\\n'\nend", "b = 'C:\\\\new'" },
      second.entries)
  end)

  -- So the file of two sessions at once has each entry whole. The counts of colua, which leaves no
  -- core, are readable by root alone.
  local counted = io.open "/proc/self/io"
  if counted then counted:close() end
  local test = counted and it or pending
  test("writes each entry by one call of the system", function()
    local function writes() return process.read "/proc/self/io":match "syscw: (%d+)" end
    local kept = new()
    kept:load()
    for _, length in ipairs { 10, 10000 } do
      local before = writes()
      kept:add(("x"):rep(length) .. "\ny")
      assert.are.equal(1, writes() - before)
    end
    assert.are.equal(2, select(2, process.read(path):gsub("x\\ny\n", "")))
  end)

  it("keeps neither blanks nor repetitions", function()
    local kept = new()
    kept:load()
    for _, text in ipairs { "a", "a", "", "  ", "b", "a" } do kept:add(text) end
    assert.are.equal("a\nb\na\n", process.read(path))
  end)

  for _, text in ipairs {
    "c = codeocean.client { domain = 'x', token = 'abc' }", "t = 'cop_aBcD1234'",
    "x = 'my-very-token'", "assets:create { source = { aws = { secret_access_key = 'x' } } }",
    "access_key_id = 'AKIAIOSFODNN7EXAMPLE'", "os.setenv('CODEOCEAN_TOKEN=zzz')",
    "y = {\n  client_secret = 'z' }", "password = 'p'", "c['token'] = [[abc]]",
  } do
    it("never holds " .. text, function()
      local kept = new { "my-very-token" }
      kept:load()
      kept:add(text)
      assert.are.equal("", process.read(path))
      assert.are.same({}, kept.entries)
    end)
  end

  for _, text in ipairs { "assets:search { query = 'tag:x' }", "next_token = page.next_token",
    "tokens = 5", "print(client)" } do
    it("holds " .. text, function() assert.is_false(history.is_secret(text, { "my-token" })) end)
  end

  it("is limited to the newest entries", function()
    local lines = {}
    for i = 1, 2 * history.MOST + 1 do lines[i] = "line" .. i end
    process.write(path, table.concat(lines, "\n") .. "\n")
    local kept = new()
    kept:load()
    assert.are.equal(history.MOST, #kept.entries)
    assert.are.equal("line" .. #lines, kept.entries[#kept.entries])
    local _, count = process.read(path):gsub("\n", "")
    assert.are.equal(history.MOST, count)
  end)

  it("works without a file", function()
    local kept = history.new { private = function() return nil, "no" end, path = "/nowhere/x" }
    assert.is_nil((kept:load()))
    kept:add "a"
    assert.are.same({ "a" }, kept.entries)
  end)
end)
