--- Uses of an asset: combined assets that contain it, results and other assets whose provenance
-- names it, and capsules that have it attached.
--
-- Called by assets:uses, `colua uses`, and by bulk runs with check_used. The API has no request for
-- the assets that use an asset: one pass over the whole estate, archived assets too, finds them for
-- every asset. Capsules are searched for by the asset's id, one search for each asset. A release
-- that does not show provenance (2022) is err.kind `unsupported`: unknown is not unused.

local ascii = require "codeocean.ascii"
local errors = require "codeocean.error"
local object = require "codeocean.object"

local M = {}

local FIELDS = { "id", "name", "type", "provenance", "contained_data_assets" }

local Uses, metatable = object.class "codeocean.assets.uses"

--- new(client) -> uses of all assets of its deployment; nothing is read yet.
function M.new(client) return setmetatable({ client = client }, metatable) end

-- The value, a table, of the asset's field of that name; {} if it has none. Raises if it cannot be
-- read: unknown is not unused.
local function field_of(asset, value, name)
  local unreadable = type(asset.unreadable) == "table" and asset.unreadable[name]
  if not unreadable and (value == nil or type(value) == "table") then return value or {} end
  error(errors.new { kind = "decode", operation = "uses", id = asset.id, outcome = "not_sent",
    message = ("its %s cannot be read, so what it uses is not known"):format(name) }, 0)
end

-- The ids in a list of ids or of objects that have one.
local function ids_of(list)
  local ids = {}
  for _, item in ipairs(list) do
    local id = type(item) == "table" and item.id or item
    if type(id) == "string" then ids[#ids + 1] = ascii.lower(id) end
  end
  return ids
end

local function add(by_id, used, user_type, asset)
  for _, id in ipairs(used) do
    local list = by_id[id] or {}
    by_id[id] = list
    list[#list + 1] = { type = user_type, id = asset.id, name = asset.name }
  end
end

local function unsupported()
  return errors.new { kind = "unsupported", operation = "uses", outcome = "not_sent",
    message = "the release of 2022 does not show what an asset is used by" }
end

--- refresh(): reads the whole estate. Raises the error of a search, and `unsupported`.
function Uses:refresh()
  local by_id = {}
  for asset in self.client.data_assets:each { archived = "any", fields = FIELDS } do
    local parts = field_of(asset, asset.contained_data_assets, "contained_data_assets")
    local provenance = field_of(asset, asset.provenance, "provenance")
    local origins = field_of(asset, provenance.data_assets, "provenance")
    add(by_id, ids_of(parts), "combined", asset)
    add(by_id, ids_of(origins), asset.type or "result", asset)
  end
  if self.client.dialect.chosen == "2022" then error(unsupported(), 0) end
  self.by_id = by_id
end

local function add_page(page, list)
  for _, capsule in ipairs(type(page.results) == "table" and page.results or {}) do
    list[#list + 1] = { type = "capsule", id = capsule.id, name = capsule.name }
  end
end

-- Adds the capsules of all pages. A token that comes twice is an error: it would lead to no end.
local function add_capsules(self, id, list)
  local token, seen = nil, {}
  repeat
    local page, err = self.client:request("search_capsules", nil,
      { query = id, limit = 100, next_token = token })
    if not page then return nil, err end
    add_page(page, list)
    token = page.has_more == true and page.next_token or nil
    if token and seen[token] then
      return nil, errors.new { kind = "paging", operation = "uses", id = id, outcome = "not_sent",
        message = "the search of capsules gives a page again" }
    end
    seen[token or ""] = true
  until not token
  return list
end

--- of(id) -> list of {type = "combined" | "capsule" | the type of an asset made from it, id, name},
-- empty if the asset is not used; or nil, err. Combined assets and results are as of refresh().
function Uses:of(id)
  local found = self.by_id[ascii.lower(id)] or {}
  local list = table.move(found, 1, #found, 1, {})
  return add_capsules(self, id, list)
end

--- uses(client, id) -> the list of one asset; or nil, err: as assets:uses documents.
function M.uses(client, id)
  local uses = M.new(client)
  local ok, err = pcall(uses.refresh, uses)
  if ok then return uses:of(id) end
  if errors.is(err) then return nil, err end
  error(err, 0)
end

return M
