--- Rows of codeocean.reference: values per row from spreadsheets.

local RESULTS = { { "rows", "codeocean.SheetRow[]", "in the order of the lines" },
  { "complaints", "codeocean.Complaint[]", "rows that cannot be used" },
  { "notes", "string[]", "about cells that were read differently from how they are written" },
  { "refused", "integer", "how many rows the complaints are about" } }

local COLUMNS = { "columns", "table[]", "list of {title, type, another title, …}; a title such as "
  .. "\"custom_metadata.*\" stands for all that begin so" }

local function of_type(name, about, example)
  return { name = "sheet." .. name, summary = about, params = { { "cell", "string", "its text" } },
    returns = { { "value", "any", "nil and the problem if the cell is not of this type" } },
    problem = "what is wrong with the cell", example = example }
end

return {
  shapes = {
    { name = "codeocean.input.sheet", object = "sheet.", about = "the module", fields = {
      { "CLEAR", "userdata", "the value of a cell \\N: clears the field" },
    } },
    { name = "codeocean.SheetOptions", options = true, about = "how a sheet is read", fields = {
      { "stdin", "file*?", "what \"-\" reads (io.stdin)" },
    } },
    { name = "codeocean.SheetRow", about = "a row of a sheet, or a JSON object", fields = {
      { "line", "integer", "in which it begins, from 1" },
      { "file", "string", "its name" },
      { "place", "string", "\"file:line\", safe for a terminal" },
      { "values", "table", "by the titles of the columns; a JSON object as it is. An empty cell "
        .. "gives no value" },
      { "written", "table?", "the cells' texts by title; nil for a JSON object" },
      { "short", "string|false", "title of the first cell that is missing at its end" },
    } },
  },
  rows = {
    { name = "sheet.load",
      summary = "Reads the rows of a sheet (CSV, TSV, as spreadsheets and pandas write them) or "
        .. "JSON objects, with a type for each column. Rows that cannot be used are named with "
        .. "file, line and column; a sheet with an unknown column is refused.",
      params = { { "path", "string", "the file; \"-\" is standard input" }, COLUMNS,
        { "options", "codeocean.SheetOptions?", "how it is read" } },
      returns = RESULTS, problem = "the file and what is wrong with all of it",
      example = 'sheet = require "codeocean.input.sheet"\n'
        .. 'sheet.load("mice.csv", { { "name", sheet.text }, { "tags", sheet.list } })' },
    { name = "sheet.read", summary = "The same as sheet.load, from an open file or a function "
      .. "that returns lines.",
      params = { { "source", "file*|fun(): string?", "the lines" }, COLUMNS,
        { "name", "string", "the file's, for messages" } },
      returns = RESULTS, problem = "the file and what is wrong with all of it",
      example = 'sheet = require "codeocean.input.sheet"\n'
        .. 'sheet.read(io.lines "mice.csv", { { "name", sheet.text }, { "tags", sheet.list } },\n'
        .. '  "mice.csv")' },
    of_type("text", "Type of a column: the text as it is.", 'sheet.text "a b"'),
    of_type("list", "Type of a column: texts with ';' between them, or a JSON list.",
      'sheet.list "a; b"'),
    of_type("flag", "Type of a column: true or false, yes or no, 1 or 0.", 'sheet.flag "TRUE"'),
    of_type("scalar", "Type of a column: a number if the number would be written the same way, "
      .. "else the text (007).", 'sheet.scalar "7"'),
    of_type("id", "Type of a column: the id of an asset, or the address of its page.",
      'sheet.id "fea84ebf-b58b-4ad2-994d-7169dc3880fb"'),
    of_type("any", "Type of a column: any text, also the placeholders that programs write for no "
      .. "value.",
      'sheet.any "nan"'),
  },
}
