-- What is generated is as it was generated; the manual, the completions and docs/commands.md say of
-- the commands what they say of themselves.

package.path = "./?.lua;" .. package.path

local codeocean = require "codeocean"
local process = require "process"
local reference = require "codeocean.reference"

-- What the binary writes: "man", or a shell.
local function generated(what)
  local words = what == "man" and { "man" } or { "completion", what }
  local done = process.run(process.colua, words, { cwd = "/" })
  assert.are.same({ 0, "" }, { done.status, done.err })
  return done.out
end

-- Run by colua itself: the parsers are those of the scripts.
local function commands()
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write [[
package.path = "./?.lua;" .. package.path
for _, entry in ipairs(require("codeocean.cli.manual.commands").list()) do
  for _, option in ipairs(entry.options) do
    print(("%s\t%s\t%s"):format(entry.name, option.name, option.about))
  end
end]]
  file:close()
  local done = process.run(process.colua, { path })
  os.remove(path)
  assert.are.equal(0, done.status, done.err)
  local list = {}
  for name, option, about in done.out:gmatch("(%l+)\t(%S+)\t([^\n]*)\n") do
    list[#list + 1] = { name = name, option = option, about = about }
  end
  assert.is_true(#list > 100)
  return list
end

local COMMITTED = { ["docs/reference.md"] = "markdown",
  ["docs/annotations/codeocean.lua"] = "annotations" }
for _, name in ipairs { "bulk", "tags", "ids", "input/sheet", "output", "json", "sandbox" } do
  COMMITTED["docs/annotations/codeocean/" .. name .. ".lua"] = "annotations"
end


describe("the manual", function()
  for path, generator in pairs(COMMITTED) do
    it("is as generated: " .. path, function()
      local text = require("manual." .. generator).text(path)
      assert.is_true(text == process.read(path), path .. " is out of date: make docs")
    end)
  end

  it("has annotations that are Lua", function()
    for path in pairs(COMMITTED) do
      if path:find("%.lua$") then
        assert.is_truthy(loadfile(path))
        assert.are.equal("---@meta", process.read(path):sub(1, 8))
      end
    end
  end)

  it("has a help text for every option of every command", function()
    for _, row in ipairs(commands()) do
      assert.is_true(row.about ~= "", row.name .. " " .. row.option)
    end
  end)

  it("has every option, variable and status in the man page", function()
    local page = generated("man"):gsub("\\%-", "-")
    for _, row in ipairs(commands()) do
      assert.is_truthy(page:find(row.option, 1, true), row.name .. " " .. row.option)
    end
    for _, list in ipairs { reference.ENVIRONMENT, reference.STATUSES } do
      for _, row in ipairs(list) do
        assert.is_truthy(page:find("\\fB" .. row[1] .. "\\fR", 1, true), row[1])
      end
    end
    for line in page:gmatch("[^\n]+") do -- a request by accident
      assert.is_truthy(not line:find("^['.]") or line:find("^%.%u%u?") or line:find("^%.[nf][fi]"),
        line)
    end
  end)

  it("has the newest version first in the changelog", function()
    local versions = {}
    for version in process.read("CHANGELOG.md"):gmatch("\n## %[(%d[^%]]*)%]") do
      versions[#versions + 1] = version
    end
    assert.are.equal(codeocean.version, versions[1])
  end)
end)


describe("docs/commands.md", function()
  it("has the commands there are and no other", function()
    local names, told = {}, {}
    for _, row in ipairs(commands()) do names[row.name] = true end
    local page = process.read "docs/commands.md"
    for name in page:gmatch("`colua (%l+)`[^\n]* | [^\n]+ |\n") do
      told[name] = true
    end
    for name in page:gmatch(", `colua (%l+)` | ") do told[name] = true end
    assert.are.same(names, told)
  end)
end)


describe("completions", function()
  local state -- XDG_STATE_HOME

  before_each(function() state = "/nonexistent" end)

  local function bash(...)
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write(generated("bash"), [[

COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _colua; printf '%s\n' "${COMPREPLY[@]}"
]])
    file:close()
    local done = process.run("/bin/bash", { path, ... }, { env = { XDG_STATE_HOME = state } })
    os.remove(path)
    assert.are.equal("", done.err)
    return done.out
  end

  for words, expected in pairs {
    ["colua ta"] = "tag\n", ["colua --sandb"] = "--sandbox\n",
    ["colua tag --a"] = "--archived\n--all\n--add\n", ["colua tag --type mo"] = "model\n",
    ["colua --sandbox search --archived a"] = "any\n",
    ["colua tag --ids CHANGE"] = "CHANGELOG.md\n",
    ["colua --sandbox = CHANGE"] = "CHANGELOG.md\n", ["colua undo CHANGE"] = "CHANGELOG.md\n",
    ["colua get --fields i"] = "id\n", ["colua tag --fields id,cha"] = "id,change\n",
    ["colua search --fields id,name,own"] = "id,name,owner\nid,name,owner_email\n",
    ["colua READ"] = "README.md\n", ["colua tag --add x"] = "\n",
  } do
    it("of bash know " .. words, function()
      local list = {}
      for word in words:gmatch("%S+") do list[#list + 1] = word end
      assert.are.equal(expected, bash(table.unpack(list)))
    end)
  end

  it("of bash know the runs by their short names", function()
    state = process.folder()
    finally(function() process.clean(state) end)
    process.shell("mkdir -p colua/runs; cd colua/runs; touch 20261123T101500Z-tag-3f2a1b.jsonl "
      .. "20261124T101500123Z-undo-tag-cb52bc.jsonl notes.txt", { cwd = state })
    for _, command in ipairs { "undo", "resume", "runs" } do
      assert.are.equal("last\n3f2a1b\ncb52bc\n", bash("colua", command, ""), command)
      assert.are.equal("cb52bc\n", bash("colua", command, "cb"), command)
      assert.are.equal("CHANGELOG.md\n", bash("colua", command, "CHANGE"), command)
    end
    assert.is_truthy(generated("zsh"):find(":RUN:_colua_runs", 1, true))
    assert.is_truthy(generated("fish"):find("__colua_runs)'", 1, true))
  end)

  it("of bash know whose assets, wherever assets are selected", function()
    local selecting = 0
    for _, row in ipairs(commands()) do
      if row.option == "--ownership" then
        assert.are.equal("owner\nshared\ncreated\nprivate\n",
          bash("colua", row.name, "--ownership", ""), row.name)
        selecting = selecting + 1
      end
    end
    assert.is_true(selecting > 10)
  end)

  it("of zsh and fish have every option", function()
    local zsh, fish = generated "zsh", generated "fish"
    for _, row in ipairs(commands()) do
      local long = row.option:match("^%-%-(.+)$")
      assert.is_truthy(zsh:find("*" .. row.option .. "[", 1, true), row.option)
      assert.is_truthy(fish:find(long and " -l " .. long or " -s " .. row.option:sub(2), 1, true),
        row.option)
    end
  end)
end)
