--- Help: the pages of help() at the prompt, made from the rows of codeocean.reference. Sends no
-- request. The session makes one, as the global `help`.

local core = require "codeocean.core"
local deployment = require "colua.deployment"
local texts = require "codeocean.text"
local reference = require "codeocean.reference"

local M = {}

local FIRST_STEPS = {
  { 'assets:search { query = "EEG" }', "find assets" },
  { "asset = _.results[1]", "`_` is the last value" },
  { "assets:update(asset.id, { tags = { \"a\" } })", "write; what is not named stays" },
  { "undo()", "take that back" },
}
local HINT = 'help(assets.search), help "bulk.run", help "query", help "errors" and help "session" '
  .. "(keys, files of one's own) tell more. Tab completes names, parameters and their values."

-- Values at the prompt ---------------------------------------------------------------------------

-- A field of a value or of its class, by raw access only.
local function member(value, name)
  local depth = 0
  while type(value) == "table" and depth < 10 do
    local field = rawget(value, name)
    if field ~= nil then return field end
    local meta = debug.getmetatable(value)
    value = type(meta) == "table" and rawget(meta, "__index") or nil
    depth = depth + 1
  end
end

local function rows_by_value(places)
  local found = {}
  for _, place in pairs(places) do deployment.load(place) end
  for _, row in ipairs(reference.rows) do
    local place, name = row.name:match("^(.*)[.:]([%w_]+)$")
    local value = places[place] and member(places[place], name)
    if value ~= nil then found[value] = row end
  end
  return found
end

local function places_of(repl)
  local client, globals = repl.deployment.client, repl.globals
  return {
    codeocean = require "codeocean", bulk = globals.bulk, tags = globals.tags,
    ["codeocean.json"] = require "codeocean.json", sandbox = globals.sandbox,
    ids = globals.ids, output = globals.output, sheet = globals.sheet,
    client = client, assets = client and client.data_assets,
  }
end

-- Pages ------------------------------------------------------------------------------------------

local function padded_list(pairs_list, indent)
  local width, lines = 0, {}
  for _, pair in ipairs(pairs_list) do width = math.max(width, texts.width(pair[1])) end
  for i, pair in ipairs(pairs_list) do
    local gap = (" "):rep(width - texts.width(pair[1]) + 2)
    lines[i] = (indent .. pair[1] .. gap .. pair[2]):gsub("%s+$", "")
  end
  return lines
end

local function wrap(text, width, indent)
  local lines, line = {}, ""
  for word in text:gmatch("%S+") do
    if line ~= "" and texts.width(indent .. line .. " " .. word) > width then
      lines[#lines + 1] = indent .. line
      line = word
    else
      line = line == "" and word or line .. " " .. word
    end
  end
  lines[#lines + 1] = indent .. line
  return lines
end

local function choices_text(choices)
  local words = {}
  for i, choice in ipairs(choices) do
    words[i] = type(choice) == "string" and ("%q"):format(choice) or tostring(choice)
  end
  return table.concat(words, " ")
end

local function append(lines, more)
  table.move(more, 1, #more, #lines + 1, lines)
end

local function meaning(param)
  local what, values = param[3], reference.values(param)
  if param.default ~= nil then what = ("%s (%s)"):format(what, tostring(param.default)) end
  if values and #values <= 6 and type(values[1]) == "string" then
    what = what .. ": " .. choices_text(values)
  end
  return what
end

-- The parameters with their meaning. The fields of a table stand below it, or in its place if it is
-- the only parameter.
local function parameters(row)
  local list = {}
  for _, param in ipairs(row.params) do
    local fields = reference.options(param)
    local alone = fields and #row.params == 1
    if not alone then list[#list + 1] = { param[1], meaning(param) } end
    for _, field in ipairs(fields or {}) do
      list[#list + 1] = { (alone and "" or "  ") .. field[1], meaning(field) }
    end
  end
  return padded_list(list, "  ")
end

local function results(row)
  local list = {}
  for i, result in ipairs(row.returns) do list[i] = ("%s: %s"):format(result[1], result[3]) end
  return "Returns " .. table.concat(list, "; ")
end

local function failure(row)
  if row.raises then return "Raises " .. row.raises end
  if row.problem then return "Fails with nil, problem: " .. row.problem end
  local sends = row.section == "assets" or row.section == "bulk"
  return row.errors and ("Fails with nil, err; err.kind: %s%s"):format(
    table.concat(row.errors, ", "), sends and "; and those of any request: "
    .. table.concat(reference.ANYTIME, ", ") or "")
end

-- The page of a row, as lines; `paint` is used for the signature.
local function page_of(row, width, paint)
  local lines = { paint.bold(reference.signature(row)) }
  append(lines, wrap(row.summary, width, "  "))
  if row.params then
    lines[#lines + 1] = ""
    append(lines, parameters(row))
  end
  if row.returns then append(lines, wrap(results(row), width, "  ")) end
  lines[#lines + 1] = ""
  for line in (row.example .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = "  > " .. line end
  local fails = failure(row)
  if fails then
    lines[#lines + 1] = ""
    append(lines, wrap(fails, width, "  "))
  end
  return lines
end

local function list_of(rows, width)
  local entries = {}
  for i, row in ipairs(rows) do
    entries[i] = { row.name, row.summary:match("^[^.;]+") or row.summary }
  end
  local lines = padded_list(entries, "  ")
  for i, line in ipairs(lines) do lines[i] = texts.clip(line, width) end
  return lines
end

local function section_page(section, width)
  local lines = { section[4] }
  append(lines, list_of(reference.of_section(section[1]), width))
  return lines
end

local function names_of(section)
  local names = {}
  for i, row in ipairs(reference.of_section(section[1])) do
    names[i] = row.name:match("([%w_]+)$")
  end
  return table.concat(names, " ")
end

-- The dot commands with their arguments: ".trace on|off", …
local function commands()
  local words = {}
  for i, row in ipairs(require("colua.dot_commands").rows) do
    words[i] = row[2] == "" and row[1] or row[1] .. " " .. row[2]
  end
  return words
end

local function overview(width)
  local lines = { "Try, one after the other:" }
  append(lines, padded_list(FIRST_STEPS, "  "))
  lines[#lines + 1] = ""
  append(lines, wrap(HINT, width, ""))
  lines[#lines + 1] = ""
  for _, section in ipairs(reference.SECTIONS) do
    local head = ("  %-16s"):format(section[2] .. section[3])
    local own = wrap(names_of(section), width, (" "):rep(#head))
    own[1] = head .. own[1]:sub(#head + 1)
    append(lines, own)
  end
  lines[#lines + 1] = ""
  append(lines, wrap("Commands: " .. table.concat(commands(), "  "), width, ""))
  return lines
end

local function kinds_page()
  local lines = { "err.kind says what went wrong:" }
  append(lines, padded_list(reference.KINDS, "  "))
  return lines
end

local function environment_page()
  local lines = { "Variables of the environment:" }
  append(lines, padded_list(reference.ENVIRONMENT, "  "))
  return lines
end

-- The query language of searches and commands.
local QUERY = {
  { "EEG mouse", "these words, in any text of an asset" },
  { "name:2021", "in the name" },
  { "tag:raw", "with this tag" },
  { "run_script:run_fip.py", "made by this script; commit_id: by this commit" },
  { '"light sheet"', "words one after the other" },
  { "tag:raw tag:qc-passed", "the same field twice: one of them" },
  { "name:2021 tag:raw", "different fields: both" },
}
local QUERY_END = "Capitals do not matter. There are no wildcards (*). From a table the query is "
  .. "built with every value quoted: assets:search { query = { name = \"2021\", tag = { \"a\", "
  .. "\"b\" } } }; it takes name, tag, run_script, commit_id and text."

local function query_page(width)
  local lines = { "The language of `query` (assets:search, each, all; --query of the commands):" }
  append(lines, padded_list(QUERY, "  "))
  append(lines, wrap(QUERY_END, width, ""))
  return lines
end

-- The keys of the line editor, and the user's files.
local KEYS = {
  { "Tab", "completes names, options, ids, tags, fields, files" },
  { "Enter", "runs a complete statement, else begins a new line; Alt-Enter always does" },
  { "Up, Down", "move in a block, then in the history; PageUp: entries with this beginning" },
  { "Ctrl-R", "searches the history; Ctrl-R again: older" },
  { "Right, End", "at the end of the text: accepts the suggestion from the history" },
  { "Ctrl-A, Ctrl-E", "start and end of the line; Alt-B, Alt-F: by words" },
  { "Ctrl-K, Ctrl-U", "cut to the end, to the start; Ctrl-W: a word; Ctrl-Y: put back" },
  { "Ctrl-_", "undoes the last change of the text" },
  { "Ctrl-C", "ends the running statement; a half-typed text stays in the history" },
}
local FILES = [[
~/.config/colua/init.lua is run at the start of each session. A function of one's own:
  > function big(query) return assets:all { query = query, sort_field = "size",
  >   sort_order = "desc", limit = 10 } end
~/.config/colua/config.json has what no run touches ("protect": {"tag": ["keep"]}), and the prompt's
colours, by deployment or profile:
  > {"colours": {"acmecorp.codeocean.com": "red", "test": "green"}}]]

local function session_page()
  local lines = { "Keys, while a statement is typed:" }
  append(lines, padded_list(KEYS, "  "))
  lines[#lines + 1] = ""
  for line in (FILES .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line end
  return lines
end

local PAGES = { session = session_page, keys = session_page, errors = kinds_page,
  kind = kinds_page, environment = environment_page, query = query_page }

local function no_help(name)
  local names = {}
  for i, row in ipairs(reference.rows) do names[i] = row.name:match "[.:]([%w_]+)$" end
  local meant = core.nearest(name:match "[%w_]*$", names)
  return ("There is no help on '%s'%s help() lists all."):format(name,
    meant and ("; did you mean help \"%s\"?"):format(meant) or ".")
end

local function about_name(name, width, paint)
  local row = reference.find(name)
  if row then return page_of(row, width, paint) end
  if PAGES[name] then return PAGES[name](width) end
  for _, section in ipairs(reference.SECTIONS) do
    if name == section[1] or name == section[2] then return section_page(section, width) end
  end
  local near = reference.near(name)
  if #near == 1 then return page_of(near[1], width, paint) end
  if #near == 0 then return { no_help(name) } end
  local lines = { ("On '%s' there is:"):format(name) }
  append(lines, list_of(near, width))
  return lines
end

local function about_value(self, value, width)
  local places, row = places_of(self.repl), self:row_of(value)
  if row then return page_of(row, width, self.repl.show.paint) end
  for _, section in ipairs(reference.SECTIONS) do
    if places[section[2]] == value then return section_page(section, width) end
  end
  local name = value == nil and "; a name needs quotes: help \"search\"" or ""
  return { ("There is no help on this %s%s. help() lists what there is."):format(type(value),
    name) }
end

-- help(…) ----------------------------------------------------------------------------------------

local Help = { __name = "help" }
Help.__index = Help

--- row_of(value) -> the reference's row of a function, or nil.
function Help:row_of(value)
  return rows_by_value(places_of(self.repl))[value]
end

--- lines(width, …) -> what help(…) prints, as lines.
function Help:lines(width, ...)
  local subject = ...
  if select("#", ...) == 0 then return overview(width) end
  if type(subject) == "string" then return about_name(subject, width, self.repl.show.paint) end
  return about_value(self, subject, width)
end

function Help:__call(...)
  local width = self.repl.show.width() or 80
  self.repl.show:text(table.concat(self:lines(width, ...), "\n"))
end

-- Shown for `help` without parentheses.
function Help:__shown(options)
  return table.concat(self:lines(options.width), "\n")
end

--- new(repl) -> the value of the global `help`.
function M.new(repl)
  return setmetatable({ repl = repl }, Help)
end

return M
