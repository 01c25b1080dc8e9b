-- The completions for fish: their text, and, if fish is installed, that fish can read it.

local manual = require "manual_text"
local process = require "process"

describe("completions of fish", function()
  it("have every option, and the runs", function()
    local text = manual.generated "fish"
    for _, row in ipairs(manual.commands()) do
      local long = row.option:match("^%-%-(.+)$")
      local form = long and " -l " .. long or " -s " .. row.option:sub(2)
      assert.is_truthy(text:find(form, 1, true), row.option)
    end
    assert.is_truthy(text:find("__colua_runs)'", 1, true))
  end)

  it("are what the shell can read", function()
    if process.shell("command -v fish").status ~= 0 then return pending "fish is not here" end
    local result = process.shell("fish -n", { stdin = manual.generated "fish" })
    assert.are.same({ 0, "" }, { result.status, result.err })
  end)
end)
