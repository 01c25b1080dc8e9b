--- The page of `colua report`: makes one self-contained HTML file from a survey. The page loads
-- nothing: its content policy forbids every request.

local chart = require "codeocean.estate.chart"
local format = require "codeocean.output.format"
local html = require "codeocean.estate.html"
local style = require "codeocean.estate.style"

local M = {}

local ROWS = 50   -- most rows of a table
local MATRIX = 20 -- most tags of the matrix

-- 1234567 -> "1,234,567"
local function number(count)
  local groups = ("%d"):format(count):reverse():gsub("(%d%d%d)", "%1,"):reverse()
  return (groups:gsub("^,", ""))
end

local function percent(part, whole)
  return whole > 0 and ("%.0f %%"):format(100 * part / whole) or "–"
end

-- The text of a number of bytes, which may be a float, for the axis of a chart.
local function bytes_text(bytes)
  if bytes < 2 ^ 62 then return format.size(math.floor(bytes)) end
  return ("%.1f EiB"):format(bytes / 2 ^ 60)
end

-- The end of an axis: the first of 1, 2, 5, 10, 20 … of a unit of bytes that is not below `bytes`.
local function round_bytes(bytes)
  local unit = 1
  while bytes >= 1024 * unit do unit = unit * 1024 end
  local step = unit
  for _, factor in ipairs { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1024 } do
    step = unit * factor
    if step >= bytes then break end
  end
  return step
end

local function section(title, ...)
  return ("<section><h2>%s</h2>\n%s</section>\n"):format(html.escape(title),
    table.concat({ ... }, "\n"))
end

local function first(list, most)
  return table.move(list, 1, math.min(#list, most), 1, {})
end

local function cut_note(list, most)
  if #list <= most then return "" end
  return ("<p>The first %d of %s.</p>"):format(most, number(#list))
end

local function summary(survey, facts)
  local total = survey:total()
  local rows = { { "assets", number(total.count) }, { "size", total.bytes:size() },
    { "idle", ("%s (%s)"):format(total.idle_bytes:size(),
      percent(total.idle_bytes:approximately(), total.bytes:approximately())) },
    { "not ready", number(survey.not_ready_count) },
    { "with custom metadata", percent(survey.with_metadata, total.count) } }
  local items = {}
  for i, row in ipairs(rows) do
    items[i] = ("<div><dt>%s</dt><dd>%s</dd></div>"):format(row[1], html.escape(row[2]))
  end
  return ("<header><h1>%s</h1><p>%s. Idle: not used since %s.</p></header>\n"
    .. '<dl class="facts">%s</dl>\n'):format(html.escape(facts.title), html.escape(facts.about),
      html.escape(facts.idle_since), table.concat(items))
end

local function growth(survey)
  local months, types, bytes = survey:growth()
  if #months == 0 then return "" end
  return section("Growth by month", chart.stacked {
    title = "Bytes created by month",
    about = ("stacked by type, from %s to %s"):format(months[1], months[#months]),
    columns = months, series = types, value = bytes, label = bytes_text,
    top = round_bytes }, chart.legend(types))
end

local function group_columns(title)
  return { { title }, { "assets", right = true }, { "size", right = true },
    { "idle", right = true }, { "size and idle" } }
end

local function group_table(title, groups)
  local rows, all = {}, groups:rows()
  local most = all[1] and all[1].bytes:approximately() or 0
  for i, row in ipairs(first(all, ROWS)) do
    local bytes, idle = row.bytes:approximately(), row.idle_bytes:approximately()
    local share = bytes > 0 and idle / bytes or 0
    rows[i] = { row.key, { number(row.count), sort = row.count },
      { row.bytes:size(), sort = ("%.0f"):format(bytes) },
      { percent(idle, bytes), sort = ("%.4f"):format(share) },
      { chart.bar(most > 0 and bytes / most or 0, share), html = true,
        sort = ("%.0f"):format(bytes) } }
  end
  return section("By " .. title, html.table_of("Size and idle share by " .. title,
    group_columns(title), rows), cut_note(all, ROWS))
end

local function alike(survey)
  local rows, groups = {}, survey.tag_use:alike()
  for i, group in ipairs(first(groups, ROWS)) do
    local words, uses = {}, 0
    for j, entry in ipairs(group) do
      words[j], uses = ("%s (%s)"):format(entry[1], number(entry[2])), uses + entry[2]
    end
    rows[i] = { table.concat(words, ", "), { number(uses), sort = uses } }
  end
  if #rows == 0 then return "" end
  return section("Tags that are perhaps one", html.table_of(
    "They differ in case, hyphens, blanks or a plural s", { { "tags, with their uses" },
      { "uses", right = true } }, rows), cut_note(groups, ROWS))
end

local function together(survey)
  local names, counts = survey.tag_use:together(MATRIX)
  if #names < 2 then return "" end
  local about = "The stronger the colour, the larger the share of the rarer tag's assets that have "
    .. "both."
  return section("Tags that stand together", "<p>" .. about .. "</p>", '<div class="matrix">'
    .. chart.matrix("Co-occurrence of the commonest tags", ("%d tags. %s"):format(#names, about),
      names, counts) .. "</div>")
end

local function duplicates(survey)
  local rows, all = {}, survey:duplicates()
  if #all == 0 then return "" end
  for i, entry in ipairs(first(all, ROWS)) do
    rows[i] = { entry[1], { number(entry[2]), sort = entry[2] } }
  end
  return section("Names borne by several assets", html.table_of("Duplicates by name",
    { { "name" }, { "assets", right = true } }, rows), cut_note(all, ROWS))
end

local function name_and_id(asset)
  return ("%s<br><small>%s</small>"):format(html.escape(asset.name or ""), html.escape(asset.id))
end

local function asset_rows(list, extra)
  local rows = {}
  for i, asset in ipairs(list) do
    rows[i] = { { name_and_id(asset), html = true },
      { format.size(asset.size), sort = asset.size or 0 },
      { format.time(asset.created), sort = asset.created or 0 }, extra(asset) }
  end
  return rows
end

local ASSET = { { "name and id" }, { "size", right = true }, { "created" } }

local function idle(survey)
  if #survey.idle == 0 then return "" end
  return section("Largest idle assets", html.table_of("The largest that nobody used of late",
    { ASSET[1], ASSET[2], ASSET[3], { "last used" } },
    asset_rows(survey.idle, function(asset)
      return { format.time(asset.last_used or 0), sort = asset.last_used or 0 }
    end)))
end

local function not_ready(survey)
  if survey.not_ready_count == 0 then return "" end
  local cut = survey.not_ready_count - #survey.not_ready
  return section("Drafts and failures", html.table_of("Assets that are not ready",
    { ASSET[1], ASSET[2], ASSET[3], { "state" } },
    asset_rows(survey.not_ready, function(asset)
      return asset.reason and ("%s: %s"):format(asset.state, asset.reason) or asset.state
    end)), cut > 0 and ("<p>%s more are not listed.</p>"):format(number(cut)) or "")
end

local function metadata(survey)
  local rows, total = {}, survey:total().count
  local all = survey:metadata()
  for i, entry in ipairs(first(all, ROWS)) do
    rows[i] = { entry[1], { number(entry[2]), sort = entry[2] },
      { number(total - entry[2]), sort = total - entry[2] },
      { chart.bar(entry[2] / total), html = true, sort = entry[2] } }
  end
  if #rows == 0 then return "" end
  return section("Custom metadata: what is missing", html.table_of("Keys, and assets without them",
    { { "key" }, { "assets with it", right = true }, { "without it", right = true },
      { "coverage" } }, rows), cut_note(all, ROWS))
end

--- text(survey, facts) -> the page. facts: {title, about = what was surveyed and when, idle_since}.
function M.text(survey, facts)
  local parts = { style.HEAD:gsub("@TITLE@", (html.escape(facts.title):gsub("%%", "%%%%"))),
    summary(survey, facts), "<main>\n", growth(survey), group_table("type", survey.by_type),
    group_table("owner", survey.by_owner), group_table("tag", survey.by_tag), alike(survey),
    together(survey), duplicates(survey), idle(survey), not_ready(survey), metadata(survey),
    "</main>\n", style.SCRIPT, "</body>\n</html>\n" }
  return table.concat(parts)
end

return M
