-- colua completion writes a file for each shell.

local process = require "process"

describe("colua completion", function()
  it("accepts three shells and no other", function()
    for shell, first in pairs { bash = "# Completions of colua for bash", zsh = "#compdef colua\n",
      fish = "# Completions of colua for fish" } do
      local result = process.run(process.colua, { "completion", shell }, { cwd = "/" })
      assert.are.same({ 0, "" }, { result.status, result.err })
      assert.are.equal(first, result.out:sub(1, #first))
    end
    local refused = process.run(process.colua, { "completion", "tcsh" })
    assert.are.same({ 2, "" }, { refused.status, refused.out })
    assert.is_truthy(refused.err:find("SHELL: 'tcsh' is not one of bash, zsh, fish", 1, true))
  end)
end)
