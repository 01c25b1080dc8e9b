--- The operations on data assets, as methods of client.data_assets.
--
-- Each returns its value, or nil, err (codeocean.error). A wrong argument raises, naming it.

local core = require "codeocean.core"
local create = require "codeocean.assets.create"
local errors = require "codeocean.error"
local json = require "codeocean.json"
local made = require "codeocean.assets.created_ids"
local object = require "codeocean.object"
local page = require "codeocean.assets.pages"
local ready = require "codeocean.assets.wait"
local same = require "codeocean.equal"
local tags = require "codeocean.tags"

local M = {}

local Assets, Metatable = object.class "codeocean.data_assets"

function M.new(client)
  return setmetatable({ client = client, made = made.new() }, Metatable)
end

function Metatable:__tostring()
  return "codeocean.data_assets: " .. self.client.host
end

local function check(good, name, what, expected, got)
  if good then return end
  core.complain(what, name, ("%s expected, got %s"):format(expected, type(got)))
end

--- create(params [, {unless_exists = true}]) -> the draft asset. API: Create a New Data Asset.
--
-- params: name, mount, tags (list of strings), and one of source = {aws = {bucket, prefix,
-- keep_on_external_storage, index_data, access_key_id, secret_access_key, public, endpoint_name,
-- use_input_bucket}}, {computation = {id, path}}, {gcp = {bucket, prefix, client_id,
-- client_secret}}, {cloud_workstation = {id, path, run_script}}, or data_asset_ids (a combined
-- asset); description, target, custom_metadata, results_info.
--
-- Never sent again once the server may have it. When its answer is lost, an asset of that name and
-- source that has come up since is looked for: exactly one is returned (with "adopted" as second
-- value), otherwise err.outcome is "unknown". With unless_exists an asset of that name is returned
-- (and "existed") instead of making another; several are err.kind "ambiguous".
function Assets:create(params, opts)
  return create.create(self, params, opts)
end

--- get(id) -> asset. API: Get Data Asset Metadata.
function Assets:get(id)
  return self.client:request("get", id)
end

--- search(params) -> page {results, has_more, next_token or total}. API: Search Data Assets.
--
-- params: query (a string, or a table: codeocean.assets.query), type, ownership, origin, favorite,
-- archived, filters, sort_field, sort_order, offset (or start), next_token, limit (default 100,
-- at most 1000). One that the deployment's release cannot express is err.kind "unsupported".
-- fields = {"name", "tags"} is not sent: only these and `id` are read, the others are checked
-- for the grammar of JSON and skipped.
function Assets:search(params)
  check(params == nil or type(params) == "table", "params", "search", "table", params)
  return self.client.dialect:search(params or {})
end

local function pages_of(assets)
  return function(params) return assets:search(params) end
end

--- each(params) -> iterator over every match, page after page, in constant memory. API: Search
-- Data Assets. `limit` is the
-- size of a page (default 1000); archived = "any" lists archived ones too. A failure is raised as
-- the error object. Collect ids before you write: writing while paging shifts the pages.
function Assets:each(params)
  check(params == nil or type(params) == "table", "params", "each", "table", params)
  return page.each(pages_of(self), params or {})
end

--- all(params) -> list of every match; or nil, err. API: Search Data Assets.
function Assets:all(params)
  check(params == nil or type(params) == "table", "params", "all", "table", params)
  return page.all(pages_of(self), params or {})
end

--- find(name) -> the one asset of exactly this name. API: Search Data Assets. nil, err: kind
-- `missing` for none, `ambiguous` for several (err.data lists them), another when the search
-- itself failed.
function Assets:find(name)
  check(type(name) == "string" and name ~= "", "name", "find", "name", name)
  return create.find(self, name)
end

-- Update -----------------------------------------------------------------------------------------

local whole = { "name", "description", "tags", "mount" }

local function is_whole(changes)
  for _, name in ipairs(whole) do
    if changes[name] == nil then return false end
  end
  return true
end

-- json.null takes a key out.
local function merged_metadata(fresh, changes)
  local own = {}
  for key, value in pairs(fresh or {}) do own[key] = value end
  for key, value in pairs(changes) do
    if value == json.null then value = nil end
    own[key] = value
  end
  return own
end

-- PUT replaces: what is not changed is sent as it stands now.
local function merged(fresh, changes, replace)
  local body = {
    name = fresh.name, description = fresh.description or "", tags = json.array(fresh.tags),
    mount = fresh.mount,
  }
  for name, value in pairs(changes) do body[name] = value end
  if changes.custom_metadata and not replace then
    body.custom_metadata = merged_metadata(fresh.custom_metadata, changes.custom_metadata)
  end
  return body
end

local function same_tags(a, b)
  if tags.equal(a, b) then return true end
  local left, right = table.move(a, 1, #a, 1, {}), table.move(b, 1, #b, 1, {})
  table.sort(left)
  table.sort(right)
  return tags.equal(left, right)
end

local compare = {
  name = function(sent, got) return sent == got end,
  description = function(sent, got) return sent == (got or "") end,
  tags = same_tags,
  -- An answer of the 2022 release shows neither of these.
  mount = function(sent, got) return got == nil or sent == got end,
  custom_metadata = function(sent, got) return got == nil or same(sent, got) end,
}

-- The field whose value in the answer is not the one that was sent, or nil.
local function mismatch(body, asset)
  for field, as_sent in pairs(compare) do
    if body[field] ~= nil and not as_sent(body[field], asset[field]) then return field end
  end
end

local function conflict(id, field, asset)
  return errors.new {
    kind = "conflict", operation = "update", id = id, outcome = "unknown", data = asset,
    message = ("the server answers with another %s than was sent"):format(field),
  }
end

--- Sends a whole body as it is and compares the answer with it. `before`: the asset as it was read
-- for that, if it was.
function M.put(assets, id, body, before)
  local asset, err = assets.client:request("update", id, body, nil, before)
  if not asset then return nil, err end
  local field = mismatch(body, asset)
  if field then return nil, conflict(id, field, asset) end
  return asset
end

local function check_update(changes)
  check(type(changes) == "table", "changes", "update", "table", changes)
  check(next(changes) ~= nil, "changes", "update", "at least one field", changes)
  local data = changes.custom_metadata
  check(data == nil or type(data) == "table", "custom_metadata", "update", "table", data)
end

--- update(id, changes [, {replace = true}]) -> asset. API: Update Data Asset Metadata.
--
-- changes: name, description, tags (replaces the whole list), mount, custom_metadata (merged over
-- what is there, json.null takes a key out; replaces all of it with `replace`). What is not named
-- keeps its value: unless all of the first four are given, the asset is read first. The answer is
-- compared with what was sent; a difference is err.kind "conflict".
function Assets:update(id, changes, opts)
  check(core.is_id(id), "id", "update", "data asset id", id)
  check_update(changes)
  local replace = opts and opts.replace
  local body, fresh, err = changes, nil, nil
  if not is_whole(changes) or (changes.custom_metadata and not replace) then
    fresh, err = self.client:request("get", id)
    if not fresh then return nil, err end
    body = merged(fresh, changes, replace)
  end
  return M.put(self, id, body, fresh)
end

--- delete(id) -> true. API: Delete Data Asset. Cannot be undone.
function Assets:delete(id)
  return self.client:request("delete", id)
end

--- archive(id [, archived]) -> true; `archived` false takes it out again. API: Archive Data Asset.
function Assets:archive(id, archived)
  if archived == nil then archived = true end
  check(type(archived) == "boolean", "archived", "archive", "boolean", archived)
  return self.client:request("archive", id, { archive = archived })
end

--- unarchive(id) -> true. API: Archive Data Asset.
function Assets:unarchive(id)
  return self.client:request("archive", id, { archive = false })
end

-- Of the current release -------------------------------------------------------------------------

--- get_permissions(id) -> {users = {{email, role}}, groups = {{group, role}}, everyone, …}. API:
-- current release: GET /data_assets/{id}/permissions
function Assets:get_permissions(id)
  return self.client:request("get_permissions", id)
end

--- set_permissions(id, permissions) -> true. permissions: users, groups, everyone, share_assets.
-- API: current release: POST /data_assets/{id}/permissions
function Assets:set_permissions(id, permissions)
  return self.client:request("set_permissions", id, permissions)
end

--- list_files(id [, path]) -> {items = {{name, path, size in bytes, type = "file" | "folder"}}} of
-- a folder of an internal asset; without a path its root.
-- API: current release: POST /data_assets/{id}/files
function Assets:list_files(id, path)
  return self.client:request("list_files", id, { path = path or "" })
end

--- file_urls(id, path) -> {download_url, view_url}, signed and short-lived.
-- API: current release: GET /data_assets/{id}/files/urls
function Assets:file_urls(id, path)
  return self.client:request("file_urls", id, { path = path })
end

--- transfer(id, {target = {aws = {bucket, prefix}}, force}) -> true: moves the files to another
-- storage. For administrators. Never sent again once the server may have it.
-- API: current release: POST /data_assets/{id}/transfer
function Assets:transfer(id, params)
  return self.client:request("transfer", id, params)
end

--- wait_until_ready(id, opts) -> asset, once it is ready; or nil, err (kind `failed` with the
-- server's reason; `timeout`). With a list of ids -> assets, errors, both by place in the list.
-- API: Get Data Asset Metadata.
-- opts: timeout (seconds for all, default 3600), interval (seconds to the second look, default 2,
-- growing to 30).
function Assets:wait_until_ready(ids, opts)
  local one = type(ids) ~= "table"
  check(not one or core.is_id(ids), "id", "wait_until_ready", "data asset id", ids)
  local list = one and { ids } or ids
  for i, id in ipairs(list) do
    check(core.is_id(id), ("id[%d]"):format(i), "wait_until_ready", "data asset id", id)
  end
  local found, errs = ready.wait(self.client, list, opts or {})
  if not found then return nil, errs end
  if one then return found[ids], errs[ids] end
  local by_place, failures = { n = #list }, {}
  for i, id in ipairs(list) do by_place[i], failures[i] = found[id], errs[id] end
  return by_place, failures
end

return M
