--- Pieces of HTML. Every text from outside is escaped here, once.
--
-- Control and direction characters are made visible as on a terminal; then HTML's special
-- characters are written as entities, so that HTML in a name has no effect.

local text = require "codeocean.text"

local M = {}

local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;",
  ["'"] = "&#39;" }

--- escape(value) -> the value as text inside an element or an attribute.
function M.escape(value)
  return (text.escape(tostring(value)):gsub("[&<>\"']", ENTITIES))
end

-- The titles of the columns. A column: {title, right = true for a column of numbers}.
local function head_of(columns)
  local cells = {}
  for i, column in ipairs(columns) do
    cells[i] = ('<th scope="col"%s><button type="button">%s</button></th>'):format(
      column.right and ' class="number"' or "", M.escape(column[1]))
  end
  return "<thead><tr>" .. table.concat(cells) .. "</tr></thead>"
end

-- A cell: a text, a number, or {shown, sort = value, html = true: it is HTML already}.
local function cell_of(cell, column)
  local shown, key = cell, nil
  if type(cell) == "table" then shown, key = cell[1], cell.sort end
  local html = type(cell) == "table" and cell.html and shown or M.escape(shown)
  return ("<td%s%s>%s</td>"):format(column.right and ' class="number"' or "",
    key ~= nil and (' data-sort="%s"'):format(M.escape(key)) or "", html)
end

--- table_of(caption, columns, rows) -> a table that the page's script sorts by a click on a title.
function M.table_of(caption, columns, rows)
  local lines = { '<div class="scroll"><table><caption>', M.escape(caption), "</caption>",
    head_of(columns), "<tbody>" }
  for _, row in ipairs(rows) do
    local cells = {}
    for i, column in ipairs(columns) do cells[i] = cell_of(row[i], column) end
    lines[#lines + 1] = "<tr>" .. table.concat(cells) .. "</tr>\n"
  end
  lines[#lines + 1] = "</tbody></table></div>"
  return table.concat(lines)
end

return M
