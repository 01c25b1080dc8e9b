--- The page of one run, to be handed to somebody: who ran what, when, where and why, each change
-- and what failed. Called by `colua runs show --html`. The page loads nothing and can be read
-- without its script; what comes from a journal is escaped.

local format = require "codeocean.output.format"
local html = require "codeocean.estate.html"
local reports = require "codeocean.output.report"
local style = require "codeocean.estate.style"

local M = {}

local ROWS = 20000 -- most rows of a table

local function section(title, body)
  return ("<section><h2>%s</h2>\n%s</section>\n"):format(html.escape(title), body)
end

-- The known facts of the run, {name, text}, in the order in which they are shown.
local function facts(run)
  local rows = {}
  local function add(name, value)
    if value ~= nil then rows[#rows + 1] = { name, value } end
  end
  add("why", run.note)
  add("started", run.started and format.time(run.started))
  add("by", run.user and run.user .. (run.host and " on " .. run.host or ""))
  add("deployment", run.estate and "a sandbox: this was a rehearsal" or run.deployment)
  add("profile", run.profile)
  add("program", run.command)
  add("folder", run.folder)
  add("undone by", run.undone)
  add("journal", run.path)
  return rows
end

local function counts_of(run)
  local items = { ("<div><dt>state</dt><dd>%s</dd></div>"):format(html.escape(run.state)),
    ("<div><dt>assets</dt><dd>%d</dd></div>"):format(run.total) }
  local names = {}
  for status, n in pairs(run.counts) do
    if n > 0 then names[#names + 1] = status end
  end
  table.sort(names)
  for _, status in ipairs(names) do
    items[#items + 1] = ("<div><dt>%s</dt><dd>%d</dd></div>"):format(html.escape(status),
      run.counts[status])
  end
  return table.concat(items)
end

-- The whole change, a line for each tag, field or key.
local function change_of(record, dates)
  local lines = reports.lines(record, dates)
  for i, line in ipairs(lines) do lines[i] = html.escape(line) end
  return { table.concat(lines, "<br>"), html = true }
end

local function row_of(record, last)
  return { record.status, record.name or "", record.id or "", last }
end

-- The rows of what failed, those of all others, and how many there are of both.
local function rows_of(records, dates)
  local failed, others, sum = {}, {}, { failed = 0, others = 0 }
  for _, record in ipairs(records) do
    local why = reports.why(record)
    local list, kind = why and failed or others, why and "failed" or "others"
    sum[kind] = sum[kind] + 1
    if #list < ROWS then list[#list + 1] = row_of(record, why or change_of(record, dates)) end
  end
  return failed, others, sum
end

local function list(title, caption, rows, all, last)
  if all == 0 then return "" end
  local cut = all > #rows and ("<p>The first %d of %d.</p>"):format(#rows, all) or ""
  return section(title, html.table_of(caption, { { "status" }, { "name" }, { "id" }, { last } },
    rows) .. cut)
end

--- text(run, records) -> the page. run, records: the run and the records of its inputs, as
-- codeocean.bulk.runs.show gives them.
function M.text(run, records)
  local title = ("Run %s: %s"):format(run.run, run.name or run.action or "?")
  local failed, others, sum = rows_of(records, run.dates)
  return table.concat { style.HEAD:gsub("@TITLE@", (html.escape(title):gsub("%%", "%%%%"))),
    ("<header><h1>%s</h1></header>\n"):format(html.escape(title)),
    ('<dl class="facts">%s</dl>\n<main>\n'):format(counts_of(run)),
    section("Who, when, where, why", html.table_of("What the journal says of the run",
      { { "what" }, { "value" } }, facts(run))),
    list("What failed", "Left as it was, or not known", failed, sum.failed, "why"),
    list("Changes", "What was done, input by input", others, sum.others, "change"),
    "</main>\n", style.SCRIPT, "</body>\n</html>\n" }
end

M.facts = facts

return M
