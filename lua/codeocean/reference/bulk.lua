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
    { name = "codeocean.BulkSpec", options = true, about = "a bulk run: select or ids; change, "
      .. "rule or an action other than update",
      fields = {
        { "select", "codeocean.Search?", "which assets: parameters of a search" },
        { "where", "(fun(asset: codeocean.Asset): boolean)?", "takes only assets for which it "
          .. "holds: asked about a search's rows, and about each asset as it is read" },
        { "ids", "string[]|fun(): string?", "which assets: a list or an iterator of ids, instead "
          .. "of select" },
        { "all", "boolean?", "true: a select that says nothing may take every asset" },
        { "change", "(fun(asset: codeocean.Asset): codeocean.Changes?)?", "gives the fields to "
          .. "write, of a copy of the asset; nil leaves it alone" },
        { "rule", "codeocean.BulkRule?", "the change as data, which a resume can plan by" },
        { "action", "codeocean.Action?", "what to do instead", default = "update" },
        { "replace_metadata", "boolean?", "true: keys that change does not name go" },
        { "whole_tags", "boolean?", "true: the tags are the whole list; one that somebody changed "
          .. "meanwhile is drift" },
        { "permissions", "boolean?", "true: each asset has its permissions, and change may give "
          .. "permissions = codeocean.Shares" },
        { "name", "string?", "of the run, in its journal", default = "bulk" },
        { "note", "string?", "why, in its journal" },
        { "limit", "integer?", "take at most <n>" },
        { "shard", "integer[]?", "{i, n}: only part i of n, the same on every machine" },
        { "jobs", "integer?", "most requests at once (that of the client)" },
        { "dry_run", "boolean?", "true: plan and report, write nothing" },
        { "confirm", "(fun(plan: codeocean.Plan): boolean)?", "whether to go on; without it each "
          .. "asset is planned and written in one pass; at the prompt you are asked" },
        { "verify", "boolean?", "true: read all again at the end, write again what was lost" },
        { "journal", "string|false?", "path of a new journal; false: none (one in the state "
          .. "folder)" },
        { "resume", "string?", "path of a journal to go on with" },
        { "fail_fast", "boolean?", "true: stop at the first error" },
        { "max_errors", "integer?", "stop after <n> errors", default = 50 },
        { "max_changes", "integer|string?", "refuse to change more: a number or a share, \"10%\"" },
        { "max_delete", "integer?", "refuse to delete more", default = 100 },
        { "allow_unarchived", "boolean?", "true: delete what is not archived, too" },
        { "check_used", "boolean?", "true: archive and delete look up what uses each asset; a "
          .. "deletion of one that is in use is refused" },
        { "even_if_used", "boolean?", "true: delete also what is in use" },
        { "stop", "(fun(): boolean)?", "true: start nothing more" },
        { "on_event", "fun(event: codeocean.BulkEvent)?", "called as the run goes on" },
        { "patches", "table?", "of undo, plan files and sheets: {rows = iterator, …}" },
        { "about", "string?", "of bulk.main: what its --help says first" },
      } },
    { name = "codeocean.BulkRule", options = true, about = "a change as data", fields = {
      { "tags", "codeocean.TagChanges?", "what happens to the tags" },
      { "permissions", "codeocean.Shares?", "who may see it" },
      { "fields", "codeocean.Changes?", "the values to write" },
    } },
    { name = "codeocean.Plan", about = "what a run asks before it writes", fields = {
      { "count", "integer", "assets to write to" },
      { "selected", "integer", "assets looked at" },
      { "size", "number", "bytes of those to write to" },
      { "action", "codeocean.Action", "what would be done" },
      { "deployment", "string", "where" },
      { "profile", "string?", "the profile that the client was made from" },
      { "name", "string", "of the run" },
      { "items", "codeocean.BulkRecord[]", "the assets" },
      { "dates", "table<string, boolean>?", "true for each key of metadata that holds dates" },
    } },
    { name = "codeocean.BulkEvent", about = "how far a run is", fields = {
      { "type", "string", '"selected" (once), "planned", "applied" or "verified" (once an asset)' },
      { "done", "integer", "assets so far in this phase; 0 when selected" },
      { "total", "integer", "assets in this phase" },
      { "errors", "integer?", "applied, verified: failures so far" },
      { "journal", "string?", "selected: the path of the journal, if there is one" },
      { "item", "codeocean.BulkRecord?", "planned, applied, verified: the asset's record" },
    } },
    { name = "codeocean.BulkRecord", about = "an input and what became of it", fields = {
      { "id", "string", "the asset's id" },
      { "name", "string?", "the asset's name" },
      { "status", "codeocean.Status", "what became of it" },
      { "fields", "table<string, table>?", "by field {before, after}; of custom_metadata the keys "
        .. "that change" },
      { "uses", "codeocean.Use[]?", "with check_used: what uses it" },
      { "patch", "table?", "the same as it stands in the journal" },
      { "error", "codeocean.Error?", "why not" },
    } },
    { name = "codeocean.BulkReport", about = "what a run gives", fields = {
      { "counts", "table<codeocean.Status, integer>", "every status; they sum to the inputs" },
      { "records", "codeocean.BulkRecord[]", "one for each input, read from the journal" },
      { "journal", "string?", "its path" },
      { "refused", "boolean?", "true: confirm said no" },
      { "refusal", "codeocean.Error?", "of a dry run: why the real one would be refused" },
      { "interrupted", "boolean?", "true: stop said so" },
      { "stopped", "string?", "too many errors: how many" },
      { "repaired", "integer?", "with verify: writes that were lost and made again" },
      { "error", "codeocean.Error?", "what stopped it: a full disk, a token that is refused" },
      { "dates", "table<string, boolean>?", "true for each key of metadata that holds dates" },
    } },
  },
  rows = {
    { name = "bulk.run",
      summary = "Changes many assets: collects every id, plans from fresh gets, asks once, merges "
        .. "each change into a fresh read, writes, reports on each.", params = { CLIENT, SPEC },
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
