--- Finds assets by their exact name. The API has no such search: a query finds words. So this sends
-- a query that finds at least the assets of that name, and compares the rows. Names are not unique.
--
-- Called by assets:find, and by create, which searches for existing assets.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local pages = require "codeocean.assets.pages"
local query = require "codeocean.assets.query"

local M = {}

local function failure(kind, message, data)
  return errors.new { kind = kind, operation = "find", message = message, data = data }
end

-- Searches until the deadline (a time of core.now()).
local function search_until(assets, deadline, params)
  local left = deadline - core.now()
  if left <= 0 then return nil, failure("timeout", "the deadline passed") end
  return assets.client:with({ deadline = left }).data_assets:search(params)
end

--- all_named(assets, name [, archived [, deadline]]) -> list of every asset of exactly this name;
-- or nil, err when the search failed. archived: true: only archived assets; "any": both kinds.
-- deadline: of all searches together, a time of core.now(); nil: each has that of the client.
function M.all_named(assets, name, archived, deadline)
  local own = {}
  local function search(params)
    if deadline then return search_until(assets, deadline, params) end
    return assets:search(params)
  end
  local list, err = pages.all(search, { query = query.for_name(name), archived = archived })
  if not list then return nil, err end
  for _, asset in ipairs(list) do
    if asset.name == name then own[#own + 1] = asset end
  end
  return own
end

--- find(assets, name [, archived]) -> the only asset of that name; or nil, err: kind `missing` for
-- none, `ambiguous` for several (listed in err.data), another kind when the search failed.
function M.find(assets, name, archived)
  local list, err = M.all_named(assets, name, archived)
  if not list then return nil, err end
  if #list == 1 then return list[1] end
  local quoted = ("%q"):format(name):gsub("\\\n", "\\n")
  if #list == 0 then return nil, failure("missing", "no asset is called " .. quoted) end
  return nil, failure("ambiguous", ("%d assets are called %s"):format(#list, quoted), list)
end

return M
