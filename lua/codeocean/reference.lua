--- Every public function, as rows: what help() shows at the prompt, what Tab offers inside a call,
-- what the reference documentation is made of. A spec compares the rows with the modules.
--
--   name       as it is called at the prompt: "assets:search", "bulk.run"
--   signature  with its results
--   summary    a sentence or two
--   params     list of {name, what it is, choices = list}: arguments, or fields of a table argument
--   returns    what comes back, where the signature does not say it
--   example    lines that run as they stand in a session
--   errors     kinds of err that are this function's own (M.ANYTIME can come from any request)
--   section    name of a section below

local M = {}

--- Kinds of error that any request may end with; what each means.
M.KINDS = {
  { "auth", "no valid token, or no permission" },
  { "missing", "no such asset, or not yours" },
  { "invalid", "the server refused the request's content" },
  { "rejected", "the server refused for another reason" },
  { "throttled", "too many requests; err.retry_after may tell when to come back" },
  { "server", "the server failed" },
  { "network", "the server could not be reached, or hung up" },
  { "timeout", "no answer in time" },
  { "tls", "the server's certificate was not accepted" },
  { "redirect", "the server points elsewhere; nothing is followed" },
  { "decode", "the answer is not what the API documents" },
  { "cancelled", "ended by Ctrl-C, client:cancel() or client:close()" },
  { "closed", "the client was closed before" },
  { "dry_run", "a write that a dry run held back" },
  { "config", "no deployment or no token is known" },
  { "paging", "the server's pages contradict each other" },
  { "conflict", "the server answers with other values than were sent" },
  { "failed", "the server could not make the asset" },
  { "ambiguous", "several assets have this name; err.data lists them" },
  { "unsupported", "this deployment's release of the API cannot express it" },
  { "script", "a function of yours raised; err.message has its traceback" },
}

M.ANYTIME = { "auth", "throttled", "server", "network", "timeout", "tls", "redirect", "decode",
  "cancelled", "closed" }

--- Where the functions live: the section's title, the variable at the prompt, what stands between.
M.SECTIONS = {
  { "codeocean", "codeocean", ".", "the module" },
  { "client", "client", ":", "one deployment, any number of requests at once" },
  { "assets", "assets", ":", "client.data_assets: the operations on data assets" },
  { "bulk", "bulk", ".", "codeocean.bulk: many assets, planned, confirmed, reported" },
  { "tags", "tags", ".", "codeocean.tags: new lists of tags from old ones" },
  { "json", "codeocean.json", ".", "JSON that keeps every integer and every empty list" },
  { "sandbox", "sandbox", ".", "codeocean.sandbox: a simulated deployment" },
}

local ID = { "id", "the asset's id" }
local SEARCH = {
  { "query", "words, name:… or tag:…, \"a phrase\"; or a table {name =, tag =, text =}" },
  { "type", "only this type", choices = { "dataset", "result", "combined", "model" } },
  { "ownership", "yours, or shared with you", choices = { "owner", "created", "shared" } },
  { "origin", "where the files are", choices = { "internal", "external" } },
  { "archived", "true: archived ones alone; false: none of them", choices = { true, false } },
  { "favorite", "true: favorites alone", choices = { true, false } },
  { "sort_field", "what to sort by", choices = { "created", "type", "name", "size" } },
  { "sort_order", "which way", choices = { "asc", "desc" } },
  { "offset", "rows to leave out (or start)" },
  { "limit", "rows of a page, 1 to 1000" },
  { "next_token", "of the page before, instead of offset" },
  { "filters", "list of {key, value | values | range}" },
}
local CHANGES = {
  { "name", "a new name" },
  { "description", "a new description" },
  { "tags", "all the tags it is to have: replaces the list" },
  { "mount", "the folder it is mounted at" },
  { "custom_metadata", "merged over what is there; json.null takes a key out" },
}
local NEW = {
  { "name", "its name" }, { "mount", "the folder it is mounted at" },
  { "tags", "list of strings" }, { "description", "a text" },
  { "source", "{aws = {bucket =, prefix =, …}} or {computation = {id =, path =}}" },
  { "data_asset_ids", "instead of source: a combined asset of these" },
  { "custom_metadata", "table of names and values" }, { "target", "where its files go" },
  { "results_info", "of a captured result" },
}
local BULK = {
  { "select", "which assets: parameters of a search" },
  { "ids", "which assets: a list or an iterator of ids, instead of select" },
  { "change", "function(asset) -> the fields to write; nil leaves it alone" },
  { "action", "what to do instead", choices = { "update", "archive", "unarchive", "delete" } },
  { "limit", "take at most so many" },
  { "jobs", "most requests at once" },
  { "dry_run", "true: plan and report, write nothing", choices = { true, false } },
  { "confirm", "function(plan) -> whether to go on; at the prompt you are asked" },
  { "on_event", "function(event), called as the run goes on" },
}
local MAP = {
  { "source", "a list, or an iterator such as assets:each {…}" },
  { "fn", "function(item, index) -> value; or nil, err" },
  { "options", "{jobs = most at once, fail_fast = true: stop at the first error}" },
}

M.rows = {
  -- codeocean
  { section = "codeocean", name = "codeocean.client",
    signature = "codeocean.client(options) -> client",
    summary = "A client. Without options the deployment and the token come from CODEOCEAN_DOMAIN "
      .. "and CODEOCEAN_TOKEN, or from ~/.codeocean/credentials.json.",
    params = {
      { "domain", "such as acmecorp.codeocean.com" }, { "token", "an access token" },
      { "timeout", "seconds for one attempt (60)" },
      { "connect_timeout", "seconds to reach the server (10)" },
      { "deadline", "seconds for an operation with all its attempts (120)" },
      { "retries", "attempts after the first (4)" }, { "jobs", "most requests at once (16)" },
      { "rate", "most requests a second" },
      { "dialect", "the API's release", choices = { "auto", "2022", "current" } },
      { "dry_run", "true: nothing that writes is sent", choices = { true, false } },
      { "trace", "true: each request on stderr", choices = { true, false } },
      { "wait", "function(client) that waits in your own event loop" },
      { "ca_file", "certificates to trust" },
      { "insecure_http", "true: http to other hosts than this one", choices = { true, false } },
      { "user_agent", "what to call itself" }, { "answer_max", "largest answer taken, in bytes" },
    },
    example = 'other = assert(codeocean.client { dry_run = true, jobs = 4 })',
    errors = { "config" } },
  { section = "codeocean", name = "codeocean.is_id",
    signature = "codeocean.is_id(value) -> boolean",
    summary = "Whether a value is a data asset's id.",
    params = { { "value", "anything" } }, example = 'codeocean.is_id "fea84ebf"' },
  { section = "codeocean", name = "codeocean.is_error",
    signature = "codeocean.is_error(value) -> boolean",
    summary = "Whether a value is an error of this library: {kind, message, status, …}.",
    params = { { "value", "anything" } },
    example = 'asset, err = assets:find "no such name"\ncodeocean.is_error(err), err.kind' },

  -- client
  { section = "client", name = "client:map",
    signature = "client:map(source, fn [, options]) -> results, errors",
    summary = "Calls fn for every item, many at once; the requests inside overlap. results[i] and "
      .. "errors[i] belong to item i, results.n is their number.", params = MAP,
    example = 'list = client:map(assets:each { query = "tag:EEG" }, function(a)\n'
      .. '  return assets:get(a.id)\nend)', errors = { "script", "pending" } },
  { section = "client", name = "client:each_done",
    signature = "client:each_done(source, fn [, options]) -> iterator over index, value, err",
    summary = "The same, each result as soon as it is there. A loop that is left early cancels the "
      .. "rest.", params = MAP,
    example = 'for i, asset, err in client:each_done(assets:each { limit = 5 }, function(a)\n'
      .. '  return assets:get(a.id)\nend) do print(i, asset and asset.name or err) end',
    errors = { "script" } },
  { section = "client", name = "client:sleep", signature = "client:sleep(seconds) -> true",
    summary = "Waits, while other tasks and requests go on.",
    params = { { "seconds", "how long" } }, example = "client:sleep(0.5)",
    errors = { "cancelled", "closed" } },
  { section = "client", name = "client:stats", signature = "client:stats() -> table",
    summary = "What the client has done: requests, retries, connections, bytes, latencies in "
      .. "seconds.", example = "client:stats()" },
  { section = "client", name = "client:cancel", signature = "client:cancel()",
    summary = "Ends every call that waits, with err.kind cancelled. The client stays usable.",
    example = "client:cancel()" },
  { section = "client", name = "client:close", signature = "client:close()",
    summary = "Ends waiting calls and closes the connections; later calls fail with closed. Also "
      .. "done by `local c <close> = …`.",
    example = "do local c <close> = assert(codeocean.client()) end" },
  { section = "client", name = "client:step", signature = "client:step([seconds])",
    summary = "For event loops: does what is due, waiting at most so long.",
    params = { { "seconds", "nil: until something happens" } }, example = "client:step(0)" },
  { section = "client", name = "client:pollfd", signature = "client:pollfd() -> descriptor",
    summary = "For event loops: what to poll.", example = "client:pollfd()" },
  { section = "client", name = "client:events", signature = 'client:events() -> "r"',
    summary = "For event loops: what to poll for.", example = "client:events()" },
  { section = "client", name = "client:nudge", signature = "client:nudge()",
    summary = "For event loops: wakes whoever polls the client, to look again.",
    example = "client:nudge()" },
  { section = "client", name = "client:timeout", signature = "client:timeout() -> seconds or nil",
    summary = "For event loops: when step must be called at the latest.",
    example = "client:timeout()" },

  -- assets
  { section = "assets", name = "assets:search", signature = "assets:search(params) -> page",
    summary = "One page of the assets that match. Its rows are hints; get has the whole asset.",
    params = SEARCH, returns = "{results = list, has_more = boolean, next_token or total}",
    example = 'assets:search { query = "tag:EEG", sort_field = "size", sort_order = "desc" }',
    errors = { "unsupported" } },
  { section = "assets", name = "assets:each", signature = "assets:each(params) -> iterator",
    summary = "Every match, page after page. Collect ids before you write: writing shifts the "
      .. "pages. A failure is raised.", params = SEARCH,
    example = 'for a in assets:each { query = "name:2021" } do print(a.name) end',
    errors = { "paging", "unsupported" } },
  { section = "assets", name = "assets:all", signature = "assets:all(params) -> list",
    summary = "Every match as a list.", params = SEARCH,
    example = '#assets:all { type = "result" }', errors = { "paging", "unsupported" } },
  { section = "assets", name = "assets:find", signature = "assets:find(name) -> asset",
    summary = "The one asset of exactly this name.", params = { { "name", "the whole name" } },
    example = 'assets:find "Allen Brain Observatory"', errors = { "missing", "ambiguous" } },
  { section = "assets", name = "assets:get", signature = "assets:get(id) -> asset",
    summary = "An asset with all its fields.", params = { ID },
    example = 'assets:get(assets:search({ limit = 1 }).results[1].id)', errors = { "missing" } },
  { section = "assets", name = "assets:create",
    signature = "assets:create(params [, {unless_exists = true}]) -> the draft asset",
    summary = "A new asset from a bucket or a computation's result. It is a draft until the server "
      .. "has it: wait_until_ready. Never sent again once the server may have it.", params = NEW,
    example = 'assets:create { name = "rats", mount = "rats", tags = { "rat" },\n'
      .. '  source = { aws = { bucket = "open-data", keep_on_external_storage = true } } }',
    errors = { "invalid", "ambiguous" } },
  { section = "assets", name = "assets:update",
    signature = "assets:update(id, changes [, {replace = true}]) -> asset",
    summary = "Writes fields; what is not named keeps its value. The asset is read first, and the "
      .. "answer compared with what was sent.", params = CHANGES,
    example = 'a = assets:search({ limit = 1 }).results[1]\n'
      .. 'assets:update(a.id, { tags = { "EEG", "2021" } })',
    errors = { "missing", "invalid", "conflict", "dry_run" } },
  { section = "assets", name = "assets:delete", signature = "assets:delete(id) -> true",
    summary = "Deletes for good; nothing brings it back. At the prompt you are asked once.",
    params = { ID }, example = "assets:delete(a.id)", errors = { "missing", "dry_run" } },
  { section = "assets", name = "assets:archive",
    signature = "assets:archive(id [, archived]) -> true",
    summary = "Puts an asset away, or with false takes it out again.",
    params = { ID, { "archived", "false: unarchive", choices = { true, false } } },
    example = "assets:archive(a.id)", errors = { "missing", "dry_run" } },
  { section = "assets", name = "assets:unarchive", signature = "assets:unarchive(id) -> true",
    summary = "Takes an asset out of the archive.", params = { ID },
    example = "assets:unarchive(a.id)", errors = { "missing", "dry_run" } },
  { section = "assets", name = "assets:wait_until_ready",
    signature = "assets:wait_until_ready(id [, opts]) -> asset",
    summary = "Waits until a draft is ready. With a list of ids: assets, errors, by place.",
    params = { ID, { "timeout", "seconds for all (3600)" },
      { "interval", "seconds to the second look, growing to 30 (2)" } },
    example = "assets:wait_until_ready(a.id, { timeout = 60 })", errors = { "failed", "timeout" } },
  { section = "assets", name = "assets:get_permissions",
    signature = "assets:get_permissions(id) -> {users, groups, everyone}",
    summary = "Who may see an asset. (Current release.)", params = { ID },
    example = "assets:get_permissions(a.id)", errors = { "missing" } },
  { section = "assets", name = "assets:set_permissions",
    signature = "assets:set_permissions(id, permissions) -> true",
    summary = "Sets who may see an asset. (Current release.)",
    params = { { "users", "list of {email, role}" }, { "groups", "list of {group, role}" },
      { "everyone", "the role of all others" },
      { "share_assets", "whether what it holds is shared too", choices = { true, false } } },
    example = 'assets:set_permissions(a.id, { users = { { email = "x@example.org", '
      .. 'role = "viewer" } } })', errors = { "missing", "dry_run" } },
  { section = "assets", name = "assets:list_files",
    signature = "assets:list_files(id [, path]) -> {items}",
    summary = "The files of a folder of an internal asset. (Current release.)",
    params = { ID, { "path", "the folder; none: the root" } },
    example = "assets:list_files(a.id)", errors = { "missing" } },
  { section = "assets", name = "assets:file_urls",
    signature = "assets:file_urls(id, path) -> {download_url, view_url}",
    summary = "Short-lived addresses of a file. (Current release.)",
    params = { ID, { "path", "the file" } },
    example = 'assets:file_urls(a.id, "README.md")', errors = { "missing" } },
  { section = "assets", name = "assets:transfer",
    signature = "assets:transfer(id, {target = …}) -> true",
    summary = "Moves the files to another storage. For administrators. (Current release.)",
    params = { { "target", "{aws = {bucket =, prefix =}}" },
      { "force", "true: again", choices = { true, false } } },
    example = 'assets:transfer(a.id, { target = { aws = { bucket = "cold" } } })',
    errors = { "missing", "dry_run" } },

  -- bulk
  { section = "bulk", name = "bulk.run", signature = "bulk.run(client, spec) -> report",
    summary = "Changes many assets: collects every id, plans from fresh gets, asks once, writes, "
      .. "reports on each.", params = BULK,
    returns = "{counts = {ok =, unchanged =, …}, records = list of {id, name, status, fields, "
      .. "error}}",
    example = 'bulk.run(client, { select = { query = "tag:EEG" }, change = function(asset)\n'
      .. '  return { tags = tags.change(asset.tags, { add = { "reviewed" } }) }\nend })',
    errors = { "paging" } },
  { section = "bulk", name = "bulk.main", signature = "bulk.main(client, spec) -> exit status",
    summary = "The same as a script's last line: reads the common options from `arg`, shows "
      .. "progress, prints the report.", params = BULK,
    example = 'os.exit(bulk.main(client, { select = { query = "tag:EEG" }, change = '
      .. 'function() end }))' },

  -- tags
  { section = "tags", name = "tags.change",
    signature = "tags.change(list, changes) -> new list, added, removed",
    summary = "A new list of tags; the old one is left alone. Applied in the order set, replace, "
      .. "remove, add.",
    params = { { "set", "start from this list instead" }, { "replace", "{old = new}, all at once" },
      { "remove", "list of tags" }, { "add", "list of tags" } },
    example = 'tags.change({ "EEG", "draft" }, { add = { "2021" }, remove = { "draft" } })' },
  { section = "tags", name = "tags.difference",
    signature = "tags.difference(before, after) -> added, removed",
    summary = "What one list has and the other has not.",
    params = { { "before", "a list" }, { "after", "a list" } },
    example = "tags.difference(asset.tags, { 'a' })" },
  { section = "tags", name = "tags.check",
    signature = "tags.check(changes) -> true; or nil, problem",
    summary = "Looks for a mistake in a table of changes.",
    params = { { "changes", "as for change" } },
    example = "tags.check { add = { '' } }" },
  { section = "tags", name = "tags.equal", signature = "tags.equal(a, b) -> boolean",
    summary = "Whether two lists hold the same tags in the same order.",
    params = { { "a", "a list" }, { "b", "a list" } }, example = "tags.equal({ 'a' }, { 'a' })" },

  -- json
  { section = "json", name = "codeocean.json.encode",
    signature = "codeocean.json.encode(value) -> text",
    summary = "Sorted keys, exact integers; raises what has no JSON form.",
    params = { { "value", "anything but functions and the like" } },
    example = "codeocean.json.encode { tags = codeocean.json.array() }" },
  { section = "json", name = "codeocean.json.decode",
    signature = "codeocean.json.decode(text) -> value; or nil, problem",
    summary = "Strict: what is no JSON is refused, with its place.",
    params = { { "text", "JSON" } }, example = "codeocean.json.decode '[1, 2]'" },
  { section = "json", name = "codeocean.json.array",
    signature = "codeocean.json.array([list]) -> list",
    summary = "Marks a list, so that it is written as [] when it is empty.",
    params = { { "list", "nil: a new one" } }, example = "codeocean.json.array {}" },

  -- sandbox
  { section = "sandbox", name = "sandbox.start",
    signature = "sandbox.start(options) -> a running sandbox",
    summary = "A simulated deployment on this machine. Its url and token go to codeocean.client.",
    params = { { "port", "0: any free one" }, { "db", "file to keep its assets in" },
      { "token", "what a client must send" }, { "read_only_token", "one that may not write" },
      { "seed", "make so many assets" }, { "ready_after", "seconds that a draft takes" },
      { "latency", "seconds that every answer takes" }, { "page_cap", "most rows of a page" },
      { "record", "requests to remember" }, { "max_in_flight_limit", "429 above so many at once" },
      { "max_body", "largest request, in bytes" },
      { "dialect", "the API's release", choices = { "both", "2022", "current" } },
      { "buckets", "names of buckets that exist" } },
    example = 'box = require("codeocean.sandbox").start { seed = 100 }\n'
      .. 'c = codeocean.client { domain = box.url, token = box.token }' },
  { section = "sandbox", name = "sandbox:requests", signature = "sandbox:requests() -> list",
    summary = "What was asked of it: {method, path, query, operation, headers, body, status, at}.",
    example = "#box:requests()" },
  { section = "sandbox", name = "sandbox:clear", signature = "sandbox:clear()",
    summary = "Forgets requests and faults.", example = "box:clear()" },
  { section = "sandbox", name = "sandbox:fault", signature = "sandbox:fault(spec)",
    summary = "Orders misbehaviour for requests to come.",
    params = { { "kind", "what happens", choices = { "status", "delay", "reset_before",
      "reset_after",
      "truncated", "wrong_length", "html", "garbage", "redirect", "stall", "slow", "no_content",
      "gzip_bomb", "stuck_token", "empty_more", "stuck_draft", "drop_custom_metadata" } },
      { "operation", "only this one" }, { "id", "only this asset" }, { "count", "how often (1)" },
      { "skip", "so many requests first" }, { "probability", "0 to 1" },
      { "status", "of kind status" }, { "retry_after", "seconds or a date" },
      { "seconds", "of kind delay" } },
    example = 'box:fault { kind = "status", status = 429, retry_after = "1", count = 3 }' },
  { section = "sandbox", name = "sandbox:stats", signature = "sandbox:stats() -> table",
    summary = "Requests, connections, and how many at once.", example = "box:stats()" },
  { section = "sandbox", name = "sandbox:wait",
    signature = "sandbox:wait([seconds]) -> whether it runs",
    summary = "Blocks until a signal comes, or for so long.",
    params = { { "seconds", "nil: until a signal" } }, example = "box:wait(1)" },
  { section = "sandbox", name = "sandbox:stop", signature = "sandbox:stop()",
    summary = "Ends it. Also done when it is collected.", example = "box:stop()" },
}

-- Looking up -------------------------------------------------------------------------------------

local function plain(name)
  return (name:gsub(":", "."):gsub("^client%.data_assets%.", "assets.")
    :gsub("^codeocean%.(%a+)%.", "%1."))
end

--- find(name) -> the row: "assets:search", "assets.search" and "codeocean.bulk.run" are all known;
-- or nil.
function M.find(name)
  local wanted = plain(name)
  for _, row in ipairs(M.rows) do
    if plain(row.name) == wanted then return row end
  end
end

--- of_section(section) -> list of its rows.
function M.of_section(section)
  local list = {}
  for _, row in ipairs(M.rows) do
    if row.section == section then list[#list + 1] = row end
  end
  return list
end

--- near(word) -> list of the rows whose name has this last part, else that mention the word.
function M.near(word)
  local by_name, by_text = {}, {}
  local lower = word:lower()
  for _, row in ipairs(M.rows) do
    if row.name:lower():find(lower, 1, true) then by_name[#by_name + 1] = row end
    if row.summary:lower():find(lower, 1, true) then by_text[#by_text + 1] = row end
  end
  return #by_name > 0 and by_name or by_text
end

return M
