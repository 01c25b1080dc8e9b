-- The style sheet loads nothing, and has colours for dark mode and print.

local style = require "codeocean.estate.style"

describe("codeocean.estate.style", function()
  it("forbids every request, and names no address", function()
    assert.is_truthy(style.HEAD:find("default-src 'none'", 1, true))
    assert.is_nil((style.HEAD .. style.SCRIPT):find "https?:")
    assert.is_nil((style.HEAD .. style.SCRIPT):find "url%(")
    assert.is_nil(style.HEAD:find "@import")
  end)

  it("has colours for dark mode, and a form for print", function()
    assert.is_truthy(style.HEAD:find("prefers-color-scheme: dark", 1, true))
    assert.is_truthy(style.HEAD:find("@media print", 1, true))
    for i = 1, 6 do assert.equal(2, select(2, style.HEAD:gsub("%-%-c" .. i .. ":", "")), i) end
  end)
end)
