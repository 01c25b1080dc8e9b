-- The preview and the question before a bulk run writes.

local confirmation = require "codeocean.cli.confirmation"
local process = require "process"

local function plan(action, count)
  local items = {}
  for i = 1, count do
    items[i] = { id = "id" .. i, name = i > 1 and "n\27" .. i or nil,
      fields = { tags = { before = { "a" }, after = { "b" } } } }
  end
  return { action = action, count = count, size = 2048, deployment = "host.org", items = items }
end

local ASK = [[
local confirmation = require "codeocean.cli.confirmation"
local plan = { action = "%s", count = 12 }
os.exit(confirmation.confirm(plan, { "the preview" }) and 7 or 8)
]]

describe("codeocean.cli.confirmation", function()
  it("shows the action, the count, the place, and five assets with their whole change", function()
    local lines = confirmation.lines(plan("update", 7))
    assert.equal(17, #lines)
    assert.same({ "update 7 assets (2.0 KiB) on host.org:", "  ~ id1", "      tags  -a",
      "      tags  +b", "  ~ id2  n\\0272" }, table.move(lines, 1, 5, 1, {}))
    assert.same({ "  ~ id5  n\\0275", "      tags  -a", "      tags  +b", "  … 2 more" },
      table.move(lines, 14, 17, 1, {}))
  end)

  it("shows all of five, and no change where none is written", function()
    assert.same({ "archive 1 asset (2.0 KiB) on host.org:", "  ~ id1" },
      confirmation.lines(plan("archive", 1)))
    assert.same("  ~ id5  n\\0275", confirmation.lines(plan("delete", 5))[6])
    assert.equal(6, #confirmation.lines(plan("delete", 5)))
  end)

  it("shows added values in green and removed ones in red, where colours are shown", function()
    assert.equal("green", confirmation.style '      session date  +"2024-02-29"')
    assert.equal("red", confirmation.style "      tags  -a")
    for _, line in ipairs { "  ~ id1  name  -x", "update 1 asset (2 B) on host:", "  + new" } do
      assert.is_nil(confirmation.style(line), line)
    end
    local code = [[local confirmation = require "codeocean.cli.confirmation"
      confirmation.confirm({ action = "update", count = 1 }, { "      tags  +x" })]]
    local function shown(env)
      return process.on_terminal({ process.colua, "-e", code },
        { talk = { "[y/N] ", "n" }, env = env }).out
    end
    assert.is_truthy(shown({ NO_COLOR = "" }):find("\27[32m      tags  +x\27[0m", 1, true))
    assert.is_nil(shown({ NO_COLOR = "1" }):find("\27[32m", 1, true))
  end)

  for answer, agrees in pairs { y = true, YES = true, [" y\r"] = true, n = false, [""] = false,
    yy = false, ["12"] = false } do
    it(("reads %q as %s"):format(answer, agrees and "a yes" or "a no"), function()
      assert.equal(agrees, confirmation.agrees({ action = "update", count = 12 }, answer))
    end)
  end

  for answer, agrees in pairs { ["12"] = true, [" 12 "] = true, y = false, yes = false,
    [""] = false, ["1"] = false, ["012"] = false, ["12.0"] = false } do
    it(("reads %q as %s to a delete of 12"):format(answer, agrees and "a yes" or "a no"), function()
      assert.equal(agrees, confirmation.agrees({ action = "delete", count = 12 }, answer))
    end)
  end

  it("reads the end of the input as a no", function()
    assert.is_false(confirmation.agrees({ action = "update", count = 1 }))
    assert.is_false(confirmation.agrees({ action = "delete", count = 1 }))
  end)

  local talks = {
    { "update", "Go on? [y/N] ", "y", 7 }, { "update", "Go on? [y/N] ", "", 8 },
    { "delete", "Type the number of assets to delete: ", "12", 7 },
    { "delete", "Type the number of assets to delete: ", "y", 8 },
    { "update", "Go on? [y/N] ", "\4", 8 },
  }
  for _, talk in ipairs(talks) do
    local action, question, answer, expected = table.unpack(talk)
    it(("asks on a terminal before a %s; %q"):format(action, answer), function()
      local run = process.on_terminal({ process.colua, "-e", ASK:format(action) },
        { talk = { question, answer } })
      assert.equal(expected, run.status)
      assert.is_truthy(run.out:find("the preview\n", 1, true))
      assert.equal(expected == 8, run.out:find("nothing was written\n", 1, true) ~= nil)
    end)
  end

  it("counts as no without a terminal, whatever the input is", function()
    local run = process.run(process.colua, { "-e", ASK:format "update" }, { stdin = "y\n" })
    assert.same({ 8, "", "the preview\nnothing was written: there is no terminal to ask on, and no "
      .. "--yes\n" }, { run.status, run.out, run.err })
  end)
end)
