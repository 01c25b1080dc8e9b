--- Rows of codeocean.reference: methods of a client.

local SOURCE = { "source", "any[]|fun(): any", "a list, or an iterator such as assets:each {…}" }
local FN = { "fn", "fun(item: any, index: integer): any, any", "returns a value; or nil, err" }
local OPTIONS = { "options", "codeocean.MapOptions?", "how many at once, when to stop" }

return {
  choices = {
    { name = "codeocean.Event", about = "when a hook of a client is called",
      values = { "request", "write", "answer", "plan", "progress", "report" } },
  },
  shapes = {
    { name = "codeocean.Schema", about = "what custom metadata may hold", fields = {
      { "fields", "codeocean.SchemaField[]", "one for each key" },
      { "categories", "string[]?", "groups of keys" },
    } },
    { name = "codeocean.SchemaField", about = "a key of custom metadata", fields = {
      { "name", "string", "the key" },
      { "type", "string", '"string", "number" or "date" (seconds since 1970, or "2024-02-29")' },
      { "required", "boolean?", "true: it cannot be removed" },
      { "multiple", "boolean?", "true: takes a list of values" },
      { "allowed_values", "any[]?", "the only values that it takes" },
      { "range", "table?", "{min, max}" },
      { "units", "string?", "of a number" },
      { "category", "string?", "one of the categories" },
    } },
    { name = "codeocean.Client", object = "client:", about = "one deployment, one token",
      fields = {
        { "data_assets", "codeocean.DataAssets", "the operations" },
        { "host", "string", "the deployment" },
        { "dry_run", "boolean", "true: no request that writes is sent" },
        { "warning", "string?", "one line about a problem in its settings" },
      } },
    { name = "codeocean.MapOptions", options = true, about = "how a map runs", fields = {
      { "jobs", "integer?", "most at once, 1 or more (that of the client)" },
      { "fail_fast", "boolean?", "true: start nothing more after the first error",
        default = false },
      { "on_error", "(fun(err: codeocean.Error): any)?", "returns a reason to start nothing more, "
        .. "or nil" },
      { "poll", "(fun(): any)?", "called between two results; returns the same as on_error" },
    } },
    { name = "codeocean.Stats", about = "what a client has done since it was made", fields = {
      { "requests", "integer", "sent, repeats included" },
      { "retries", "integer", "repeats among them" },
      { "connections", "integer", "opened" },
      { "bytes_sent", "integer", "bytes" },
      { "bytes_received", "integer", "bytes" },
      { "in_flight", "integer", "requests under way now" },
      { "window", "integer", "requests that may be under way now" },
      { "unreachable", "boolean", "true: no server was found, or each request of the last "
        .. "`deadline` seconds was pushed back" },
      { "latency_p50", "number", "seconds; half of the answers took no longer" },
      { "latency_p95", "number", "seconds" },
      { "latency_p99", "number", "seconds" },
      { "clock_skew", "number", "seconds that the server's clock is ahead of this machine's" },
      { "pace", "number", "requests a second, as learned from refusals; 0: no limit is known" },
      { "dialect", "string?", '"2022" or "current"; nil before the first search' },
      { "dialect_probes", "integer", "requests that it took to find the dialect" },
    } },
  },
  rows = {
    { name = "client:map",
      summary = "Calls fn for every item, many at once; their requests overlap, except a call "
        .. "where Lua cannot yield (in string.gsub, table.sort, a metamethod): the others wait "
        .. "for it. results[i] and errors[i] belong to item i; results.n is the number of items. "
        .. "Returns nil, err if the source is a search that fails.",
      params = { SOURCE, FN, OPTIONS },
      returns = { { "results", "table", "by place, results.n items" },
        { "errors", "table<integer, codeocean.Error>", "by place" } },
      errors = { "script", "pending" },
      example = 'list = client:map(assets:each { query = "tag:EEG" }, function(a)\n'
        .. '  return assets:get(a.id)\nend)' },
    { name = "client:each_done",
      summary = "The same as map, but gives each result as soon as it is there. Leaving the loop "
        .. "early cancels the rest. Raises a failure of the source.",
      params = { SOURCE, FN, OPTIONS },
      returns = { { "iterator", "fun(): integer?, any, codeocean.Error?", "index, value, err" } },
      raises = "the error object of a failing source",
      example = 'for i, asset, err in client:each_done(assets:each { limit = 5 }, function(a)\n'
        .. '  return assets:get(a.id)\nend) do print(i, asset and asset.name or err) end' },
    { name = "client:sleep", summary = "Waits; other tasks and requests go on.",
      params = { { "seconds", "number", "how long" } },
      returns = { { "true", "true", "when the time is over" } },
      errors = { "cancelled", "closed" }, example = "client:sleep(0.5)" },
    { name = "client:custom_metadata", api = "current release: GET /custom_metadata",
      summary = "The deployment's schema of custom metadata. Bulk runs take no other key or "
        .. "value. Tab completes its keys from then on. (Current release.)",
      returns = { { "schema", "codeocean.Schema", "its keys" } }, errors = { "missing" },
      example = "schema = client:custom_metadata()\n"
        .. "for _, field in ipairs(schema.fields) do print(field.name) end" },
    { name = "client:stats", summary = "What the client has done: requests, retries, connections, "
      .. "bytes, latencies.",
      returns = { { "stats", "codeocean.Stats", "counters" } }, example = "client:stats()" },
    { name = "client:cancel",
      summary = "Ends every call that waits, with err.kind cancelled. The client stays usable.",
      example = "client:cancel()" },
    { name = "client:with",
      summary = "The same client for some calls, each with the given deadline. Its cancel() ends "
        .. "only these calls; call it from another coroutine, a task or a hook. Connections, "
        .. "limits and hooks are those of the client.",
      params = { { "options", "{deadline: number?}?", "seconds for each call; nil: the "
        .. "client's" } },
      returns = { { "client", "codeocean.Client", "for these calls" } },
      example = 'client:with { deadline = 5 }.data_assets:search { limit = 1 }' },
    { name = "client:close",
      summary = "Ends waiting calls and closes the connections; later calls fail with closed. "
        .. "Also done by `local c <close> = …`. An open client uses up to 4 file descriptors and "
        .. "one for each connection. close() frees them; with a `wait` hook, that of pollfd() is "
        .. "freed when the client is collected.",
      example = "do local c <close> = assert(codeocean.client()) end" },
    { name = "client:on",
      summary = "Calls fn at each event of this client. request: fn(call). write: fn(call), "
        .. "before an operation that writes; if it returns an error, nothing is sent and the "
        .. "caller gets the error. answer: fn(call, value, err). In bulk runs: plan: fn(plan, "
        .. "spec), false refuses the plan; progress: fn(event, spec); report: fn(report, spec). "
        .. "call has operation, id, params, before (the asset as it was just read, or nil) and "
        .. "run (the bulk run's spec, or nil).",
      params = { { "event", "codeocean.Event", "when" },
        { "fn", "function", "what to call; of several, the first that returns a value decides" } },
      returns = { { "stop", "fun()", "ends the subscription" } },
      example = 'stop = client:on("answer", function(call, _, err) print(call.operation, err) end'
        .. ')\nstop()' },
    { name = "client:set_dry_run",
      summary = "Turns dry run on or off: while it is on, no request that writes is sent. A "
        .. "client that was made with dry_run keeps it.",
      params = { { "on", "boolean", "true: no request that writes is sent" } },
      returns = { { "true", "true", "done" } }, errors = { "refused" },
      example = "client:set_dry_run(true)" },
    { name = "client:step",
      summary = "For event loops: does the work that is due; waits at most <seconds> for it.",
      params = { { "seconds", "number?", "nil, or more than 0.1: 0.1" } },
      example = "client:step(0)" },
    { name = "client:pollfd", summary = "For event loops: the file descriptor to poll.",
      returns = { { "descriptor", "integer", "a file descriptor" } },
      example = "client:pollfd()" },
    { name = "client:events", summary = "For event loops: the event to poll for.",
      returns = { { '"r"', "string", "readable" } }, example = "client:events()" },
    { name = "client:nudge",
      summary = "For event loops: wakes the loop that polls the client, so that it checks for "
        .. "results again.",
      example = "client:nudge()" },
    { name = "client:timeout", summary = "For event loops: the time until step() must be called.",
      returns = { { "seconds", "number?", "from now; nil: no limit" } },
      example = "client:timeout()" },
  },
}
