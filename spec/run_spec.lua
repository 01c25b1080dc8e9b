-- spec/run closes with its counts, and says of a program that ended without them what it was at.

local process = require "process"

-- A spec, and the output of the runner for it.
local rows = {
  { "passes", "", "1 passed, 0 failed", nil },
  { "fails", "error 'told to'", "0 passed, 1 failed", nil },
  { "is killed", "os.execute 'kill -KILL $PPID'", "0 passed, 1 failed",
    "FAILED busted, at a thing is killed: ended with status 1\n" },
  { "exits", "os.exit(0)", "0 passed, 1 failed",
    "FAILED busted, at a thing exits: ended with status 0\n" },
  { "fails when all is counted", "last = setmetatable({}, { __gc = function() os.exit(3) end })",
    "1 passed, 1 failed",
    "FAILED busted, at a thing fails when all is counted: ended with status 1\n" },
}

describe("spec/run", function()
  local folder

  before_each(function() folder = process.folder() end)
  after_each(function() process.clean(folder) end)

  -- Its last line, and the line of what ended badly, for one spec or some C tests.
  local function run(specs, programs)
    local result = process.shell(("SPECS=%s spec/run %s"):format(process.quote(specs),
      programs or ""))
    return result.out:match "([^\n]*)\n$", result.out:match "FAILED [^\n]*: ended [^\n]*\n",
      result.status
  end

  for _, row in ipairs(rows) do
    it("counts a spec that " .. row[1], function()
      local spec = process.write(folder .. "/one_spec.lua",
        ("describe('a thing', function() it(%q, function() %s end) end)"):format(row[1], row[2]))
      local counts, ended, status = run(spec)
      assert.are.same({ row[3], row[4] }, { counts, ended })
      assert.are.equal(row[3] == "1 passed, 0 failed" and 0 or 1, status)
    end)
  end

  it("counts a C test that crashes", function()
    local spec = process.write(folder .. "/one_spec.lua", "")
    local program = process.write(folder .. "/core_test", "#!/bin/sh\nkill -SEGV $$\n")
    os.execute("chmod +x " .. process.quote(program))
    local counts, ended, status = run(spec, process.quote(program))
    assert.are.same({ "0 passed, 1 failed", "FAILED " .. program .. ": ended by signal SEGV\n", 1 },
      { counts, ended, status })
  end)
end)
