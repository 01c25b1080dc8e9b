--- Rows of codeocean.reference: bulk runs.

local CLIENT = { "client", "codeocean.Client", "the client" }
local SPEC = { "spec", "codeocean.BulkSpec", "what to do" }

return {
  choices = {
    { name = "codeocean.Action", about = "what a bulk run does to an asset",
      values = { "update", "archive", "unarchive", "delete" } },
    { name = "codeocean.Status", about = "what became of an input; pending: not done",
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
        { "where", "(fun(asset: codeocean.Asset): boolean)?", "selects only the assets for which "
          .. "it returns true; called with each row of a search, and with each asset when it is "
          .. "read" },
        { "ids", "string[]|fun(): string?", "which assets: a list or an iterator of ids, instead "
          .. "of select" },
        { "all", "boolean?", "true: an empty select may select every asset" },
        { "change", "(fun(asset: codeocean.Asset): codeocean.Changes?)?", "takes a copy of the "
          .. "asset, returns the fields to write; nil: no change" },
        { "rule", "codeocean.BulkRule?", "the change as data: a resume can plan with it" },
        { "action", "codeocean.Action?", "what to do", default = "update" },
        { "replace_metadata", "boolean?", "true: removes metadata keys that change does not "
          .. "return" },
        { "whole_tags", "boolean?", "true: writes the whole list of tags; if somebody changed it "
          .. "meanwhile: drift" },
        { "permissions", "boolean?", "true: reads each asset's permissions; change may return "
          .. "permissions = codeocean.Shares" },
        { "name", "string?", "name of the run, in its journal", default = "bulk" },
        { "note", "string?", "reason for the run, in its journal" },
        { "limit", "integer?", "at most <n> assets" },
        { "shard", "integer[]?", "{i, n}: only part i of n, the same on every machine" },
        { "jobs", "integer?", "most requests at once (that of the client)" },
        { "dry_run", "boolean?", "true: plan and report, write nothing" },
        { "confirm", "(fun(plan: codeocean.Plan): boolean)?", "returns whether to write; without "
          .. "it each asset is planned and written in one pass, and a session asks" },
        { "verify", "boolean?", "true: reads all again at the end and repeats lost writes" },
        { "journal", "string|false?", "path of a new journal; false: none (one in the state "
          .. "folder)" },
        { "resume", "string?", "path of the journal to resume" },
        { "even_if_undone", "boolean?", "true: also resume, or undo again, a run that was undone" },
        { "fail_fast", "boolean?", "true: stop at the first error" },
        { "max_errors", "integer?", "stop after <n> errors", default = 50 },
        { "max_changes", "integer|string?", "refuse to change more assets: a number or a share, "
          .. "\"10%\"" },
        { "max_delete", "integer?", "refuse to delete more assets", default = 100 },
        { "allow_unarchived", "boolean?", "true: also delete assets that are not archived" },
        { "check_used", "boolean?", "true: archive and delete look up what uses each asset; an "
          .. "asset in use is not deleted" },
        { "even_if_used", "boolean?", "true: also delete assets in use" },
        { "stop", "(fun(): boolean)?", "polled; true: start nothing more" },
        { "on_event", "fun(event: codeocean.BulkEvent)?", "called for each step of the run" },
        { "patches", "table?", "of undo, plan files and sheets: {rows = iterator, …}" },
        { "about", "string?", "of bulk.main: the first text of its --help" },
      } },
    { name = "codeocean.BulkRule", options = true, about = "a change as data", fields = {
      { "tags", "codeocean.TagChanges?", "what happens to the tags" },
      { "permissions", "codeocean.Shares?", "who may see it" },
      { "fields", "codeocean.Changes?", "the values to write" },
    } },
    { name = "codeocean.Plan", about = "what a run would write, for confirm", fields = {
      { "count", "integer", "assets to write to" },
      { "selected", "integer", "assets selected" },
      { "size", "number", "bytes of those to write to" },
      { "action", "codeocean.Action", "what would be done" },
      { "deployment", "string", "host of the deployment" },
      { "profile", "string?", "the profile that the client was made from" },
      { "name", "string", "name of the run" },
      { "items", "codeocean.BulkRecord[]", "the assets" },
      { "dates", "table<string, boolean>?", "true for each key of metadata that holds dates" },
    } },
    { name = "codeocean.BulkEvent", about = "progress of a run", fields = {
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
      { "patch", "table?", "the change as it stands in the journal" },
      { "error", "codeocean.Error?", "why it was not done" },
    } },
    { name = "codeocean.BulkReport", about = "the result of a run", fields = {
      { "counts", "table<codeocean.Status, integer>", "every status; they sum to the inputs" },
      { "records", "codeocean.BulkRecord[]", "one for each input, read from the journal" },
      { "journal", "string?", "its path" },
      { "refused", "boolean?", "true: confirm returned false" },
      { "refusal", "codeocean.Error?", "of a dry run: why the real one would be refused" },
      { "interrupted", "boolean?", "true: stop returned true" },
      { "stopped", "string?", "why it stopped early: too many errors" },
      { "repaired", "integer?", "with verify: writes that were lost and made again" },
      { "error", "codeocean.Error?", "what stopped it: a full disk, a token that is refused" },
      { "dates", "table<string, boolean>?", "true for each key of metadata that holds dates" },
    } },
  },
  rows = {
    { name = "bulk.run",
      summary = "Changes many assets: collects every id, plans from fresh gets, confirms once, "
        .. "merges each change into a fresh read, writes it, and reports on each asset.",
      params = { CLIENT, SPEC },
      returns = { { "report", "codeocean.BulkReport", "counts, and a record for each input" } },
      example = 'bulk.run(client, { select = { query = "tag:EEG" }, change = function(asset)\n'
        .. '  return { tags = tags.change(asset.tags, { add = { "reviewed" } }) }\nend })',
      errors = { "paging", "refused", "journal" } },
    { name = "bulk.main",
      summary = "bulk.run as the last line of a script: reads the common options from `arg`, "
        .. "asks for confirmation, shows progress, prints the report.", params = { CLIENT, SPEC },
      returns = { { "status", "integer", "exit status, as of the commands" } },
      example = 'os.exit(bulk.main(client, { select = { query = "tag:EEG" }, change = '
        .. 'function() end }))' },
  },
}
