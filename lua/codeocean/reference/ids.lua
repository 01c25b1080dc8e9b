--- Rows of codeocean.reference: ids from lists.

local RESULTS = { { "list", "codeocean.IdRow[]", "every id once" },
  { "complaints", "codeocean.Complaint[]", "rows that are not ids" },
  { "repeats", "integer", "how often an id was repeated" } }

return {
  shapes = {
    { name = "codeocean.ids", object = "ids.", about = "the module", fields = {} },
    { name = "codeocean.IdOptions", options = true, about = "how a list is read", fields = {
      { "column", "string?",
        "column or field with the ids (id: also asset_id, data_asset_id); dots "
        .. "reach into JSON objects", default = "id" },
      { "name", "string?", "of ids.read: the file's name, for messages", default = "input" },
      { "stdin", "file*?", "of ids.load: what \"-\" reads (io.stdin)" },
      { "decode", "(fun(text: string): any, string?)?", "reads JSON (codeocean.json.decode)" },
    } },
    { name = "codeocean.IdRow", about = "an id and where it stands", fields = {
      { "id", "string", "as it is written" },
      { "line", "integer", "in the file, from 1" },
      { "file", "string", "its name" },
      { "row", "table?", "a JSON row's object, or a table row's texts by their titles" },
      { "rows", "table[]?", "all of them, if the id is repeated" },
    } },
    { name = "codeocean.Complaint", about = "a row that is not an id", fields = {
      { "file", "string", "its name" },
      { "line", "integer", "in the file, from 1" },
      { "text", "string", "the text of the row" },
      { "message", "string", "complete, and safe for a terminal" },
    } },
  },
  rows = {
    { name = "ids.load",
      summary = "Ids from a file of plain lines, a table (CSV, TSV) or JSON, in any usual "
        .. "encoding; \"-\" is standard input. Rows that are not ids are reported with their line; "
        .. "the others are used. A table without the column is refused.",
      params = { { "path", "string", "the file" },
        { "options", "codeocean.IdOptions?", "how it is read" } },
      returns = RESULTS, problem = "the file and why it cannot be read",
      example = 'list, complaints = require("codeocean.ids").load("ids.csv")' },
    { name = "ids.read", summary = "The same as ids.load, from an open file or a function that "
      .. "returns lines.",
      params = { { "source", "file*|fun(): string?", "the lines" },
        { "options", "codeocean.IdOptions?", "how they are read" } },
      returns = RESULTS, problem = "what is wrong with the source",
      example = 'ids = require "codeocean.ids"\nids.read(io.lines "ids.csv",'
        .. ' { name = "ids.csv" })' },
    { name = "ids.valid", summary = "The same as codeocean.is_id.",
      params = { { "value", "any", "anything" } },
      returns = { { "boolean", "boolean", "whether it is an id" } },
      example = 'ids.valid "fea84ebf-b58b-4ad2-994d-7169dc3880fb"' },
    { name = "ids.parse",
      summary = "The id in a text that may have quotes or brackets, or may be the address of an "
        .. "asset's web page.",
      params = { { "text", "any", "the text" } },
      returns = { { "id", "string?", "nil if it is not an id" } },
      example = 'ids.parse "https://acmecorp.codeocean.com/data-assets/'
        .. 'fea84ebf-b58b-4ad2-994d-7169dc3880fb"' },
    { name = "ids.canonical", summary = "The canonical spelling of an id: lower case, with "
      .. "hyphens.",
      params = { { "id", "string", "an id" } },
      returns = { { "id", "string?", "nil if it is not an id" } },
      example = 'ids.canonical "FEA84EBFB58B4AD2994D7169DC3880FB"' },
  },
}
