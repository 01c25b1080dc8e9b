--- Shown list: the list of assets, or of a run's records, that the session showed last. It is shown
-- as a table, some rows at a time; .more, .columns and .csv work on it. colua.show makes one.

local near_name = require "codeocean.near_name"
local output = require "codeocean.output"
local tables = require "codeocean.output.table"
local texts = require "codeocean.text"

local M = {}

M.ROWS = 20 -- shown at a time

local ShownList = { __name = "colua.shown_list" }
ShownList.__index = ShownList

--- new() -> a shown list without rows. `columns`: names of fields, or nil for the usual ones.
function M.new()
  return setmetatable({}, ShownList)
end

-- Lists ------------------------------------------------------------------------------------------

local function is_asset(value)
  return type(value) == "table" and type(rawget(value, "id")) == "string"
end

local function is_list(value)
  if type(value) ~= "table" or not is_asset(rawget(value, 1)) then return false end
  for i = 2, math.min(rawlen(value), M.ROWS) do
    if not is_asset(value[i]) then return false end
  end
  return true
end

local function is_page(value)
  return type(value) == "table" and rawget(value, "has_more") ~= nil
    and type(rawget(value, "results")) == "table"
end

--- rows(value) -> the rows of a page or of a list of assets; or nil.
function M.rows(value)
  if is_page(value) then return rawget(value, "results") end
  return is_list(value) and value or nil
end

-- The line below the rows: "20 of 1000 shown; .more shows the next".
local function shown_count(self)
  local count, page = #self.rows, self.page
  local total = page and page.total
  local whole = self.at == count and not (page and page.has_more)
  local words = (whole or not total and self.at == count) and ("%d shown"):format(self.at)
    or ("%d of %s shown"):format(self.at, texts.number(total or count))
  local further = self.at < count and "; .more shows the next"
    or page and page.has_more and "; .more gets the next page" or ""
  return words .. further
end

local function part(self, options)
  local from = self.at + 1
  self.at = math.min(self.at + M.ROWS, #self.rows)
  local some = {}
  for i = from, self.at do some[#some + 1] = self.to_row(self.rows[i]) end
  local shown = tables.render(some, self.columns_of(), options)
  if self.counted and self:is_over() then return shown end
  return shown .. "\n" .. shown_count(self)
end

local function itself(row) return row end

--- begin(rows, options [, how]) -> the text of the first rows. options: width, colour; how: page
-- (the page that the rows are of), columns (for rows that are not assets), to_row(item) -> table,
-- counted (whether their number is shown elsewhere).
function ShownList:begin(rows, options, how)
  how = how or {}
  self.rows, self.at, self.page, self.counted = rows, 0, how.page, how.counted
  self.to_row = how.to_row or itself
  self.columns_of = function() return how.columns or self.columns end
  return part(self, options)
end

--- is_over() -> whether all rows of the list were shown, or there is no list.
function ShownList:is_over()
  return not self.rows or self.at >= #self.rows
end

--- more(options) -> the text of the next rows.
function ShownList:more(options)
  return part(self, options)
end

-- Columns ----------------------------------------------------------------------------------------

--- choose(names, known) -> true; or nil and the message about an unknown name. names: list of
-- fields, empty for the usual columns; known: set of the fields that were seen.
function ShownList:choose(names, known)
  local list = {}
  for name in pairs(known) do list[#list + 1] = name end
  for _, name in ipairs(#list > 0 and names or {}) do
    local first = name:match("^[^.]*")
    if not known[first] then
      return nil, ("no asset has a field '%s'%s"):format(texts.escape(first),
        near_name.behind(first, list))
    end
  end
  self.columns = #names > 0 and names or nil
  return true
end

--- has_metadata() -> whether a column of custom metadata was chosen.
function ShownList:has_metadata()
  for _, name in ipairs(self.columns or {}) do
    if name:find "^custom_metadata" then return true end
  end
  return false
end

-- Files ------------------------------------------------------------------------------------------

--- csv(rows, out) -> how many rows were written to the file `out`; or nil, err.
function ShownList:csv(rows, out)
  local writer = output.writer { format = "csv", fields = self.columns, out = out }
  for i = 1, #rows do
    local ok, err = writer:row(rows[i])
    if not ok then return nil, err end
  end
  local ok, err = writer:finish()
  if not ok then return nil, err end
  return #rows
end

return M
