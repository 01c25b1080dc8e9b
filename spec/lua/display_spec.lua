local display = require "codeocean.display"

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

describe("codeocean.display", function()
  it("has one door to escaping, widths, sizes, times, colours and progress", function()
    assert.equal("\\27", display.escape("\27"))
    assert.equal(4, display.width("大脑"))
    assert.equal("a…", display.clip("abc", 2))
    assert.equal("6.4 PiB", display.size(7184869799906702))
    assert.equal("never", display.time(0))
    assert.equal("2 min 05 s", display.duration(125))
    assert.equal("1/2   50%", display.progress { done = 1, total = 2 })
    assert.is_false(display.colours(function() end, false))
    assert.equal("x", display.paint(false).red("x"))
  end)
end)

describe("codeocean.display.table", function()
  it("shows the usual columns of assets", function()
    local expected = table.concat({
      "ID                                    NAME         TYPE     STATE     SIZE  "
        .. "CREATED               TAGS",
      ID .. "  commoncrawl  dataset  ready  6.4 PiB  2022-01-06 12:45:10Z  x1, y1",
      OTHER .. "  evil\\27[2J   result   draft           2022-01-06 12:46:57Z",
    }, "\n")
    assert.equal(expected, (display.table({ crawl, draft })))
  end)

  it("shows the fields asked for", function()
    assert.equal("   FILES  NAME\n24212276  commoncrawl",
      (display.table({ crawl }, { "files", "name" })))
  end)

  it("tells what a narrow terminal left out", function()
    local _, dropped = display.table({ crawl }, nil, { width = 75 })
    assert.same({ "TYPE", "CREATED" }, dropped)
  end)

  it("shows titles only if there is no row", function()
    assert.equal("ID  NAME", (display.table({}, { "id", "name" })))
  end)

  it("refuses what is no list of rows", function()
    assert.error_matches(function() display.table("x") end, "rows")
  end)
end)

describe("codeocean.display.card", function()
  it("shows the usual fields first, then all others sorted", function()
    local asset = {
      zeta = true, id = ID, name = "n", size = 7184869799906702, created = 1641473110.0,
      last_used = 0, tags = { "b", "a" }, alpha = 1.0, custom_metadata = { b = 1, a = { "x" } },
    }
    assert.equal(table.concat({
      "id               " .. ID,
      "name             n",
      "size             6.4 PiB (7184869799906702 bytes)",
      "created          2022-01-06 12:45:10Z",
      "last_used        never",
      "tags             b, a",
      "alpha            1",
      'custom_metadata  { a = { "x" }, b = 1 }',
      "zeta             true",
    }, "\n"), display.card(asset))
  end)

  it("keeps the lines of a text beside its field, without their controls", function()
    assert.equal("description  one\n             two\\27[2J",
      display.card { description = "one\r\ntwo\27[2J" })
  end)

  it("escapes the names of fields", function()
    assert.equal("a\\27b  1", display.card { ["a\27b"] = 1 })
  end)

  it("breaks a long table within", function()
    assert.equal('m  {\n     a = "xxxxxxxxxx",\n     b = "yyyyyyyyyy",\n   }',
      display.card({ m = { a = ("x"):rep(10), b = ("y"):rep(10) } }, { width = 30 }))
  end)

  it("marks cycles", function()
    local asset = { id = ID, m = {} }
    asset.m.self = asset.m
    assert.matches("m +{ self = <cycle> }", display.card(asset))
  end)

  it("colours labels and state", function()
    assert.equal("\27[1mstate\27[0m  \27[31mfailed\27[0m",
      display.card({ state = "failed" }, { colour = true }))
  end)
end)

describe("codeocean.display.value", function()
  local function many(count)
    local list = {}
    for i = 1, count do list[i] = i % 2 == 0 and crawl or draft end
    return list
  end

  it("shows an asset as a card", function()
    assert.equal(display.card(crawl), display.value(crawl))
  end)

  it("knows an asset by its id and its name or state", function()
    assert.matches("^id ", display.value { id = ID, name = "x" })
    assert.matches("^id ", display.value { id = ID, state = "draft" })
  end)

  it("shows a list of assets as a table", function()
    assert.equal((display.table { crawl, draft }), display.value { crawl, draft })
  end)

  it("shows 20 rows of a long list", function()
    local shown = display.value(many(55))
    local _, breaks = shown:gsub("\n", "")
    assert.equal(21, breaks)
    assert.matches("\n… 35 more$", shown)
    assert.not_matches("more", display.value(many(20)))
  end)

  it("shows a page of a search with its totals", function()
    local page = { results = many(2), total = 9.0, has_more = true }
    assert.equal((display.table(many(2))) .. "\n2 shown of 9, there are more pages",
      display.value(page))
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
      local shown = display.value(rows[i][1])
      if rows[i][2] then assert.equal(rows[i][2], shown) end
      assert.not_matches("^ID", shown)
    end)
  end
end)
