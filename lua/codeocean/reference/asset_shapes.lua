--- Shapes of the tables that operations on data assets take and return.

return {
  choices = {
    { name = "codeocean.AssetType", about = "what an asset is; combined and model: current "
      .. "release",
      values = { "dataset", "result", "combined", "model" } },
    { name = "codeocean.State", about = "the state of its creation",
      values = { "draft", "ready", "failed" } },
    { name = "codeocean.Ownership", about = "yours (owner and created mean the same) or shared "
      .. "with you", values = { "owner", "created", "shared", "private" } },
    { name = "codeocean.Origin", about = "copied to the platform, or left in its bucket",
      values = { "internal", "external" } },
    { name = "codeocean.SortField", about = "a field that a search sorts by",
      values = { "created", "type", "name", "size" } },
    { name = "codeocean.SortOrder", about = "ascending, descending", values = { "asc", "desc" } },
  },
  shapes = {
    { name = "codeocean.DataAssets", object = "assets:", about = "the operations on data assets",
      fields = {} },
    { name = "codeocean.Asset", about = "a data asset, with the same field names in every "
      .. "release; fields of a later release pass through",
      fields = {
        { "id", "string", "36 characters" },
        { "name", "string", "not unique" },
        { "description", "string?", "a text" },
        { "type", "codeocean.AssetType", "its type" },
        { "state", "codeocean.State", "the state of its creation" },
        { "tags", "string[]", "in the server's order; an empty list if there are none" },
        { "mount", "string?", "its folder under /data" },
        { "created", "integer", "seconds since 1970" },
        { "last_used", "integer?", "seconds since 1970; 0: never" },
        { "size", "integer?", "bytes" },
        { "files", "integer?", "number of files" },
        { "custom_metadata", "table<string, any>?", "names and values" },
        { "source_bucket", "table?", "{origin, bucket, prefix, external}" },
        { "provenance", "table?", "of a result: {commit, run_script, data_assets, docker_image, "
          .. "capsule}" },
        { "owner", "string?", "who created it" },
        { "owner_email", "string?", "its owner's address" },
        { "failure_reason", "string?", "of state failed: why" },
        { "app_parameters", "table[]?", "of a result: list of {name, value}" },
        { "nextflow_profile", "string?", "of a pipeline's result" },
        { "contained_data_assets", "table[]?", "of type combined" },
        { "last_transferred", "integer?", "seconds since 1970" },
        { "transfer_error", "string?", "of the last transfer" },
      } },
    { name = "codeocean.Search", options = true, about = "which assets", fields = {
      { "query", "string|codeocean.Query?", "words, name:… or tag:…, \"a phrase\"; or a table "
        .. "{name =, tag =, text =}" },
      { "type", "codeocean.AssetType?", "only this type" },
      { "ownership", "codeocean.Ownership?", "yours, or shared with you" },
      { "origin", "codeocean.Origin?", "where the files are" },
      { "archived", "boolean?", "true: only archived assets; false: only the others; each and "
        .. "all also take \"any\"" },
      { "favorite", "boolean?", "true: only favorites" },
      { "sort_field", "codeocean.SortField?", "what to sort by" },
      { "sort_order", "codeocean.SortOrder?", "the direction" },
      { "offset", "integer?", "rows to skip" },
      { "start", "integer?", "the same as offset" },
      { "limit", "integer?", "at most <n> results; default of each and all: every match" },
      { "page_size", "integer?", "results of a page, 1 to 1000; default 100, of each and all "
        .. "1000" },
      { "next_token", "string?", "next_token of the page before; replaces offset" },
      { "filters", "codeocean.Filter[]?", "list of {key, value | values | range}" },
      { "fields", "string[]?", "read only id and these fields; the others are skipped" },
    } },
    { name = "codeocean.Query", about = "a query whose values are quoted for you; the values of "
      .. "a field are joined by or, the fields by and",
      fields = {
        { "name", "string|string[]?", "words of the name" },
        { "tag", "string|string[]?", "a tag" },
        { "run_script", "string|string[]?", "of a result" },
        { "commit_id", "string|string[]?", "of a result" },
        { "contained_data_id", "string|string[]?", "id of a part of combined assets" },
        { "text", "string?", "words in any field, passed on unquoted" },
      } },
    { name = "codeocean.Filter", about = "a condition on a field (current release)", fields = {
      { "key", "string", "the field" },
      { "value", "any", "equal to this" },
      { "values", "any[]?", "one of these" },
      { "range", "table?", "{min, max}, or one of them" },
      { "exclude", "boolean?", "true: only assets that do not match" },
    } },
    { name = "codeocean.Page", about = "a page of a search", fields = {
      { "results", "codeocean.Asset[]", "the rows of the index, which may be late or lack "
        .. "fields; get returns the whole asset" },
      { "has_more", "boolean", "whether more pages follow" },
      { "next_token", "string?", "for the next page (current release)" },
      { "total", "integer?", "number of matches (2022)" },
    } },
    { name = "codeocean.NewAsset", options = true, about = "an asset to create: source or "
      .. "data_asset_ids, not both",
      fields = {
        { "name", "string", "its name" },
        { "mount", "string", "the folder it is mounted at" },
        { "tags", "string[]", "list of strings, {} for none" },
        { "description", "string?", "a text" },
        { "source", "codeocean.Source?", "{aws = {bucket =, prefix =, …}} or {computation = "
          .. "{id =, path =}}" },
        { "data_asset_ids", "string[]?", "instead of source: a combined asset of these" },
        { "custom_metadata", "table<string, any>?", "names and values" },
        { "target", "table?", "where its files go: {aws = {bucket =, prefix =}}" },
        { "results_info", "table?", "of a captured result" },
      } },
    { name = "codeocean.Source", about = "origin of an asset: exactly one of the fields", fields = {
      { "aws", "codeocean.AwsSource?", "a bucket of S3" },
      { "computation", "codeocean.ComputationSource?", "a computation's result" },
      { "gcp", "codeocean.GcpSource?", "a bucket of Google (current release)" },
      { "cloud_workstation", "codeocean.WorkstationSource?", "a workstation (current release)" },
    } },
    { name = "codeocean.AwsSource", about = "a bucket of S3", fields = {
      { "bucket", "string", "its name" },
      { "prefix", "string?", "a folder in it; in 2022 ignored with keep_on_external_storage" },
      { "keep_on_external_storage", "boolean?", "true: the files stay in the bucket" },
      { "index_data", "boolean?", "true: the files of an external asset are visible" },
      { "access_key_id", "string?", "secret: never shown again" },
      { "secret_access_key", "string?", "secret: never shown again" },
      { "public", "boolean?", "true: a public bucket (current release)" },
      { "endpoint_name", "string?", "an S3-compatible store (current release)" },
      { "use_input_bucket", "boolean?", "(current release)" },
    } },
    { name = "codeocean.ComputationSource", about = "a computation's result", fields = {
      { "id", "string", "the computation's id" },
      { "path", "string?", "a folder of its results; nil: all of them" },
    } },
    { name = "codeocean.GcpSource", about = "a bucket of Google", fields = {
      { "bucket", "string", "its name" },
      { "prefix", "string?", "a folder in it" },
      { "client_id", "string?", "secret: never shown again" },
      { "client_secret", "string?", "secret: never shown again" },
    } },
    { name = "codeocean.WorkstationSource", about = "a folder of a workstation", fields = {
      { "id", "string", "the workstation's id" },
      { "path", "string", "the folder" },
      { "run_script", "string?", "the script that made it" },
    } },
    { name = "codeocean.CreateOptions", options = true, about = "how to create", fields = {
      { "unless_exists", "boolean?", "true: returns an existing asset of that name instead",
        default = false },
    } },
    { name = "codeocean.Changes", options = true, about = "fields to write", fields = {
      { "name", "string?", "a new name" },
      { "description", "string?", "a new description" },
      { "tags", "string[]?", "the whole new list of tags" },
      { "mount", "string?", "the folder it is mounted at" },
      { "custom_metadata", "table<string, any>?", "merged key by key into the present metadata; "
        .. "json.null removes a key" },
    } },
    { name = "codeocean.UpdateOptions", options = true, about = "how to update", fields = {
      { "replace_metadata", "boolean?", "true: custom_metadata replaces all present metadata",
        default = false },
    } },
    { name = "codeocean.WaitOptions", options = true, about = "how to wait", fields = {
      { "timeout", "number?", "seconds for all assets together", default = 3600 },
      { "interval", "number?", "seconds before the second check; grows to 30", default = 2 },
    } },
    { name = "codeocean.Permissions", options = true, about = "who may see an asset", fields = {
      { "users", "table[]?", "list of {email, role}" },
      { "groups", "table[]?", "list of {group, role}" },
      { "everyone", "string?", "the role of all others" },
      { "share_assets", "boolean?", "whether the assets in it are shared too" },
    } },
    { name = "codeocean.Shares", options = true, about = "changes of who may see an asset; the "
      .. "role none removes a user or a group", fields = {
      { "users", "table<string, string>?", "by mail address: owner, editor, viewer or none" },
      { "groups", "table<string, string>?", "by name: the same roles, and discoverable" },
      { "everyone", "string?", "viewer, discoverable or none" },
      { "share_assets", "boolean?", "true: the assets in it are shared too" },
    } },
    { name = "codeocean.Use", about = "what uses an asset", fields = {
      { "type", "string", '"combined", "capsule", or the type of an asset that came of it' },
      { "id", "string", "id of the asset or capsule that uses it" },
      { "name", "string?", "its name" },
    } },
    { name = "codeocean.Folder", about = "a folder of an asset", fields = {
      { "items", "codeocean.File[]", "files and folders" },
    } },
    { name = "codeocean.File", about = "an item of a folder", fields = {
      { "name", "string", "its last part" },
      { "path", "string", "from the asset's root" },
      { "type", "string", '"file" or "folder"' },
      { "size", "integer?", "bytes, of a file" },
    } },
    { name = "codeocean.ReadOptions", options = true, about = "how much of a file", fields = {
      { "max", "integer?", "most bytes to read; more are an error", default = 8388608 },
      { "range", "integer[]?", "{first, last} from 0 on, {first}, or {-n}: the last n bytes" },
    } },
    { name = "codeocean.FileUrls", about = "short-lived addresses of a file", fields = {
      { "download_url", "string", "to download it" },
      { "view_url", "string", "to view it" },
    } },
    { name = "codeocean.Transfer", options = true, about = "where to move the files", fields = {
      { "target", "table", "{aws = {bucket =, prefix =}}" },
      { "force", "boolean?", "true: transfer again" },
    } },
  },
}
