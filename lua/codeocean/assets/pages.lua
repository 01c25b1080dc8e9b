--- Every match of a search, page after page.
--
-- Called by assets:each and assets:all, and wherever a whole listing is needed. What must hold: a
-- listing is whole or ends with an error; pages that contradict each other are an error of kind
-- `paging`, never an endless loop; one page is in memory at a time, with archived = "any" two and
-- the ids of all rows.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local json = require "codeocean.json"

local M = {}

local PAGE = 1000   -- the largest page of the API
local HALVINGS = 4  -- times that a page size is halved: 1000 to 62

local function paging_error(message, at)
  return errors.new {
    kind = "paging", operation = "search", message = ("%s (at row %d)"):format(message, at),
  }
end

local function copy(params)
  local own = {}
  for name, value in pairs(params) do own[name] = value end
  return own
end

-- The problem of a page that would end the listing too early, or never; or nil.
local function fault(page, fresh, cursor)
  if page.has_more == nil then return "the server does not say whether there is more" end
  if not page.has_more then return nil end
  if #page.results == 0 then return "the server says that there is more, but sends none" end
  if page.next_token ~= nil and page.next_token == cursor.next_token then
    return "the server gives the same next_token again"
  end
  if #fresh == 0 then return "the server sends the same page again" end
end

-- Whether the error may be due to the page's size, so that a smaller page may succeed.
local function too_large(err)
  return err.status == 413 or err.kind == "server"
end

local function next_page(search, cursor)
  for halvings = 0, HALVINGS do
    local page, err = search(copy(cursor))
    if page then return page end
    if cursor.limit < 2 or halvings == HALVINGS or not too_large(err) then error(err, 0) end
    cursor.limit = cursor.limit // 2
  end
end

-- Moves the cursor to the next page: by the server's token, else by the number of rows received,
-- which may be less than the page's size.
local function advance(cursor, page, at)
  cursor.next_token = page.next_token
  cursor.offset = page.next_token == nil and at or nil
end

-- The set of indexes of rows that come twice in the page, or were in the page before: a write of
-- another user shifts rows into the next page. `last` is the set of ids of the page before. Second
-- result: the set of ids of this page. Every row has an id: src/binding/json/ljson_read.c refuses
-- any other.
local function repeated_rows(rows, last)
  local places, ids = {}, {}
  for i = 1, #rows do
    local id = rows[i].id
    if ids[id] or last[id] then places[i] = true end
    ids[id] = true
  end
  return places, ids
end

-- The page's rows without repeated ones, and the set of ids of this page.
local function fresh_rows(rows, last)
  local repeated, ids = repeated_rows(rows, last)
  if next(repeated) == nil then return rows, ids end
  local fresh = {}
  for i, row in ipairs(rows) do
    if not repeated[i] then fresh[#fresh + 1] = row end
  end
  return fresh, ids
end

local function cursor_of(params)
  local cursor = copy(params)
  cursor.offset, cursor.start = cursor.offset or cursor.start, nil
  cursor.limit, cursor.page_size = math.min(params.limit or PAGE, params.page_size or PAGE), nil
  if cursor.offset == nil and cursor.next_token == nil then cursor.offset = 0 end
  return cursor
end

local function pages(search, params)
  local cursor = cursor_of(params)
  local last = {}
  local rows, i, more, at = {}, 0, true, cursor.offset or 0
  local function fetch()
    rows, i = {}, 0   -- lets the collector free the page before
    local page = next_page(search, cursor)
    local fresh
    fresh, last = fresh_rows(page.results, last)
    local problem = fault(page, fresh, cursor)
    if problem then error(paging_error(problem, at), 0) end
    at = at + #page.results
    advance(cursor, page, at)
    rows, more = fresh, page.has_more
  end
  return function()
    while rows[i + 1] == nil and more do fetch() end
    i = i + 1
    return rows[i]
  end
end

-- Both halves of archived = "any" -----------------------------------------------------------------

local function comes_first(a, b, params)
  local field = params.sort_field
  if not field or b == nil then return true end
  if a == nil then return false end
  local x, y = a[field] or "", b[field] or ""
  if type(x) ~= type(y) then x, y = tostring(x), tostring(y) end
  if params.sort_order == "desc" then x, y = y, x end
  return x <= y
end

local function archived_pages(search, params, archived)
  local own = copy(params)
  own.archived = archived
  if own.fields and own.sort_field then
    own.fields = table.move(own.fields, 1, #own.fields, 1, {})
    own.fields[#own.fields + 1] = own.sort_field
  end
  return pages(search, own)
end

-- Merges both listings into one, in the requested order. An asset that is archived meanwhile may be
-- in both; it is returned once.
local function merged_pages(search, params)
  local left = archived_pages(search, params, false)
  local right = archived_pages(search, params, true)
  local a, b, seen = left(), right(), {}
  local function next_in_order()
    local row
    if a ~= nil and comes_first(a, b, params) then
      row, a = a, left()
    elseif b ~= nil then
      row, b = b, right()
    end
    return row
  end
  return function()
    local row = next_in_order()
    while row and seen[row.id] do row = next_in_order() end
    if row then seen[row.id] = true end
    return row
  end
end

local function listing(search, params)
  if params.archived ~= "any" then return pages(search, params) end
  if params.next_token ~= nil or params.offset ~= nil or params.start ~= nil then
    core.complain("each", "archived", '"any" begins at the beginning: no start, no next_token')
  end
  return merged_pages(search, params)
end

--- each(search, params) -> iterator over the assets that match, at most `params.limit`, in pages of
-- `params.page_size` (default 1000). `search(params)` returns one page, or nil, err. A failure is
-- raised as the error object, so a listing never ends early in silence.
function M.each(search, params)
  local next_row, left = listing(search, params), params.limit
  if not left then return next_row end
  return function()
    if left < 1 then return nil end
    left = left - 1
    return next_row()
  end
end

--- all(search, params) -> list of every match; or nil, err.
function M.all(search, params)
  local list = json.array()
  local ok, problem = pcall(function()
    for asset in M.each(search, params) do list[#list + 1] = asset end
  end)
  if ok then return list end
  if not errors.is(problem) then error(problem, 0) end
  return nil, problem
end

return M
