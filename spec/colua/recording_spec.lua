-- docs/session.txt: a newcomer finds an asset, looks at it, changes its tags, takes that back,
-- pastes a function, makes mistakes. What the file shows is played again and compared; with
-- RECORD=1 in the environment it is written anew.

local process = require "process"
local session = require "session"
local terminal = require "terminal"

local FILE = "docs/session.txt"

local FUNCTION = [[
-- How much there is of each modality, in the assets that match.
local function summary(query)
  local groups, names = {}, {}

  local function group_of(asset)
    local data = asset.custom_metadata or {}
    local name = data.modality or "(unknown)"
    if not groups[name] then
      groups[name] = { assets = 0, files = 0, subjects = {}, count = 0 }
      names[#names + 1] = name
    end
    return groups[name], data.subject
  end

  for asset in assets:each { query = query } do
    local group, subject = group_of(asset)
    group.assets = group.assets + 1
    group.files = group.files + asset.files
    if subject and not group.subjects[subject] then
      group.subjects[subject] = true
      group.count = group.count + 1
    end
  end

  local function most_first(a, b)
    if groups[a].assets == groups[b].assets then
      return a < b
    end
    return groups[a].assets > groups[b].assets
  end
  table.sort(names, most_first)

  local form = "%-18s %4d assets %4d subjects %9d files"
  for _, name in ipairs(names) do
    local group = groups[name]
    print(form:format(name, group.assets, group.count, group.files))
  end
  print(("%d modalities"):format(#names))
end]]

local PASTED = terminal.PASTE .. FUNCTION:gsub("\n", "\r") .. terminal.PASTE_END

local LINES = {
  'assets:search { query = "exaSPIM", sort_field = "created", limit = 3 }',
  "asset = _[1]",
  "assets:get(asset.id)",
  'assets:update(asset.id, { tags = tags.change(asset.tags, { add = { "reviewed" } }) }).tags',
  'assets:search { query = "tag:reviewed" }',
  "undo()",
  'assets:search { query = "tag:reviewed" }',
  PASTED,
  'summary "name:2023"',
  "assets:serach {}",
  "assets.get(asset.id)",
  'mine = assets:find "no such name"',
}


describe("the recorded session", function()
  local function record()
    local steps = {}
    for i, line in ipairs(LINES) do steps[i] = { line .. "\r", "\n" .. session.PROMPT } end
    steps[#steps + 1] = { "-- end", "", screen = "sandbox > -- end" }
    local _, _, _, _, screens = session.play(steps,
      { columns = 100, rows = 300, prompt = session.PROMPT })
    local rows = screens[#steps + 1].lines
    local shown = "$ colua --sandbox\n" .. table.concat(rows, "\n", 1, #rows - 1) .. "\n"
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
