--- Which assets are archived. An asset has no field for this; only a search with archived = true
-- shows it.
--
-- Used when a run archives, unarchives or deletes. What must hold: has() answers from a fresh
-- codeocean.bulk.plan.listing; is_archived_now(), for deletions, from a search that begins after
-- the call: an asset that somebody has just unarchived must not be deleted.

local errors = require "codeocean.error"
local id_list = require "codeocean.bulk.journal.id_list"
local listings = require "codeocean.bulk.plan.listing"
local object = require "codeocean.object"
local queries = require "codeocean.assets.query"

local M = {}

local PAGE = 1000

local State, metatable = object.class "codeocean.bulk.archive_state"

local function archived_assets(client, name)
  return client.data_assets:each { archived = true, fields = { "id" }, page_size = PAGE,
    query = name and queries.for_name(name) }
end

--- new(client) -> the state of all assets. The first has() lists the archived ones.
function M.new(client)
  local function collect()
    local found = id_list.new()
    for asset in archived_assets(client) do found:add(asset.id) end
    return found
  end
  return setmetatable({ client = client, listing = listings.new(client, collect) }, metatable)
end

--- refresh(): lists again. Raises the error of the search.
function State:refresh() self.listing:refresh() end

--- has(id) -> whether the asset is archived. Raises the error of a search that failed.
function State:has(id) return self.listing:has(id) end

local function search_archived(self, id, name)
  for asset in archived_assets(self.client, name) do
    if asset.id == id then return true end
  end
  return self.listing:has_now(id)
end

--- is_archived_now(id, name) -> whether the asset of that name is archived now; or nil, err when a
-- search failed. Searches for the name; if the asset is not among the results, lists the whole
-- archive, for some names cannot be searched for.
function State:is_archived_now(id, name)
  local ok, found = pcall(search_archived, self, id, name)
  if ok then return found end
  if not errors.is(found) then error(found, 0) end
  return nil, found
end

return M
