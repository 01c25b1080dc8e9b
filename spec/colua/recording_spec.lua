-- docs/session.txt: a newcomer finds an asset, changes its tags, looks, and takes it back. What the
-- file shows is played again and compared; with RECORD=1 in the environment it is written anew.

local process = require "process"
local terminal = require "terminal"

local FILE = "docs/session.txt"
local PROMPT = "sandbox > "
local LINES = {
  'assets:search { query = "exaSPIM", sort_field = "created", limit = 3 }',
  "asset = _.results[1]",
  'assets:update(asset.id, { tags = tags.change(asset.tags, { add = { "reviewed" } }) }).tags',
  'assets:search { query = "tag:reviewed" }',
  "undo()",
  'assets:search { query = "tag:reviewed" }',
}


describe("the recorded session", function()
  local folder

  setup(function() folder = process.folder() end)
  teardown(function() process.clean(folder) end)

  -- In a dumb terminal, where nothing is drawn twice.
  local function record()
    local steps = { { nil, PROMPT } }
    for i, line in ipairs(LINES) do
      steps[i + 1] = { line .. "\r", (i < #LINES and "\n" or "\nno asset matches\n") .. PROMPT }
    end
    local _, all = terminal.play({ argv = { "--sandbox" }, columns = 98,
      env = { TERM = "dumb", HOME = folder, XDG_STATE_HOME = folder } }, steps)
    local shown = "$ colua --sandbox\n" .. all:match("^(.*\n)")
    return (shown:gsub("%(Lua 5%.4%.%d+%)", "(Lua 5.4)"))
  end

  it("is what a session shows", function()
    local shown = record()
    if os.getenv "RECORD" then process.write(FILE, shown) end
    assert.are.equal(process.read(FILE), shown)
  end)

  it("is linked from the README", function()
    assert.is_truthy(process.read("README.md"):find("(" .. FILE .. ")", 1, true))
  end)
end)
