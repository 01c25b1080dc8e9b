--- Rows of codeocean.reference: writing rows to a file.

local DONE = { "true", "true", "written, or kept until the table can be laid out" }

return {
  choices = {
    { name = "codeocean.Format", about = "a format of rows; json: one array",
      values = { "table", "json", "jsonl", "csv", "tsv" } },
  },
  shapes = {
    { name = "codeocean.output", object = "output.", about = "the module", fields = {} },
    { name = "codeocean.Writer", object = "writer:", about = "a writer of rows", fields = {
      { "count", "integer", "rows so far" },
    } },
    { name = "codeocean.OutputOptions", options = true, about = "how rows are written", fields = {
      { "format", "codeocean.Format?", "the format", default = "table" },
      { "fields", "string[]?", "columns; dots reach into tables (the usual ones; json and jsonl: "
        .. "all)" },
      { "out", "file*?", "where to (io.stdout)" },
      { "width", "integer?", "columns of the terminal; nil: none, nothing is cut" },
      { "colour", "boolean?", "true: with colours" },
      { "iso", "boolean?", "true: csv and tsv have times as 2022-01-06T12:45:10Z, not seconds" },
      { "encode", "(fun(value: any): string)?", "writes JSON (codeocean.json.encode)" },
    } },
  },
  rows = {
    { name = "output.writer",
      summary = "Makes a writer of rows: assets or other tables of fields. Integers are exact; "
        .. "csv puts a ' before text that a spreadsheet would run as a formula.",
      params = { { "options", "codeocean.OutputOptions", "the format" } },
      returns = { { "writer", "codeocean.Writer", "with row() and finish()" } },
      example = 'output = require "codeocean.output"\n'
        .. 'writer = output.writer { format = "csv", fields = { "id", "name" } }' },
    { name = "writer:row", summary = "Writes one row.",
      params = { { "row", "table", "its fields" } }, returns = { DONE },
      errors = { "encode", "output" }, example = 'writer:row(assets:find "commoncrawl")' },
    { name = "writer:finish",
      summary = "Writes what is left. Must be called even if there was no row.",
      returns = { DONE }, errors = { "encode", "output" }, example = "writer:finish()" },
  },
}
