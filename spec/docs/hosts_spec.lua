-- The table of docs/hosts.md: each row names an example and the spec that runs it.

local process = require "process"

local function titles(spec)
  local list = {}
  for title in process.read(spec):gmatch '\n *it%("([^"]+)"' do list[#list + 1] = title end
  return table.concat(list, "\n")
end

describe("docs/hosts.md", function()
  local page = process.read "docs/hosts.md"

  it("has a spec for each host, which runs the example of the row", function()
    local rows = 0
    for example, spec in page:gmatch "| `(examples/[^`]+)` | `(spec/[^`]+)` |\n" do
      rows = rows + 1
      assert.are.equal(0, process.shell("test -f " .. example).status, example)
      local name = example:match("([%w_]+)%.%w+$"):gsub("^mod_", "")
      assert.is_truthy(process.read(spec):find(name, 1, true), spec .. " runs " .. example)
    end
    assert.are.equal(11, rows)
  end)

  it("says of fork, reload and exit what the titles of the tests say", function()
    local cells = 0
    for fork, reload, exit, spec in
      page:gmatch "| ([^|\n]+) | ([^|\n]+) | ([^|\n]+) | `examples/[^`]+` | `(spec/[^`]+)` |\n" do
      for _, cell in ipairs { fork, reload, exit } do
        if cell ~= "–" then
          cells = cells + 1
          assert.is_truthy(titles(spec):find(cell, 1, true), spec .. ": " .. cell)
        end
      end
    end
    assert.are.equal(11, cells)
  end)

  it("has each example for a host that there is", function()
    local shown = 0
    for path in process.shell("ls examples/*.nse examples/*.c examples/*/*.lua examples/*.lua").out
      :gmatch "[^\n]+" do
      local about = process.read(path):match "[^\n]*"
      if not path:find "demo" and not path:find "tag%-by" and not path:find "threads" then
        shown = shown + 1
        assert.is_truthy(page:find("`" .. path .. "`", 1, true), path .. ": " .. about)
      end
    end
    assert.are.equal(11, shown)
  end)

  it("names specs that are there", function()
    local count = 0
    for path in page:gmatch "`(spec/[%w_/.]+)`" do
      count = count + 1
      assert.are.equal(0, process.shell("test -f " .. path).status, path)
    end
    assert.are.equal(16, count)
  end)
end)
