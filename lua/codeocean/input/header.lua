--- Finds the line of titles of a table and its separator. Spreadsheets put a `sep=;` line, a
-- heading or empty rows before it. Called by codeocean.input.rows. What must hold: a table is never
-- read as a plain list; text that looks like a table and has no wanted title is reported with what
-- was found.

local ascii = require "codeocean.ascii"
local csv = require "codeocean.input.csv"
local id = require "codeocean.input.id"
local text = require "codeocean.text"

local M = {}

local WINDOW = 20                    -- lines in which the titles must stand
local LONGEST_LIST = 200             -- columns of the titles in a message
local SEPARATORS = { ",", ";", "\t", "|" }

--- key(title) -> the form in which titles are compared: lower case, without blanks, dots, '-', '_'
-- and '+'; a sign in front (+tags, -tags) stays.
function M.key(title)
  local own = ascii.lower(id.trim(title)):gsub("^'([+-])", "%1")
  return (own:match "^[+-]" or "") .. own:gsub("[%s%-_.+]", "")
end

--- is_blank(line) -> whether the line holds only blanks, separators and quotes.
function M.is_blank(line) return not line:find("[^%s,;|\"]") end

--- is_comment(line) -> whether the line begins with #.
function M.is_comment(line) return line:find("^%s*#") ~= nil end

-- The cells of the window's i-th line, and the index of the last line that they stand in.
local function cells_at(window, i, separator)
  local last = i
  local cells = csv.record(window[i][1], separator, function()
    last = last + 1
    if window[last] then return window[last][1], window[last - 1][3] end
  end)
  return cells or {}, last
end

local function count_wanted(cells, wanted)
  local count = 0
  for _, cell in ipairs(cells) do
    if wanted(M.key(cell)) then count = count + 1 end
  end
  return count
end

local function better(best, window, i, separators, wanted)
  for _, separator in ipairs(separators) do
    local cells, last = cells_at(window, i, separator)
    local count = count_wanted(cells, wanted)
    if count > best.count or count > 0 and count == best.count and best.index == i
      and #cells > #best.names then
      best = { count = count, names = cells, separator = separator, index = i, last = last }
    end
  end
  return best
end

-- The separator of a line such as `sep=;`, which Excel writes and obeys.
local function declared(line)
  return line:match('^"?[sS][eE][pP]=(.)"?$')
end

-- Whether one of the line's cells is an id; such a line is data, not titles.
local function is_data(window, i, separators)
  if not id.holds(window[i][1]) then return false end
  for _, separator in ipairs(separators) do
    for _, cell in ipairs((cells_at(window, i, separator))) do
      if id.parse(cell) then return true end
    end
  end
end

-- Finds the line of titles: of the lines before the data the first with the most wanted titles.
local function search(window, first, separators, wanted)
  local best = { count = 0, names = {} }
  for i = first, #window do
    local line = window[i][1]
    if not M.is_blank(line) and not M.is_comment(line) then
      if is_data(window, i, separators) then break end
      best = better(best, window, i, separators, wanted)
    end
  end
  return best.count > 0 and best or nil
end

-- The first wanted title that stands twice, with its two columns; nil if none does.
local function repeated(names, wanted)
  local seen = {}
  for i, name in ipairs(names) do
    local key = M.key(name)
    if seen[key] and wanted(key) then return name, seen[key], i end
    seen[key] = seen[key] or i
  end
end

-- Looking like a table ---------------------------------------------------------------------------

local function titles_only(cells)
  for _, cell in ipairs(cells) do
    if not cell:find("^%s*[%a_][%w_ .-]*$") or id.parse(cell) then return false end
  end
  return #cells > 1
end

-- The titles over the ids of the first line below with an id in a cell; nil unless that line has as
-- many cells as titles.
local function id_columns(window, i, separator, names)
  for k = i + 1, #window do
    local cells, columns = cells_at(window, k, separator), {}
    for c, cell in ipairs(cells) do
      if id.parse(cell) then columns[#columns + 1] = id.trim(names[c] or "") end
    end
    if #columns > 0 then return #cells == #names and columns or nil end
  end
end

local function listed(names)
  local words = {}
  for i, name in ipairs(names) do words[i] = text.escape(id.trim(name)) end
  return text.clip(table.concat(words, ", "), LONGEST_LIST)
end

local function looks_like_titles(window, i, separators)
  for _, separator in ipairs(separators) do
    local names = cells_at(window, i, separator)
    local columns = #names > 1 and not id.holds(window[i][1])
      and id_columns(window, i, separator, names)
    if columns or titles_only(names) then
      return { line = window[i][2], names = listed(names), ids = listed(columns or {}) }
    end
  end
end

-- The line before the data that looks like the titles of a table, if one does.
local function foreign(window, first, separators)
  for i = first, #window do
    local line = window[i][1]
    if not M.is_blank(line) and not M.is_comment(line) then
      if is_data(window, i, separators) then return nil end
      local found = looks_like_titles(window, i, separators)
      if found then return found end
    end
  end
end

-- Finding ----------------------------------------------------------------------------------------

local function next_line(lines)
  local line, _, line_end = lines:next()
  return line, line_end
end

-- Removes the lines up to the end of the titles from the source.
local function skip(lines, count)
  for _ = 1, count do next_line(lines) end
end

local function trimmed(names)
  local list = {}
  for i, name in ipairs(names) do list[i] = id.trim(name) end
  return list
end

--- find(lines, wanted) -> header; or nil and the line that looks like titles: {line, names, ids},
-- its number, its titles and the titles over ids, as texts; or nil, nil if no line does.
-- wanted(key) tells whether a title is one of those looked for. The header is {names (trimmed),
-- separator, line (its number)}, with `problem` when a wanted title stands twice. If a header is
-- found, its line and those before it are removed from `lines`; otherwise none is.
function M.find(lines, wanted)
  local window = lines:peek(WINDOW)
  local first, separators = 1, SEPARATORS
  while window[first] and M.is_blank(window[first][1]) do first = first + 1 end
  local own = window[first] and declared(window[first][1])
  if own then first, separators = first + 1, { own } end
  local found = search(window, first, separators, wanted)
  if not found then return nil, foreign(window, first, separators) end
  local header = { names = trimmed(found.names), separator = found.separator,
    line = window[found.index][2] }
  local name, one, other = repeated(found.names, wanted)
  if name then
    header.problem = ('two columns "%s" (%d and %d); take one out or rename it'):format(
      text.escape(id.trim(name)), one, other)
  end
  skip(lines, found.last)
  return header
end

return M
