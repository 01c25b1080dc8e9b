--- Rows of codeocean.reference: bulk runs.

local CLIENT = { "client", "codeocean.Client", "the client" }
local SPEC = { "spec", "codeocean.BulkSpec", "what to do" }

return {
  choices = {
    { name = "codeocean.Action", about = "what a bulk run does to an asset",
      values = { "update", "archive", "unarchive", "delete" } },
    { name = "codeocean.Status", about = "what became of an input; pending was not done",
      values = { "ok", "unchanged", "skipped", "missing", "drift", "conflict", "failed", "unknown",
        "pending" } },
  },
  shapes = {
    { name = "codeocean.bulk", object = "bulk.", about = "the module", fields = {
      { "STATUSES", "codeocean.Status[]", "in the order of a report" },
    } },
    { name = "codeocean.BulkSpec", options = true, about = "a bulk run: select or ids; change or "
      .. "an action other than update",
      fields = {
        { "select", "codeocean.Search?", "which assets: parameters of a search" },
        { "ids", "string[]|fun(): string?", "which assets: a list or an iterator of ids, instead "
          .. "of select" },
        { "change", "(fun(asset: codeocean.Asset): codeocean.Changes?)?", "gives the fields to "
          .. "write; nil leaves the asset alone" },
        { "action", "codeocean.Action?", "what to do instead", default = "update" },
        { "name", "string?", "of the run, in its journal", default = "bulk" },
        { "limit", "integer?", "take at most so many" },
        { "shard", "integer[]?", "{i, n}: only part i of n, the same on every machine" },
        { "jobs", "integer?", "most requests at once (that of the client)" },
        { "dry_run", "boolean?", "true: plan and report, write nothing" },
        { "confirm", "(fun(plan: codeocean.Plan): boolean)?", "whether to go on; at the prompt you "
          .. "are asked" },
        { "journal", "string|false?", "path of a new journal; false: none (one in the state "
          .. "folder)" },
        { "resume", "string?", "path of a journal to go on with" },
        { "fail_fast", "boolean?", "true: stop at the first error" },
        { "max_errors", "integer?", "stop after so many errors", default = 50 },
        { "max_delete", "integer?", "refuse to delete more", default = 100 },
        { "allow_unarchived", "boolean?", "true: delete what is not archived, too" },
        { "stop", "(fun(): boolean)?", "true: start nothing more" },
        { "on_event", "fun(event: codeocean.BulkEvent)?", "called as the run goes on" },
        { "about", "string?", "of bulk.main: what its --help says first" },
      } },
    { name = "codeocean.Plan", about = "what a run asks before it writes", fields = {
      { "count", "integer", "assets to write to" },
      { "size", "integer", "their bytes" },
      { "action", "codeocean.Action", "what would be done" },
      { "items", "codeocean.BulkRecord[]", "the assets" },
    } },
    { name = "codeocean.BulkEvent", about = "how far a run is", fields = {
      { "type", "string", '"selected" (once), "planned" or "applied" (once an asset)' },
      { "done", "integer", "assets so far in this phase; 0 when selected" },
      { "total", "integer", "assets in this phase" },
      { "errors", "integer?", "applied: failures so far" },
      { "item", "codeocean.BulkRecord?", "planned, applied: the asset's record" },
    } },
    { name = "codeocean.BulkRecord", about = "an input and what became of it", fields = {
      { "id", "string", "the asset's id" },
      { "name", "string?", "the asset's name" },
      { "status", "codeocean.Status", "what became of it" },
      { "fields", "table<string, table>?", "by field {before, after}" },
      { "error", "codeocean.Error?", "why not" },
    } },
    { name = "codeocean.BulkReport", about = "what a run gives", fields = {
      { "counts", "table<codeocean.Status, integer>", "every status; they sum to the inputs" },
      { "records", "codeocean.BulkRecord[]", "one for each input" },
      { "journal", "string?", "its path" },
      { "refused", "boolean?", "true: confirm said no" },
      { "interrupted", "boolean?", "true: stop said so" },
      { "error", "codeocean.Error?", "of the journal: a full disk" },
    } },
  },
  rows = {
    { name = "bulk.run",
      summary = "Changes many assets: collects every id, plans from fresh gets, asks once, writes, "
        .. "reports on each.", params = { CLIENT, SPEC },
      returns = { { "report", "codeocean.BulkReport", "counts, and a record for each input" } },
      example = 'bulk.run(client, { select = { query = "tag:EEG" }, change = function(asset)\n'
        .. '  return { tags = tags.change(asset.tags, { add = { "reviewed" } }) }\nend })',
      errors = { "paging", "refused", "journal" } },
    { name = "bulk.main",
      summary = "The same as a script's last line: reads the common options from `arg`, shows "
        .. "progress, prints the report.", params = { CLIENT, SPEC },
      returns = { { "status", "integer", "exit status, as of the commands" } },
      example = 'os.exit(bulk.main(client, { select = { query = "tag:EEG" }, change = '
        .. 'function() end }))' },
  },
}
