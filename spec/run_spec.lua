-- spec/run closes with the sum of all counts; a program that ended otherwise than its counts tell
-- is one more failure, by name. It runs several at once, and when it is ended, so are they.

local process = require "process"

-- What a test does, the counts that the run closes with, and how it says that the file ended.
local rows = {
  { "passes", "", "1 passed, 0 failed" },
  { "fails", "error 'told to'", "0 passed, 1 failed" },
  { "is skipped", "pending 'later'", "0 passed, 0 failed" },
  { "is killed", "os.execute 'kill -KILL $PPID'", "0 passed, 1 failed", "by signal KILL" },
  { "hangs", "os.execute 'sleep 600'", "0 passed, 1 failed", "after 5 seconds" },
  { "exits", "os.exit(0)", "0 passed, 1 failed", "with status 0" },
  { "fails when all is counted", "last = setmetatable({}, { __gc = function() os.exit(3) end })",
    "1 passed, 1 failed", "with status 3" },
}

-- Files that wait for each other, both before they print their home and before they fail.
local MEETING = [[
it("meets another", function()
  os.execute '%s'
  print("begins " .. os.getenv "HOME" .. " " .. os.getenv "XDG_STATE_HOME")
  os.execute '%s'
  error "ends"
end)
]]

describe("spec/run", function()
  local folder

  before_each(function() folder = process.folder() end)
  after_each(function() process.clean(folder) end)

  local function write_spec(name, text)
    return process.write(("%s/%s_spec.lua"):format(folder, name), text)
  end

  local function write_test(title, body)
    return write_spec("one", ("describe('a thing', function() it(%q, function() %s end) end)")
      :format(title, body))
  end

  -- Runs the specs of the folder: all that it prints, its last line, and its status.
  local function run(variables, programs)
    local result = process.shell(("%s SPECS=%s spec/run %s"):format(variables,
      process.quote(folder), programs or ""))
    return result.out, result.out:match "([^\n]*)\n$", result.status
  end

  for _, row in ipairs(rows) do
    it("counts a test that " .. row[1], function()
      local path = write_test(row[1], row[2])
      local out, counts, status = run(row[1] == "hangs" and "LIMIT=5" or "")
      local ended = row[4] and ("FAILED %s, at a thing %s: ended %s"):format(path, row[1], row[4])
      assert.are.same({ row[3], ended }, { counts, out:match "FAILED [^\n]*: ended [^\n]*" }, out)
      assert.are.equal(row[3] == "1 passed, 0 failed" and 0 or 1, status)
    end)
  end

  it("counts a file that has no test, and one that is no Lua", function()
    local empty = write_spec("1", "-- nothing")
    write_spec("2", "local =")
    local out, counts, status = run "LANES=1"
    assert.are.same({ "0 passed, 2 failed", 1 }, { counts, status }, out)
    assert.is_truthy(out:find(empty .. "\nFAILED: no test was found\n", 1, true), out)
    assert.is_truthy(out:find("2_spec.lua:1: <name> expected near '='", 1, true), out)
  end)

  it("counts a C test that crashes", function()
    write_test("passes", "")
    local program = process.write(folder .. "/core_test", "#!/bin/sh\nkill -SEGV $$\n")
    os.execute("chmod +x " .. process.quote(program))
    local out, counts, status = run("", process.quote(program))
    assert.are.same({ "1 passed, 1 failed", 1 }, { counts, status })
    assert.is_truthy(out:find("FAILED " .. program .. ": ended by signal SEGV\n", 1, true), out)
  end)

  it("adds up the counts of all files, one after another", function()
    for i = 1, 3 do write_spec(i, "it('passes', function() end) it('fails', error)") end
    local out, counts, status = run "LANES=1"
    assert.are.same({ "3 passed, 3 failed", 1 }, { counts, status }, out)
  end)

  it("runs files at once, each in a home of its own, and shows each whole", function()
    process.shell("mkfifo there back", { cwd = folder })
    local there, back = folder .. "/there", folder .. "/back"
    write_spec("1", MEETING:format("echo >" .. there, "cat " .. back))
    write_spec("2", MEETING:format("cat " .. there, "echo >" .. back))
    local out, counts = run "LANES=2 LIMIT=60"
    assert.are.equal("0 passed, 2 failed", counts, out)
    local homes = {}
    local whole = "_spec%.lua%s+begins (%S+) (%S+)%s+F%s+FAILED [^/]+%S+\n[^\n]+ends\n"
    for home, state in out:gmatch(whole) do
      assert.are.equal(home .. "/state", state)
      homes[#homes + 1] = home
    end
    assert.are.equal(2, #homes, out)
    assert.are_not.equal(homes[1], homes[2])
  end)

  -- The fifo comes to its end when the last program has ended that writes to it.
  for signal, status in pairs { INT = 130, TERM = 143 } do
    it("ended by SIG" .. signal .. " ends all that it began", function()
      local fifo = folder .. "/fifo"
      local body = ("os.execute 'exec >%s; echo; sleep 600 & sleep 600'"):format(fifo)
      for i = 1, 2 do write_spec(i, ("it('hangs', function() %s end)"):format(body)) end
      local result = process.shell(([[
        mkfifo %s
        LANES=2 LIMIT=60 SPECS=%s spec/run &
        exec <%s
        read _ && read _ && kill -%s $!
        wait $!
        echo $?
        cat]]):format(fifo, folder, fifo, signal))
      assert.are.same({ status .. "\n", "" }, { result.out, result.err })
    end)
  end
end)
