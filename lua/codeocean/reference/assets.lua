--- Rows of codeocean.reference: operations on data assets.

local shapes = require "codeocean.reference.asset_shapes"

local ID = { "id", "string", "the asset's id" }
local SEARCH = { "params", "codeocean.Search?", "which assets; nil: all that are not archived" }
local ASSET = { "asset", "codeocean.Asset", "as the server has it" }
local DONE = { "true", "true", "done" }

return {
  shapes = shapes.shapes,
  choices = shapes.choices,
  rows = {
    { name = "assets:search", api = "Search Data Assets",
      summary = "One page of the assets that match. Rows may be late or lack fields; get returns "
        .. "the whole asset.",
      params = { SEARCH }, returns = { { "page", "codeocean.Page", "100 assets by default" } },
      example = 'assets:search { query = "tag:EEG", sort_field = "size", sort_order = "desc" }',
      errors = { "unsupported" } },
    { name = "assets:each", api = "Search Data Assets",
      summary = "Iterates over every match, page after page, in constant memory. Collect the ids "
        .. "before you write: a write shifts the pages. Raises a failure.", params = { SEARCH },
      returns = { { "iterator", "fun(): codeocean.Asset?", "for a loop" } },
      raises = "the error object (any kind, paging and unsupported among them)",
      example = 'for a in assets:each { query = "name:2021" } do print(a.name) end' },
    { name = "assets:all", api = "Search Data Assets", summary = "Every match as a list.",
      params = { SEARCH }, returns = { { "list", "codeocean.Asset[]", "every match" } },
      example = '#assets:all { type = "result" }', errors = { "paging", "unsupported" } },
    { name = "assets:find", api = "Search Data Assets",
      summary = "The asset that has exactly this name.",
      params = { { "name", "string", "the whole name" } },
      returns = { { "asset", "codeocean.Asset", "as a search returns it" } },
      example = 'assets:find "commoncrawl"',
      errors = { "missing", "ambiguous", "paging" } },
    { name = "assets:get", api = "Get Data Asset Metadata",
      summary = "An asset with all its fields.",
      params = { ID }, returns = { ASSET },
      example = 'assets:get(assets:search({ limit = 1 }).results[1].id)', errors = { "missing" } },
    { name = "assets:create", api = "Create a New Data Asset",
      summary = "Creates an asset from a bucket or a computation's result. It is a draft until "
        .. "the server has its files: see wait_until_ready. The request is not repeated once the "
        .. "server may have it; if the answer is lost, the asset is searched for.",
      params = { { "params", "codeocean.NewAsset", "the fields of the asset" },
        { "opts", "codeocean.CreateOptions?", "what to do if it exists" } },
      returns = { { "asset", "codeocean.Asset", "the draft" },
        { "way", "string?", '"existed" (unless_exists), "adopted" (found after a lost answer)' } },
      example = 'assets:create { name = "rats", mount = "rats", tags = { "rat" },\n'
        .. '  source = { aws = { bucket = "open-data", keep_on_external_storage = true } } }',
      errors = { "invalid", "ambiguous", "dry_run" } },
    { name = "assets:update", api = "Update Data Asset Metadata",
      summary = "Writes fields; the others keep their values. Reads the asset first, and "
        .. "compares the answer with what was sent.",
      params = { ID, { "changes", "codeocean.Changes", "at least one field" },
        { "opts", "codeocean.UpdateOptions?", "how metadata is written" } },
      returns = { { "asset", "codeocean.Asset", "as it is now" } },
      example = 'a = assets:search({ origin = "internal", limit = 1 }).results[1]\n'
        .. 'assets:update(a.id, { tags = { "EEG", "2021" } })',
      errors = { "missing", "invalid", "conflict", "dry_run" } },
    { name = "assets:delete", api = "Delete Data Asset",
      summary = "Deletes an asset. This cannot be undone. The session asks for confirmation.",
      params = { ID }, returns = { DONE }, example = 'assets:delete(assets:find("commoncrawl").id)',
      errors = { "missing", "dry_run" } },
    { name = "assets:archive", api = "Archive Data Asset",
      summary = "Archives an asset; with false, unarchives it.",
      params = { ID, { "archived", "boolean?", "false: unarchive", default = true } },
      returns = { DONE }, example = "assets:archive(a.id)", errors = { "missing", "dry_run" } },
    { name = "assets:unarchive", api = "Archive Data Asset",
      summary = "Takes an asset out of the archive.", params = { ID }, returns = { DONE },
      example = "assets:unarchive(a.id)", errors = { "missing", "dry_run" } },
    { name = "assets:wait_until_ready", api = "Get Data Asset Metadata",
      summary = "Waits until a draft is ready. With a list of ids, returns assets and errors by "
        .. "place in the list.",
      params = { { "id", "string|string[]", "the asset's id, or a list" },
        { "opts", "codeocean.WaitOptions?", "how long" } },
      returns = { { "asset", "codeocean.Asset", "once it is ready; for a list of ids: a list" },
        { "errors", "table<integer, codeocean.Error>?", "for a list of ids: by place" } },
      example = "assets:wait_until_ready(a.id, { timeout = 60 })",
      errors = { "failed", "missing" } },
    { name = "assets:get_permissions",
      api = "current release: GET /data_assets/{id}/permissions",
      summary = "Who may see an asset. (Current release.)", params = { ID },
      returns = { { "permissions", "codeocean.Permissions", "who has which role" } },
      example = "assets:get_permissions(a.id)", errors = { "missing" } },
    { name = "assets:set_permissions",
      api = "current release: POST /data_assets/{id}/permissions",
      summary = "Sets who may see an asset. (Current release.)",
      params = { ID, { "permissions", "codeocean.Permissions", "who is to have which role" } },
      returns = { DONE },
      example = 'assets:set_permissions(a.id, { users = { { email = "x@example.org", '
        .. 'role = "viewer" } } })', errors = { "missing", "dry_run" } },
    { name = "assets:share", api = "current release: POST /data_assets/{id}/permissions",
      summary = "Changes who may see an asset. Users and groups that are not named keep their "
        .. "roles; the last owner cannot be removed. (Current release.)",
      params = { ID, { "changes", "codeocean.Shares", "at least one" } },
      returns = { { "permissions", "codeocean.Permissions", "as they are afterwards" } },
      example = 'assets:share(a.id, { everyone = "viewer",\n'
        .. '  users = { ["x@example.org"] = "editor" } })',
      errors = { "missing", "invalid", "decode", "dry_run" } },
    { name = "assets:list_files", api = "current release: POST /data_assets/{id}/files",
      summary = "The files of a folder of an internal asset. (Current release.)",
      params = { ID, { "path", "string?", "the folder; nil: the root" } },
      returns = { { "folder", "codeocean.Folder", "its items" } },
      example = "assets:list_files(a.id)", errors = { "missing" } },
    { name = "assets:file_urls", api = "current release: GET /data_assets/{id}/files/urls",
      summary = "Short-lived addresses of a file. (Current release.)",
      params = { ID, { "path", "string", "the file" } },
      returns = { { "urls", "codeocean.FileUrls", "signed addresses" } },
      example = 'assets:file_urls(a.id, "data_description.json")', errors = { "missing" } },
    { name = "assets:read_file", api = "current release: GET /data_assets/{id}/files/urls",
      summary = "The bytes of a file of an internal asset, read from its signed address. The "
        .. "token is not sent there, and the address is not shown. (Current release.)",
      params = { ID, { "path", "string", "the file" },
        { "opts", "codeocean.ReadOptions?", "how much of it" } },
      returns = { { "bytes", "string", "as they are" } },
      example = 'codeocean.json.decode(assets:read_file(a.id, "data_description.json")).name',
      errors = { "missing", "rejected", "decode" } },
    { name = "assets:uses", api = "current release: POST /capsules/search",
      summary = "What uses an asset: combined assets that contain it, results made from it, "
        .. "capsules that have it attached. Reads the whole estate. (Current release.)",
      params = { ID }, returns = { { "uses", "codeocean.Use[]", "empty if nothing uses it" } },
      example = 'r = assets:search({ type = "result", limit = 1 }).results[1]\n'
        .. "assets:uses(r.provenance.data_assets[1])[1].name",
      errors = { "unsupported", "paging" } },
    { name = "assets:transfer", api = "current release: POST /data_assets/{id}/transfer",
      summary = "Moves the files to another storage. For administrators. The request is not "
        .. "repeated once the server may have it. (Current release.)",
      params = { ID, { "params", "codeocean.Transfer", "where to" } }, returns = { DONE },
      example = 'assets:transfer(a.id, { target = { aws = { bucket = "cold" } } })',
      errors = { "missing", "dry_run" } },
  },
}
