-- colua man writes the manual page.

local process = require "process"

describe("colua man", function()
  it("writes the page, wherever it is run", function()
    local result = process.run(process.colua, { "man" }, { cwd = "/" })
    assert.are.same({ 0, "" }, { result.status, result.err })
    assert.is_truthy(result.out:find('^%.TH COLUA 1 "" "colua [%d.]+" "User Commands"\n'))
  end)
end)
