-- What is generated is as it was generated; the manual, the completions and docs/commands.md say of
-- the commands what they say of themselves.

package.path = "./?.lua;" .. package.path

local codeocean = require "codeocean"
local manual = require "manual_text"
local process = require "process"

local commands = manual.commands

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

  it("has exact classes for options, so that an editor marks dryrun", function()
    local text = process.read "docs/annotations/codeocean.lua"
    local options = text:match "%-%-%-@class %(exact%) codeocean%.ClientOptions\n(.-)\n\n"
    assert.is_truthy(options and options:find("@field dry_run?", 1, true))
    assert.is_truthy(text:find("\n---@class codeocean.Client\n", 1, true))
    assert.is_truthy(process.read ".luarc.json":find('["docs/annotations"]', 1, true))
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
