--- Rows of codeocean.reference: rows on a file.

local DONE = { "true", "true", "written, or kept until the table can be laid out" }

return {
  choices = {
    { name = "codeocean.Format", about = "a form of rows; json is one array",
      values = { "table", "json", "jsonl", "csv", "tsv" } },
  },
  shapes = {
    { name = "codeocean.output", object = "output.", about = "the module", fields = {} },
    { name = "codeocean.Writer", object = "writer:", about = "where rows go", fields = {
      { "count", "integer", "rows so far" },
    } },
    { name = "codeocean.OutputOptions", options = true, about = "how rows are written", fields = {
      { "format", "codeocean.Format?", "their form", default = "table" },
      { "fields", "string[]?", "columns; dots reach into tables (the usual ones; json and jsonl: "
        .. "all)" },
      { "out", "file*?", "where to (io.stdout)" },
      { "width", "integer?", "columns of the terminal; nil: none, nothing is cut" },
      { "colour", "boolean?", "true: with colours" },
      { "encode", "(fun(value: any): string)?", "writes JSON (codeocean.json.encode)" },
    } },
  },
  rows = {
    { name = "output.writer",
      summary = "Writes rows, assets or other tables of fields, one after the other. Integers are "
        .. "exact; csv puts a ' before text that a spreadsheet would run.",
      params = { { "options", "codeocean.OutputOptions", "their form" } },
      returns = { { "writer", "codeocean.Writer", "with row() and finish()" } },
      example = 'output = require "codeocean.output"\n'
        .. 'writer = output.writer { format = "csv", fields = { "id", "name" } }' },
    { name = "writer:row", summary = "Writes one row.",
      params = { { "row", "table", "its fields" } }, returns = { DONE },
      errors = { "encode", "output" }, example = 'writer:row(assets:find "commoncrawl")' },
    { name = "writer:finish",
      summary = "Writes what is still to write; also to be called after no row at all.",
      returns = { DONE }, errors = { "encode", "output" }, example = "writer:finish()" },
  },
}
