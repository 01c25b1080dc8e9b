-- The reports in docs/cookbook.md are those that a reader gets from a new sandbox.

local process = require "process"

local function settled(line) return (line:gsub("%d+%.%d s%)", "T)")) end

describe("docs/cookbook.md", function()
  it("shows what a new sandbox prints", function()
    local folder, shown = process.folder(), 0
    finally(function() process.clean(folder) end)
    local page = process.read "docs/cookbook.md"
    for command, line in page:gmatch "\n%$ colua (%S+%.lua [^\n]*)\n(%d[^\n]*)\n" do
      local result = process.shell(("%s --sandbox docs/cookbook/%s"):format(
        process.quote(process.colua), command), { env = { XDG_STATE_HOME = folder } })
      assert.are.equal(settled(line), settled(result.err:match "^[^\n]*"), command)
      shown = shown + 1
    end
    assert.are.equal(1, shown)
  end)
end)
