--- Every match of a search, page after page.

local errors = require "codeocean.error"

local M = {}

local PAGE = 1000 -- the largest a server gives

local function paging_error(message, start)
  return errors.new {
    kind = "paging", operation = "search",
    message = ("%s (at row %d)"):format(message, start),
  }
end

local function copy(params)
  local own = {}
  for name, value in pairs(params or {}) do own[name] = value end
  own.limit = own.limit or PAGE
  own.start = own.start or 0
  return own
end

-- Rows that the page before had too: writes by others shift pages. Both pages is all that is
-- remembered, so that memory does not grow with the listing.
local function fresh_rows(page, seen)
  local fresh, ids = {}, {}
  for _, row in ipairs(page.results) do
    if not seen[row.id] and not ids[row.id] then fresh[#fresh + 1] = row end
    ids[row.id] = true
  end
  return fresh, ids
end

-- What a page must not be: it would end a listing too early, or never.
local function fault(page, fresh, start)
  if not page.has_more then return nil end
  if #page.results == 0 then
    return paging_error("the server says that there is more, but sends none", start)
  end
  if #fresh == 0 then return paging_error("the server sends the same page again", start) end
end

--- each(search, params) -> iterator over the assets that match. `search(params)` gives one page or
-- nil, err. A failure is raised as the error object: a listing never ends early in silence.
function M.each(search, params)
  params = copy(params)
  local rows, at, more, seen = {}, 0, true, {}
  local function turn()
    local page, err = search(params)
    err = err or nil
    if not page then error(err, 0) end
    rows, seen = fresh_rows(page, seen)
    local problem = fault(page, rows, params.start)
    if problem then error(problem, 0) end
    params.start = params.start + #page.results
    at, more = 0, page.has_more
  end
  return function()
    while at >= #rows and more do turn() end
    at = at + 1
    return rows[at]
  end
end

return M
