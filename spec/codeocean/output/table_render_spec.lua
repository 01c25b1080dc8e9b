-- Whole tables as text.

local tables = require "codeocean.output.table"

local ID = "27b4d7ec-a2f8-4c8d-9be5-361d33e50bf0"
local OTHER = "f3259982-5d3b-42b2-9069-302df8cbe1b8"

local crawl = {
  id = ID, name = "commoncrawl", description = "web", files = 24212276, created = 1641473110,
  last_used = 0, size = 7184869799906702, state = "ready", tags = { "x1", "y1" },
  type = "dataset",
}
local draft = {
  id = OTHER, name = "evil\27[2J", state = "draft", tags = {}, type = "result",
  created = 1641473217.0,
}

describe("codeocean.output.table.render", function()
  it("shows the usual columns of assets", function()
    local expected = table.concat({
      "ID                                    NAME         TYPE     STATE     SIZE  "
        .. "CREATED               TAGS",
      ID .. "  commoncrawl  dataset  ready  6.4 PiB  2022-01-06 12:45:10Z  x1, y1",
      OTHER .. "  evil\\27[2J   result   draft           2022-01-06 12:46:57Z",
    }, "\n")
    assert.equal(expected, (tables.render({ crawl, draft })))
  end)

  it("shows the named fields", function()
    assert.equal("   FILES  NAME\n24212276  commoncrawl",
      (tables.render({ crawl }, { "files", "name" })))
  end)

  it("names what a narrow terminal left out", function()
    local _, dropped = tables.render({ crawl }, nil, { width = 75 })
    assert.same({ "TYPE", "CREATED" }, dropped)
  end)

  it("shows titles only if there is no row", function()
    assert.equal("ID  NAME", (tables.render({}, { "id", "name" })))
  end)

  it("refuses a value that is not a list of rows", function()
    assert.error_matches(function() tables.render("x") end, "rows")
  end)
end)
