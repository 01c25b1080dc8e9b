-- The completions for zsh: their text, and, if zsh is installed, that zsh can read it.

local manual = require "manual_text"
local process = require "process"

describe("completions of zsh", function()
  it("have every option, and the runs", function()
    local text = manual.generated "zsh"
    for _, row in ipairs(manual.commands()) do
      assert.is_truthy(text:find("*" .. row.option .. "[", 1, true), row.option)
    end
    assert.is_truthy(text:find(":RUN:_colua_runs", 1, true))
  end)

  it("are what the shell can read", function()
    if process.shell("command -v zsh").status ~= 0 then return pending "zsh is not here" end
    local result = process.shell("zsh -n", { stdin = manual.generated "zsh" })
    assert.are.same({ 0, "" }, { result.status, result.err })
  end)
end)
