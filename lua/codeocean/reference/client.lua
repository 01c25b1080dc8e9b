--- Rows of codeocean.reference: methods of a client.

local SOURCE = { "source", "any[]|fun(): any", "a list, or an iterator such as assets:each {…}" }
local FN = { "fn", "fun(item: any, index: integer): any, any", "gives a value; or nil, err" }
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
      { "required", "boolean?", "true: it cannot be taken out" },
      { "multiple", "boolean?", "true: a list of values is taken" },
      { "allowed_values", "any[]?", "no other value is" },
      { "range", "table?", "{min, max}" },
      { "units", "string?", "of a number" },
      { "category", "string?", "one of the categories" },
    } },
    { name = "codeocean.Client", object = "client:", about = "one deployment, one token",
      fields = {
        { "data_assets", "codeocean.DataAssets", "the operations" },
        { "host", "string", "the deployment" },
        { "dry_run", "boolean", "whether nothing that writes is sent" },
        { "warning", "string?", "what is amiss with the settings it was made from, in a line" },
      } },
    { name = "codeocean.MapOptions", options = true, about = "how a map runs", fields = {
      { "jobs", "integer?", "most at once, 1 or more (that of the client)" },
      { "fail_fast", "boolean?", "true: start nothing more after the first error",
        default = false },
      { "on_error", "(fun(err: codeocean.Error): any)?", "returns a reason to start nothing more, "
        .. "or nil" },
      { "poll", "(fun(): any)?", "asked between two results; returns the same" },
    } },
    { name = "codeocean.Stats", about = "what a client has done since it was made", fields = {
      { "requests", "integer", "sent, repeats included" },
      { "retries", "integer", "repeats among them" },
      { "connections", "integer", "opened" },
      { "bytes_sent", "integer", "bytes" },
      { "bytes_received", "integer", "bytes" },
      { "in_flight", "integer", "requests under way now" },
      { "window", "integer", "requests that may be under way now" },
      { "unreachable", "boolean", "whether nobody is served: no server was found, or each "
        .. "request of the last `deadline` seconds was pushed back" },
      { "latency_p50", "number", "seconds; half of the answers took no longer" },
      { "latency_p95", "number", "seconds" },
      { "latency_p99", "number", "seconds" },
      { "clock_skew", "number", "seconds that the server's clock is ahead of this machine's" },
      { "pace", "number", "requests a second, as learned from refusals; 0: no limit is known" },
      { "dialect", "string?", '"2022" or "current"; nil before the first search' },
      { "dialect_probes", "integer", "requests it took to find that out" },
    } },
  },
  rows = {
    { name = "client:map",
      summary = "Calls fn for every item, many at once; the requests inside overlap. results[i] "
        .. "and errors[i] belong to item i, results.n is their number. nil, err when the source is "
        .. "a search that fails.",
      params = { SOURCE, FN, OPTIONS },
      returns = { { "results", "table", "by place, results.n items" },
        { "errors", "table<integer, codeocean.Error>", "by place" } },
      errors = { "script", "pending" },
      example = 'list = client:map(assets:each { query = "tag:EEG" }, function(a)\n'
        .. '  return assets:get(a.id)\nend)' },
    { name = "client:each_done",
      summary = "The same, each result as soon as it is there. A loop that is left early cancels "
        .. "the rest. A failure of the source is raised.", params = { SOURCE, FN, OPTIONS },
      returns = { { "iterator", "fun(): integer?, any, codeocean.Error?", "index, value, err" } },
      raises = "the error object of a source that fails",
      example = 'for i, asset, err in client:each_done(assets:each { limit = 5 }, function(a)\n'
        .. '  return assets:get(a.id)\nend) do print(i, asset and asset.name or err) end' },
    { name = "client:sleep", summary = "Waits, while other tasks and requests go on.",
      params = { { "seconds", "number", "how long" } },
      returns = { { "true", "true", "when the time is over" } },
      errors = { "cancelled", "closed" }, example = "client:sleep(0.5)" },
    { name = "client:custom_metadata", api = "current release: GET /custom_metadata",
      summary = "The deployment's schema of custom metadata: bulk runs take no other key or value. "
        .. "At the prompt Tab knows its keys from then on. (Current release.)",
      returns = { { "schema", "codeocean.Schema", "what there is" } }, errors = { "missing" },
      example = "schema = client:custom_metadata()\n"
        .. "for _, field in ipairs(schema.fields) do print(field.name) end" },
    { name = "client:stats", summary = "What the client has done: requests, retries, connections, "
      .. "bytes, latencies.",
      returns = { { "stats", "codeocean.Stats", "counters" } }, example = "client:stats()" },
    { name = "client:cancel",
      summary = "Ends every call that waits, with err.kind cancelled. The client stays usable.",
      example = "client:cancel()" },
    { name = "client:with",
      summary = "The same client for some calls: each of them has the deadline that is given, and "
        .. "its cancel() ends those that wait, from another coroutine, a task or a hook, and no "
        .. "others. Connections, limits and hooks are the client's.",
      params = { { "options", "{deadline: number?}?", "seconds a call; nil: the client's" } },
      returns = { { "client", "codeocean.Client", "for these calls" } },
      example = 'client:with { deadline = 5 }.data_assets:search { limit = 1 }' },
    { name = "client:close",
      summary = "Ends waiting calls and closes the connections; later calls fail with closed. Also "
        .. "done by `local c <close> = …`. An open client has up to 4 file descriptors and one for "
        .. "each connection; closing gives them back (with a `wait` hook, that of pollfd when the "
        .. "client is collected).",
      example = "do local c <close> = assert(codeocean.client()) end" },
    { name = "client:on",
      summary = "Calls fn at each event of this client. request: fn(call). write: fn(call), before "
        .. "an operation that writes; an error that it returns is the caller's, and nothing is "
        .. "sent. answer: fn(call, value, err). Of bulk runs: plan, fn(plan, spec), false refuses; "
        .. "progress, fn(event, spec); report, fn(report, spec). call has operation, id, params, "
        .. "before (the asset as it was just read, or nil) and run (the bulk run's spec, or nil).",
      params = { { "event", "codeocean.Event", "when" },
        { "fn", "function", "what to call; the first that returns something decides" } },
      returns = { { "stop", "fun()", "ends it" } },
      example = 'stop = client:on("answer", function(call, _, err) print(call.operation, err) end'
        .. ')\nstop()' },
    { name = "client:set_dry_run",
      summary = "Holds back whatever would write, or no longer. A client that was made with a dry "
        .. "run stays in it.",
      params = { { "on", "boolean", "true: nothing that writes is sent" } },
      returns = { { "true", "true", "it is so" } }, errors = { "refused" },
      example = "client:set_dry_run(true)" },
    { name = "client:step",
      summary = "For event loops: does what is due, waiting at most that long.",
      params = { { "seconds", "number?", "at most; 0.1 where it is longer, or nil" } },
      example = "client:step(0)" },
    { name = "client:pollfd", summary = "For event loops: what to poll.",
      returns = { { "descriptor", "integer", "a file descriptor" } },
      example = "client:pollfd()" },
    { name = "client:events", summary = "For event loops: what to poll for.",
      returns = { { '"r"', "string", "readable" } }, example = "client:events()" },
    { name = "client:nudge",
      summary = "For event loops: wakes whoever polls the client, to look again.",
      example = "client:nudge()" },
    { name = "client:timeout", summary = "For event loops: when step must be called at the latest.",
      returns = { { "seconds", "number?", "from now; nil: no limit" } },
      example = "client:timeout()" },
  },
}
