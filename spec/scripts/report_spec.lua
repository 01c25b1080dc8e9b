-- colua report writes one page, whole or not at all. spec/codeocean/estate/report_page_spec.lua
-- tests its content.

local deployment = require "deployment"
local process = require "process"

describe("colua report", function()
  local here

  setup(function() here = deployment.start { seed = 120, ready_after = 0 } end)
  teardown(function() here:stop() end)

  it("writes a page about what the search finds", function()
    local result = here:run { "report", "--type", "dataset", "--output", "estate.html" }
    assert.are.same({ 0, "" }, { result.status, result.out })
    assert.is_truthy(here:sent()[1]:find('"type":"dataset"', 1, true))
    local text = process.read(here.folder .. "/estate.html")
    assert.is_truthy(text:find("<h1>Data assets of 127.0.0.1:", 1, true))
    assert.is_truthy(text:find("</html>\n$"))
    local count = result.err:match "estate.html: (%d+) assets"
    assert.is_truthy(text:find("<dd>" .. count .. "</dd>", 1, true), result.err)
    assert.is_nil(text:find(here.server.token, 1, true))
    assert.is_truthy(text:find(" UTC, by colua report --type dataset --output estate.html.", 1,
      true))
  end)

  it("writes about --limit assets, of those that --where selects", function()
    for _, words in ipairs { { "--limit", "1" }, { "--limit", "1", "--where", "size > 0" } } do
      local result = here:run { "report", "--output", "few.html", table.unpack(words) }
      assert.is_truthy(result.err:find("^few.html: 1 asset, %d+ bytes\n$"), result.err)
    end
  end)

  it("leaves the page that was there when it cannot make another", function()
    process.write(here.folder .. "/old.html", "old")
    local result = here:run({ "report", "--output", "old.html" },
      { env = { CODEOCEAN_TOKEN = "cop_wrong" } })
    assert.are.equal(4, result.status)
    assert.are.equal("old", process.read(here.folder .. "/old.html"))
  end)

  it("proposes --output for the name of a file", function()
    local result = here:run { "report", "out.html" }
    local line = "colua report: did you mean --output out.html? (see colua report --help)\n"
    assert.are.same({ 2, line }, { result.status, result.err })
  end)

  it("needs a file that can be written, and a valid age", function()
    for _, words in ipairs { { "report" }, { "report", "--output", "x.html", "--idle", "soon" },
      { "report", "--output", "no/such/folder/x.html" } } do
      assert.are.equal(2, here:run(words).status, table.concat(words, " "))
    end
  end)
end)
