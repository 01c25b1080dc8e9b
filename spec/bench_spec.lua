-- The table of the benchmarks: each name chooses one row, each program exists, each row has its
-- limit.

local process = require "process"

local CODE = [[
import sys
sys.path.insert(0, "bench/harness")
sys.dont_write_bytecode = True
import rows
for row in rows.ROWS:
    commands = [row.product, *(command for _, command, _ in row.peers)]
    commands += [row.reference] if isinstance(row.reference, str) else []
    print(row.name, ",".join(row.must), " ".join(commands), sep="\t")
]]

local function rows()
  local result = process.run("python3", { "-c", CODE })
  assert.equal("", result.err)
  local list = {}
  for name, must, commands in result.out:gmatch "([^\t\n]+)\t([^\t\n]*)\t([^\n]+)" do
    list[#list + 1] = { name = name, must = must, commands = commands }
  end
  return list
end

describe("the table of the benchmarks", function()
  it("has names that are unique, each with a limit", function()
    local seen, list = {}, rows()
    assert.is_true(#list > 15)
    for _, row in ipairs(list) do
      assert.is_nil(seen[row.name], row.name)
      assert.truthy(row.must:find "%l", row.name)
      seen[row.name] = true
    end
  end)

  it("names only programs that are there", function()
    local count = 0
    for _, row in ipairs(rows()) do
      for path in row.commands:gmatch "{bench}(/%S+)" do
        assert(io.open("bench" .. path)):close()
        count = count + 1
      end
      for tool in row.commands:gmatch "{tools}/(%S+)" do
        assert(io.open("bench/reference/" .. tool .. ".c")):close()
        count = count + 1
      end
    end
    assert.is_true(count > 30)
  end)
end)
