-- Charts as SVG: geometry, titles, colours.

local chart = require "codeocean.estate.chart"

local function count(text, pattern) return select(2, text:gsub(pattern, "")) end

local function stacked(columns, values)
  return chart.stacked { title = "Growth <x>", about = "by month", columns = columns,
    series = { "dataset", "result" },
    value = function(column, name) return (values[column] or {})[name] or 0 end,
    label = function(value) return ("%d B"):format(value) end }
end

describe("codeocean.estate.chart", function()
  it("stacks a column's series, the highest column filling the height", function()
    local text = stacked({ "2021-01", "2021-02" }, { ["2021-01"] = { dataset = 30, result = 10 },
      ["2021-02"] = { dataset = 20 } })
    assert.equal(3, count(text, "<rect"))
    local heights = {}
    for height in text:gmatch 'height="([%d.]+)"' do heights[#heights + 1] = tonumber(height) end
    assert.same({ 166.5, 55.5, 111.0 }, heights)
    assert.is_truthy(text:find("2021%-01, dataset: 30 B"))
  end)

  it("ends its axis at the given top", function()
    local text = chart.stacked { title = "T", about = "t", columns = { "a" }, series = { "x" },
      value = function() return 70 end, label = tostring, top = function() return 100 end }
    assert.is_truthy(text:find(">100.0</text>", 1, true) or text:find(">100</text>", 1, true), text)
    assert.is_truthy(text:find('height="155.4"', 1, true))
  end)

  it("has a title and a description for screen readers", function()
    local text = stacked({}, {})
    assert.is_truthy(text:find('role="img" aria-label="Growth &lt;x&gt;: by month"', 1, true))
    assert.is_truthy(text:find("<title>Growth &lt;x&gt;</title><desc>by month</desc>", 1, true))
  end)

  it("draws an empty estate", function()
    assert.equal(0, count(stacked({ "2021-01" }, {}), "<rect"))
    assert.is_nil(stacked({ "2021-01" }, {}):find "nan")
  end)

  it("gives the series beyond the sixth the last colour", function()
    assert.equal("c1", chart.colour(1))
    assert.equal("c6", chart.colour(6))
    assert.equal("c6", chart.colour(60))
    assert.equal(2, count(chart.legend { "a", "b" }, "<li>"))
  end)

  it("draws a bar within its width", function()
    assert.is_truthy(chart.bar(0.5, 0.5):find('width="60.0".-width="30.0"'))
    assert.is_truthy(chart.bar(9, -1):find('width="120.0".-width="0.0"'))
  end)

  it("shades a pair by the rarer tag's share, beside the largest share", function()
    local text = chart.matrix("Tags", "together", { "a", "<b>", "c" },
      { { 40, 1, 2 }, { 1, 20, 0 }, { 2, 0, 10 } })
    assert.equal(9, count(text, 'class="cell"'))
    assert.equal(2, count(text, 'fill%-opacity="1.00"'))
    assert.equal(2, count(text, 'fill%-opacity="0.25"'))
    assert.equal(5, count(text, 'fill%-opacity="0.00"'))
    assert.is_nil(chart.matrix("T", "t", { "a" }, { { 0 } }):find "nan")
    assert.is_truthy(text:find("a and &lt;b&gt;: 1", 1, true))
  end)

  it("cuts a long name between characters", function()
    local text = chart.matrix("T", "t", { ("é"):rep(30), "b" }, { { 1, 0 }, { 0, 1 } })
    assert.is_truthy(text:find(">" .. ("é"):rep(19) .. "…<", 1, true))
  end)
end)
