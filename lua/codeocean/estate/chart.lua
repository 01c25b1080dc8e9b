--- Charts as SVG inside a page: stacked columns over time, a bar in a table, a matrix.
--
-- Colours are classes of the page's style sheet (c1 … c6), so that dark mode and print can change
-- them. Each chart has a title and a description for screen readers.

local html = require "codeocean.estate.html"

local M = {}

-- The margins have room for the larger labels of a narrow window.
local WIDTH, HEIGHT = 960, 276
local LEFT, BOTTOM, TOP = 124, 34, 20
local LABELS = 8 -- of the time axis; a narrow window shows every other one

--- The number of colours; further series share the last one.
M.COLOURS = 6

--- colour(i) -> the class of the i-th series.
function M.colour(i) return "c" .. math.min(i, M.COLOURS) end

local function svg(width, height, title, about, parts)
  return ('<svg viewBox="0 0 %d %d" role="img" aria-label="%s"><title>%s</title><desc>%s</desc>')
    :format(width, height, html.escape(title .. ": " .. about), html.escape(title),
      html.escape(about)) .. table.concat(parts) .. "</svg>"
end

local function rect(class, x, y, width, height, tip)
  return ('<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"><title>%s</title></rect>')
    :format(class, x, y, width, height, html.escape(tip))
end

local function label(x, y, anchor, content)
  return ('<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>'):format(x, y, anchor,
    html.escape(content))
end

-- The n-th label of the time axis; one at the right edge ends there.
local function time_label(n, x, name)
  local anchor = x > WIDTH - 50 and "end" or "middle"
  local shown = label(x, HEIGHT - 8, anchor, name)
  return n % 2 == 0 and '<g class="second">' .. shown .. "</g>" or shown
end

local function highest(columns, series, value)
  local most = 0
  for _, column in ipairs(columns) do
    local sum = 0
    for _, name in ipairs(series) do sum = sum + value(column, name) end
    most = math.max(most, sum)
  end
  return most
end

local function axis(parts, most, label_of)
  for i = 0, 2 do
    local y = TOP + (HEIGHT - TOP - BOTTOM) * (1 - i / 2)
    parts[#parts + 1] = ('<line x1="%d" x2="%d" y1="%.1f" y2="%.1f"/>'):format(LEFT, WIDTH, y, y)
    parts[#parts + 1] = label(LEFT - 6, y + 4, "end", label_of(most * i / 2))
  end
end

local function column_of(parts, chart, index, x, width, scale)
  local y = HEIGHT - BOTTOM
  for i, name in ipairs(chart.series) do
    local value = chart.value(chart.columns[index], name)
    local height = value * scale
    if height > 0 then
      y = y - height
      parts[#parts + 1] = rect(M.colour(i), x, y, width, height,
        ("%s, %s: %s"):format(chart.columns[index], name, chart.label(value)))
    end
  end
end

--- stacked(chart) -> columns over time, with one colour for each series.
-- chart: {title, about, columns = list of names, series = list of names, value(column, name) ->
-- number, label(number) -> text, top(number) -> the end of the axis for a highest column (nil: the
-- column itself)}.
function M.stacked(chart)
  local most = highest(chart.columns, chart.series, chart.value)
  if chart.top then most = chart.top(most) end
  local parts, count = {}, #chart.columns
  local step = (WIDTH - LEFT) / math.max(count, 1)
  local scale = most > 0 and (HEIGHT - TOP - BOTTOM) / most or 0
  axis(parts, most, chart.label)
  local every = math.max(1, math.ceil(count / LABELS))
  for i, name in ipairs(chart.columns) do
    local x = LEFT + (i - 1) * step
    column_of(parts, chart, i, x + step * 0.1, step * 0.8, scale)
    if (i - 1) % every == 0 then
      parts[#parts + 1] = time_label((i - 1) // every + 1, x + step / 2, name)
    end
  end
  return svg(WIDTH, HEIGHT, chart.title, chart.about, parts)
end

--- legend(series) -> a list of the series with their colours.
function M.legend(series)
  local parts = {}
  for i, name in ipairs(series) do
    parts[i] = ('<li><svg viewBox="0 0 12 12" aria-hidden="true"><rect class="%s" width="12" '
      .. 'height="12"/></svg>%s</li>'):format(M.colour(i), html.escape(name))
  end
  return '<ul class="legend">' .. table.concat(parts) .. "</ul>"
end

--- bar(share, part) -> a bar for a table's cell: `share` of its width, and `part` of that in a
-- second colour. Both from 0 to 1.
function M.bar(share, part)
  local whole = 120 * math.max(0, math.min(share, 1))
  local second = whole * math.max(0, math.min(part or 0, 1))
  return ('<svg class="bar" viewBox="0 0 120 10" preserveAspectRatio="none" aria-hidden="true">'
    .. '<rect class="c1" width="%.1f" height="10"/>'
    .. '<rect class="idle" width="%.1f" height="10"/></svg>'):format(whole, second)
end

local CELL, ROOM = 26, 210

local function shortened(name)
  local length = utf8.len(name)
  if not length or length <= 20 then return name end
  return name:sub(1, utf8.offset(name, 20) - 1) .. "…"
end

-- The part of the rarer tag's assets that have the other tag too; 0 for a tag and itself.
local function share_of(counts, i, j)
  local least = math.min(counts[i][i], counts[j][j])
  return least > 0 and i ~= j and counts[i][j] / least or 0
end

local function largest_share(counts)
  local most = 0
  for i = 1, #counts do
    for j = 1, #counts do most = math.max(most, share_of(counts, i, j)) end
  end
  return most
end

-- The square for the i-th and j-th tag.
local function square(names, counts, i, j, most)
  local share = most > 0 and share_of(counts, i, j) / most or 0
  return ('<rect class="cell" x="%d" y="%d" width="%d" height="%d" fill-opacity="%.2f">'
    .. "<title>%s</title></rect>"):format(ROOM + (j - 1) * CELL, ROOM + (i - 1) * CELL, CELL - 2,
      CELL - 2, share, html.escape(("%s and %s: %d"):format(names[i], names[j], counts[i][j])))
end

--- matrix(title, about, names, counts) -> a square for each pair of tags: the larger the share of
-- the rarer tag's assets that has both, the stronger its colour; the largest share is opaque.
function M.matrix(title, about, names, counts)
  local parts, size, most = {}, ROOM + CELL * #names, largest_share(counts)
  for i, name in ipairs(names) do
    local at, short = ROOM + (i - 1) * CELL + 17, shortened(name)
    parts[#parts + 1] = label(ROOM - 6, at, "end", short)
    parts[#parts + 1] = ('<g transform="translate(%d %d) rotate(-90)">%s</g>'):format(at, ROOM - 6,
      label(0, 0, "start", short))
    for j = 1, #names do parts[#parts + 1] = square(names, counts, i, j, most) end
  end
  return svg(size, size, title, about, parts)
end

return M
