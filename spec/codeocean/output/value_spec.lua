-- How the session writes a value.

local card = require "codeocean.output.card"
local tables = require "codeocean.output.table"
local value = require "codeocean.output.value"

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

describe("codeocean.output.value.show", function()
  local function many(count)
    local list = {}
    for i = 1, count do list[i] = i % 2 == 0 and crawl or draft end
    return list
  end

  it("shows an asset as a card", function()
    assert.equal(card.asset(crawl), value.show(crawl))
  end)

  it("knows an asset by its id and its name or state", function()
    assert.matches("^id ", value.show { id = ID, name = "x" })
    assert.matches("^id ", value.show { id = ID, state = "draft" })
  end)

  it("shows a list of assets as a table", function()
    assert.equal((tables.render { crawl, draft }), value.show { crawl, draft })
  end)

  it("shows 20 rows of a long list", function()
    local shown = value.show(many(55))
    local _, breaks = shown:gsub("\n", "")
    assert.equal(21, breaks)
    assert.matches("\n… 35 more$", shown)
    assert.not_matches("more", value.show(many(20)))
  end)

  it("shows a page of a search with its totals", function()
    local page = { results = many(2), total = 9.0, has_more = true }
    assert.equal((tables.render(many(2))) .. "\n2 shown of 9, there are more pages",
      value.show(page))
  end)

  local rows = {
    { { results = {}, total = 0 }, "{ results = {}, total = 0 }" },
    { { "a", "b" }, '{ "a", "b" }' }, { {}, "{}" }, { nil, "nil" }, { "x", '"x"' }, { 12, "12" },
    { { crawl.id, crawl } }, { { crawl, crawl.id } }, { { { id = ID } } },
    { { id = ID }, '{ id = "' .. ID .. '" }' },
    { { id = 7, name = "x" }, '{ id = 7, name = "x" }' },
  }
  for i = 1, 11 do
    it("shows everything else as Lua writes it, row " .. i, function()
      local shown = value.show(rows[i][1])
      if rows[i][2] then assert.equal(rows[i][2], shown) end
      assert.not_matches("^ID", shown)
    end)
  end
end)
