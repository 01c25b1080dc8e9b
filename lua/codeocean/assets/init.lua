--- The operations on data assets, as methods of client.data_assets.
--
-- Each returns its value, or nil, err (codeocean.error). A wrong argument raises, naming it.

local core = require "codeocean.core"
local create = require "codeocean.assets.create"
local created_ids = require "codeocean.assets.created_ids"
local find = require "codeocean.assets.find"
local forms = require "codeocean.input.id"
local object = require "codeocean.object"
local options = require "codeocean.options"
local pages = require "codeocean.assets.pages"
local sharing = require "codeocean.assets.permissions"
local reading = require "codeocean.assets.read_file"
local search = require "codeocean.assets.search"
local update = require "codeocean.assets.update"
local uses = require "codeocean.assets.uses"
local wait = require "codeocean.assets.wait"

local M = {}

local Assets, Metatable = object.class "codeocean.data_assets"

function M.new(client)
  return setmetatable({ client = client, created = created_ids.new() }, Metatable)
end

function Metatable:__tostring()
  return "codeocean.data_assets: " .. self.client.host
end

local function check_id(what, name, id)
  if core.is_id(id) then return end
  core.complain(what, name, ("data asset id expected, 36 characters such as %s, got %s"):format(
    forms.EXAMPLE, options.describe(id)))
end

local function check_ids(what, ids)
  options.check_value(what, "id", options.list(options.string), ids)
  for i, id in ipairs(ids) do check_id(what, ("id[%d]"):format(i), id) end
end

--- create(params [, {unless_exists = true}]) -> the draft asset. API: Create a New Data Asset.
--
-- params: name, mount, tags (list of strings), and one of source = {aws = {bucket, prefix,
-- keep_on_external_storage, index_data, access_key_id, secret_access_key, public, endpoint_name,
-- use_input_bucket}}, {computation = {id, path}}, {gcp = {bucket, prefix, client_id,
-- client_secret}}, {cloud_workstation = {id, path, run_script}}, or data_asset_ids (a combined
-- asset); description, target, custom_metadata, results_info.
--
-- The request is not sent again once the server may have it. If its answer is lost, assets of that
-- name and source that were created since are searched for: exactly one is returned (with "adopted"
-- as second value), otherwise err.outcome is "unknown". With unless_exists, an existing asset of
-- that name is returned (and "existed") and none created; several are err.kind "ambiguous".
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
-- archived, filters, sort_field, sort_order, offset (or start), next_token; limit, at most <n>
-- results, and page_size, the size of a page (1 to 1000): the smaller of both is asked for, 100 if
-- neither is given. A parameter that the deployment's release cannot express is err.kind
-- "unsupported". fields = {"name", "tags"} is not sent: only these and `id` are read, the others
-- are checked for the grammar of JSON and skipped.
function Assets:search(params)
  return self.client.dialect:search(search.read("search", params))
end

local function searcher(assets)
  return function(params) return assets.client.dialect:search(params) end
end

--- each(params) -> iterator over the matches, page after page, in constant memory. API: Search Data
-- Assets.
--
-- params as for search; `limit`: at most <n> results (default: every match); `page_size` (default
-- 1000); archived = "any" lists archived ones too (then all ids are in memory). A failure is raised
-- as the error object. Collect ids before you write: writing while paging shifts the pages.
function Assets:each(params)
  return pages.each(searcher(self), search.read("each", params))
end

--- all(params) -> list of what each(params) gives; or nil, err. API: Search Data Assets.
function Assets:all(params)
  return pages.all(searcher(self), search.read("all", params))
end

--- find(name) -> the one asset of exactly this name. API: Search Data Assets. nil, err: kind
-- `missing` for none, `ambiguous` for several (err.data lists them), another when the search
-- itself failed.
function Assets:find(name)
  options.check_value("find", "name", options.text, name)
  return find.find(self, name)
end

--- update(id, changes [, {replace_metadata = true}]) -> asset. API: Update Data Asset Metadata.
--
-- changes: name, description, tags (replaces the whole list), mount, custom_metadata (merged key by
-- key over what is there, json.null takes a key out; `replace_metadata` replaces all of it). What
-- is not named keeps its value: the asset is read first, unless all of the first four are given and
-- no metadata is merged. The answer is compared with what was sent; a difference is err.kind
-- "conflict".
function Assets:update(id, changes, opts)
  check_id("update", "id", id)
  return update.update(self.client, id, changes, opts)
end

--- delete(id) -> true. API: Delete Data Asset. Cannot be undone.
function Assets:delete(id)
  check_id("delete", "id", id)
  return self.client:request("delete", id)
end

--- archive(id [, archived]) -> true; `archived` false unarchives. API: Archive Data Asset.
function Assets:archive(id, archived)
  check_id("archive", "id", id)
  if archived == nil then archived = true end
  options.check_value("archive", "archived", options.boolean, archived)
  return self.client:request("archive", id, { archive = archived })
end

--- unarchive(id) -> true. API: Archive Data Asset.
function Assets:unarchive(id)
  check_id("unarchive", "id", id)
  return self.client:request("archive", id, { archive = false })
end

-- The current release only -----------------------------------------------------------------------

--- get_permissions(id) -> {users = {{email, role}}, groups = {{group, role}}, everyone, …}. API:
-- current release: GET /data_assets/{id}/permissions
function Assets:get_permissions(id)
  return self.client:request("get_permissions", id)
end

--- set_permissions(id, permissions) -> true. permissions: users, groups, everyone, share_assets.
-- API: current release: POST /data_assets/{id}/permissions
function Assets:set_permissions(id, permissions)
  check_id("set_permissions", "id", id)
  return self.client:request("set_permissions", id, permissions)
end

--- share(id, changes) -> permissions as they are then. changes: {users = {mail = role}, groups =
-- {name = role}, everyone, share_assets}; the role "none" removes a user or a group. Entries that
-- `changes` does not name stay; nothing is sent if all entries are right already. A change that
-- removes the last owner is refused (err.kind `invalid`).
-- API: current release: POST /data_assets/{id}/permissions
function Assets:share(id, changes)
  check_id("share", "id", id)
  return sharing.share(self.client, id, changes)
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

--- read_file(id, path [, {max =, range =}]) -> the bytes of a file of an internal asset. `max`: a
-- longer file is an error (default 8 MiB). `range`: {first, last} from 0 on, {first} to the end,
-- {-n} the last n. Follows the signed address of file_urls, https only, and shows it nowhere.
-- API: current release: GET /data_assets/{id}/files/urls
function Assets:read_file(id, path, opts)
  check_id("read_file", "id", id)
  return reading.read(self.client, id, path, opts)
end

--- uses(id) -> list of {type = "combined" | "capsule" | the type of an asset made from it, id,
-- name}: what uses the asset; empty if nothing does. Each call reads the whole estate: for many
-- assets, `colua uses` or a bulk run with check_used. nil, err: `unsupported` in the release of
-- 2022. API: current release: POST /capsules/search
function Assets:uses(id)
  check_id("uses", "id", id)
  return uses.uses(self.client, id)
end

--- transfer(id, {target = {aws = {bucket, prefix}}, force}) -> true: moves the files to another
-- storage. For administrators. The request is not sent again once the server may have it.
-- API: current release: POST /data_assets/{id}/transfer
function Assets:transfer(id, params)
  check_id("transfer", "id", id)
  return self.client:request("transfer", id, params)
end

--- wait_until_ready(id, opts) -> asset, once it is ready; or nil, err (kind `failed` with the
-- server's reason; `timeout`). With a list of ids -> assets, errors, both by place in the list.
-- API: Get Data Asset Metadata.
-- opts: timeout (seconds for all, default 3600), interval (seconds between the first two gets,
-- default 2, growing to 30).
function Assets:wait_until_ready(ids, opts)
  local one = type(ids) ~= "table"
  local list = one and { ids } or ids
  if one then check_id("wait_until_ready", "id", ids) else check_ids("wait_until_ready", ids) end
  local own = options.read("wait_until_ready", wait.OPTIONS, opts, "opts")
  local found, errs = wait.wait(self.client, list, own)
  if not found then return nil, errs end
  if one and found[ids] then return found[ids] end
  if one then return nil, errs[ids] end
  local by_place, failures = { n = #list }, {}
  for i, id in ipairs(list) do by_place[i], failures[i] = found[id], errs[id] end
  return by_place, failures
end

object.need_colon(Assets, "assets", "client")

return M
