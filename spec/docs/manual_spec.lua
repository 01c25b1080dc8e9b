-- The generated pages are up to date; the manual, the completions and docs/commands.md agree with
-- the commands' own help.

package.path = "./?.lua;" .. package.path

local codeocean = require "codeocean"
local manual = require "manual_text"
local process = require "process"

local commands = manual.commands

local COMMITTED = { ["docs/reference.md"] = "markdown",
  ["docs/annotations/library/codeocean.lua"] = "annotations" }
for _, name in ipairs { "bulk", "tags", "ids", "input/sheet", "output", "json", "sandbox" } do
  COMMITTED["docs/annotations/library/codeocean/" .. name .. ".lua"] = "annotations"
end


local function count(set)
  local n = 0
  for _ in pairs(set) do n = n + 1 end
  return n
end

describe("the manual", function()
  for path, generator in pairs(COMMITTED) do
    it("is as generated: " .. path, function()
      local text = require("manual." .. generator).text(path)
      assert.is_true(text == process.read(path), path .. " is out of date: make docs")
    end)
  end

  it("has exact classes for all tables but objects with methods, so that .dryrun is marked",
  function()
    local text = process.read "docs/annotations/library/codeocean.lua"
    local exact, objects = {}, 0
    for marked, name, rest in
      text:gmatch "\n%-%-%-@class (%(?e?x?a?c?t?%)? ?)(codeocean%S*)\n(.-)\n\n" do
      if marked == "(exact) " then
        exact[name] = rest
      else
        objects = objects + 1
        assert.is_truthy((rest .. "\n"):find "local [%w_]+ = {}\n", name)
      end
    end
    assert.are.equal(select(2, text:gsub("%-%-%-@class ", "")), objects + count(exact))
    assert.is_true(objects >= 9 and count(exact) >= 40)
    assert.is_truthy(exact["codeocean.ClientOptions"]:find("@field dry_run?", 1, true))
    for param in text:gmatch "\n%-%-%-@param options%?? (%S+)" do
      assert.is_truthy(exact[param:gsub("%?$", "")] or param:find "^{", param)
    end
  end)

  it("has what editors read beside the annotations", function()
    local settings = codeocean.json.decode(process.read ".luarc.json")
    assert.are.same({ "docs/annotations/library" }, { table.unpack(settings["workspace.library"]) })
    assert.is_true(settings["type.checkTableShape"])
    local addon = codeocean.json.decode(process.read "docs/annotations/config.json")
    assert.are.equal("codeocean", addon.name)
    for line, found in pairs {
      ['local codeocean = require "codeocean"'] = true, ["require('codeocean.bulk')"] = true,
      ['require "other.codeocean"'] = false, ["-- codeocean"] = false } do
      assert.are.equal(found, line:find(addon.words[1]) ~= nil, line)
    end
    assert.is_nil(addon.words[2])
    assert.are.same({ ["Lua.type.checkTableShape"] = true }, addon.settings)
  end)

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
