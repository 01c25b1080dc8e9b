--- The operations on data assets, as methods of client.data_assets.
--
-- Each returns its value, or nil, err (codeocean.error). A wrong argument raises, naming it.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local json = require "codeocean.json"
local page = require "codeocean.page"
local ready = require "codeocean.ready"
local tags = require "codeocean.tags"

local M = {}

local Assets = { __name = "codeocean.data_assets" }
Assets.__index = Assets

function M.new(client)
  return setmetatable({ client = client }, Assets)
end

function Assets:__tostring()
  return "codeocean.data_assets: " .. self.client.host
end

-- The methods below are no tail calls, so that a bad argument is placed at the user's line: check()
-- and the binding count the calls above them.
 local function check(good, name, what, expected, got)
  if good then return end
  error(("bad argument '%s' to '%s' (%s expected, got %s)"):format(name, what, expected, type(got)),
    3)
end

--- create(params) -> the draft asset. API: Create a New Data Asset.
--
-- params: name, mount, tags (list of strings), source = {aws = {bucket, prefix,
-- keep_on_external_storage, index_data, access_key_id, secret_access_key}} or {computation = {id,
-- path}}; description, custom_metadata. Never repeated once the server may have it: then
-- err.outcome is "unknown".
function Assets:create(params)
  local asset, err = self.client:request("create", nil, params)
  return asset, err
end

--- get(id) -> asset. API: Get Data Asset Metadata.
function Assets:get(id)
  local asset, err = self.client:request("get", id)
  return asset, err
end

--- search(params) -> page {results, has_more, total}. API: Search Data Assets.
--
-- params: query, type, ownership, favorite, archived, sort_field, sort_order, start, limit.
function Assets:search(params)
  local found, err = self.client:request("search", nil, params or {})
  return found, err
end

--- each(params) -> iterator over every match, page after page, in constant memory. `limit` is the
-- size of a page (default 1000). A failure is raised as the error object. Collect ids before you
-- write: writing while paging shifts the pages.
function Assets:each(params)
  check(params == nil or type(params) == "table", "params", "each", "table", params)
  return page.each(function(own) return self:search(own) end, params)
end

--- all(params) -> list of every match; or nil, err.
function Assets:all(params)
  check(params == nil or type(params) == "table", "params", "all", "table", params)
  local list = json.array()
  local ok, problem = pcall(function()
    for asset in self:each(params) do list[#list + 1] = asset end
  end)
  if ok then return list end
  if not errors.is(problem) then error(problem, 2) end
  return nil, problem
end

-- Update -----------------------------------------------------------------------------------------

local whole = { "name", "description", "tags", "mount" }

local function is_whole(changes)
  for _, name in ipairs(whole) do
    if changes[name] == nil then return false end
  end
  return true
end

-- PUT replaces: what is not changed is sent as it stands now.
local function merged(fresh, changes)
  local body = {
    name = fresh.name, description = fresh.description or "", tags = json.array(fresh.tags),
    mount = fresh.mount,
  }
  for name, value in pairs(changes) do body[name] = value end
  return body
end

local function same_tags(a, b)
  local left, right = table.move(a, 1, #a, 1, {}), table.move(b, 1, #b, 1, {})
  table.sort(left)
  table.sort(right)
  return tags.equal(left, right)
end

-- The field whose value in the answer is not the one that was sent, or nil.
local function mismatch(body, asset)
  if asset.name ~= body.name then return "name" end
  if (asset.description or "") ~= body.description then return "description" end
  if body.tags and not same_tags(asset.tags, body.tags) then return "tags" end
end

local function conflict(id, field, asset)
  return errors.new {
    kind = "conflict", operation = "update", id = id, outcome = "unknown", data = asset,
    message = ("the server answers with another %s than was sent"):format(field),
  }
end

--- update(id, changes) -> asset. API: Update Data Asset Metadata.
--
-- changes: name, description, tags (replaces the whole list), mount, custom_metadata; at least one.
-- What is not named keeps its value: unless all of the first four are given, the asset is read
-- first. The answer is compared with what was sent; a difference is err.kind "conflict".
function Assets:update(id, changes)
  check(type(changes) == "table", "changes", "update", "table", changes)
  check(next(changes) ~= nil, "changes", "update", "at least one field", changes)
  local body = changes
  if not is_whole(changes) then
    local fresh, err = self.client:request("get", id)
    if not fresh then return nil, err end
    body = merged(fresh, changes)
  end
  local asset, err = self.client:request("update", id, body)
  if not asset then return nil, err end
  local field = mismatch(body, asset)
  if field then return nil, conflict(id, field, asset) end
  return asset
end

--- delete(id) -> true. API: Delete Data Asset. Cannot be undone.
function Assets:delete(id)
  local done, err = self.client:request("delete", id)
  return done, err
end

--- archive(id [, archived]) -> true; `archived` false takes it out again. API: Archive Data Asset.
function Assets:archive(id, archived)
  if archived == nil then archived = true end
  check(type(archived) == "boolean", "archived", "archive", "boolean", archived)
  local done, err = self.client:request("archive", id, { archive = archived })
  return done, err
end

--- unarchive(id) -> true. API: Archive Data Asset.
function Assets:unarchive(id)
  local done, err = self.client:request("archive", id, { archive = false })
  return done, err
end

--- wait_until_ready(id, opts) -> asset, once it is ready; or nil, err (kind `failed` with the
-- server's reason; `timeout`). With a list of ids -> assets, errors, both by place in the list.
-- opts: timeout (seconds for all, default 3600), interval (seconds to the second look, default 2,
-- growing to 30).
function Assets:wait_until_ready(ids, opts)
  local one = type(ids) ~= "table"
  local list = one and { ids } or ids
  for i, id in ipairs(list) do
    check(core.is_id(id), one and "id" or ("id[%d]"):format(i), "wait_until_ready",
      "data asset id", id)
  end
  local found, errs = ready.wait(self.client, list, opts or {})
  if not found then return nil, errs end
  if one then return found[ids], errs[ids] end
  local by_place, failures = { n = #list }, {}
  for i, id in ipairs(list) do by_place[i], failures[i] = found[id], errs[id] end
  return by_place, failures
end

return M
