--- The options that commands share: spelling, help and conversion of their values. Called by every
-- command, so that an option has one spelling and stands in the same group of each help.

-- colua has its own copy, so that no argparse.lua in the current folder runs where the token is.
local argparse = package.preload["colua.argparse"] and require "colua.argparse"
  or require "argparse"
local choices = require "codeocean.cli.choices"
local expressions = require "codeocean.expression"
local asset_fields = require "codeocean.assets.fields"
local filters = require "codeocean.cli.filter"
local shards = require "codeocean.bulk.shard"
local text = require "codeocean.text"

local M = {}

-- From a word to its value -----------------------------------------------------------------------

--- whole(least [, most]) -> a converter to an integer within these.
function M.whole(least, most)
  local range = most and ("from %d to %d"):format(least, most) or ("of %d or more"):format(least)
  return function(word)
    local n = math.tointeger(tonumber(word))
    if n and n >= least and n <= (most or n) then return n end
    return nil, ("'%s' is not an integer %s"):format(word, range)
  end
end

function M.positive(word)
  local n = tonumber(word)
  if n and n > 0 and n < math.huge then return n end
  return nil, ("'%s' is not a number above 0"):format(word)
end

function M.boolean(word)
  if word == "true" or word == "false" then return word == "true" end
  return nil, ("'%s' is neither true nor false"):format(word)
end

local function any_boolean(word)
  if word == "any" then return word end
  local value = M.boolean(word)
  if value ~= nil then return value end
  return nil, ("'%s' is neither true, false nor any"):format(word)
end

-- Splits a text at each separator without a backslash before it; "\\" is a backslash.
local function parts_of(word, separator)
  local parts, part = {}, ""
  local i = 1
  while i <= #word do
    local byte = word:sub(i, i)
    if byte == "\\" and i < #word then
      i = i + 1
      local next_byte = word:sub(i, i)
      local escaped = next_byte == separator or next_byte == "\\"
      part = part .. (escaped and next_byte or byte .. next_byte)
    elseif byte == separator then
      parts[#parts + 1], part = part, ""
    else
      part = part .. byte
    end
    i = i + 1
  end
  parts[#parts + 1] = part
  return parts
end

--- A list written with commas, without blanks around its items; "\\," is a comma in an item.
function M.list(word)
  local items = {}
  for _, part in ipairs(parts_of(word, ",")) do
    local item = part:match("^%s*(.-)%s*$")
    if item ~= "" then items[#items + 1] = item end
  end
  return items
end

--- tags(word) -> a list as above, of at least one item; "a,,b" is refused: an item may have been an
-- unset variable of the shell.
function M.tags(word)
  local items = {}
  for _, part in ipairs(parts_of(word, ",")) do
    items[#items + 1] = part:match("^%s*(.-)%s*$")
    if items[#items] == "" then return nil, "an item must not be empty" end
  end
  return items
end

--- pairs(word) -> a list of {old, new} of "OLD=NEW,…"; "\\=" is an equals sign in a tag.
function M.pairs(word)
  local list = {}
  for part in (word:gsub("\\,", "\0") .. ","):gmatch "(.-)," do
    local sides = parts_of((part:gsub("%z", ",")), "=")
    if #sides > 2 then
      return nil, ("'%s' has more than one =; write \\= for one that is part of a tag"):format(part)
    elseif #sides < 2 or sides[1] == "" or sides[2] == "" then
      return nil, ("'%s' is not OLD=NEW"):format(part)
    end
    list[#list + 1] = sides
  end
  return list
end

-- A word that is not blank: a blank one is most likely an unset variable of the shell.
local function filled(word)
  if word:find "%S" then return word end
  return nil, "it is empty"
end

--- clearable(cleared [, convert]) -> a converter of new values of a field: \N, as in a cell of a
-- sheet, is `cleared`; a blank word is refused, and all others are for `convert`.
function M.clearable(cleared, convert)
  return function(word)
    if word == "\\N" then return cleared end
    if not filled(word) then return nil, "it is empty; '\\N' clears the field" end
    return (convert or filled)(word)
  end
end

--- A new value of a field that the API does not let be empty.
function M.needed(word)
  if word == "\\N" then return nil, "it cannot be cleared" end
  return filled(word)
end

local function unchecked(word) return word end

local function names(word)
  local list = M.list(word)
  if #list > 0 then return list end
  return nil, "no field is named"
end

--- value(parser, name, argname, about [, convert]) -> an option with a value, which without a
-- converter is any text that is not blank. The converter's complaint is shown with the option's
-- name. An option given twice is refused.
function M.value(parser, name, argname, about, convert)
  return parser:option(name, about):argname(argname):overwrite(false):convert(function(word)
    local value, problem = (convert or filled)(word)
    if value ~= nil then return value end
    return nil, ("%s: %s"):format(name:match "%-%-%S+", problem)
  end)
end

local function filter(word) return filters.read(word, M.list) end

-- Groups -----------------------------------------------------------------------------------------

-- The search parameters: name, what the help calls its value, what it is, the values it takes or
-- how its value is read.
M.SEARCH = {
  { "type", "<type>", "dataset, result, combined or model",
    choices = { "dataset", "result", "combined", "model" } },
  { "ownership", "<who>", "owner (yours), shared (with you), created or private",
    choices = { "owner", "shared", "created", "private" } },
  { "origin", "<where>", "internal or external", choices = { "internal", "external" } },
  { "archived", "<bool>", "true: only archived assets; any: archived or not",
    convert = any_boolean },
  { "favorite", "<bool>", "true: only favorites", convert = M.boolean },
  { "sort_field", "<field>", "created, type, name or size",
    choices = { "created", "type", "name", "size" } },
  { "sort_order", "<order>", "asc or desc", choices = { "asc", "desc" } },
}

-- Gives an option a second name that the help does not list (with argparse 0.6, that of Ubuntu
-- 22.04, it does).
local function with_short(option, name)
  return (option.hidden_name or option.name)(option, name)
end

local function add_search(parser, elements)
  elements[#elements + 1] = with_short(M.value(parser, "--query", "<text>",
    '(-q) words, name:…, tag:…, "a phrase"', unchecked), "-q")
  for _, row in ipairs(M.SEARCH) do
    local option = M.value(parser, "--" .. row[1]:gsub("_", "-"), row[2], row[3], row.convert)
    elements[#elements + 1] = row.choices and choices.set(option, row.choices) or option
  end
  elements[#elements + 1] = M.value(parser, "--filter", "<key=value>", "also key!=v, key=a,b, "
    .. "key>=n, key<=n (a number or a day): filters that the server applies, on name, "
    .. "description, tags and custom metadata; may be repeated", filter)
    :count "*"
end

--- --where: an expression over each asset that the search or the ids bring.
local function where(parser)
  return M.value(parser, "--where", "<expr>", "only assets for which this Lua expression over "
    .. "the fields is true, such as size > 2*TB and not has(tags, \"keep\"); words: has(list, "
    .. "x), match(text, pattern), days(n), date \"2024-02-29\", now, age, idle (seconds), KB to "
    .. "PB, KiB to PiB; an absent field is nil, and a comparison with it is false",
    expressions.condition)
end

function M.limit(parser, about)
  return M.value(parser, "--limit", "<n>", about, M.whole(1))
end

--- search(parser [, limited]): --query and the other search parameters, --where, --limit (of
-- "assets", or of what `limited` names). Arguments without an option are accepted here, so that
-- the message can propose --query.
function M.search(parser, limited)
  parser:argument("words"):args "*":hidden(true)
  local elements = {}
  add_search(parser, elements)
  elements[#elements + 1] = where(parser)
  elements[#elements + 1] = M.limit(parser, "at most <n> " .. (limited or "assets"))
  parser:group("Which assets", table.unpack(elements))
end

--- selection(parser): ids as arguments, from a file, or by a search; --where, --all, --limit.
function M.selection(parser)
  local elements = {
    parser:argument("id", "ids of assets, or the first digits of those just listed "
      .. "on the terminal; - reads them from standard input"):args "*",
    M.value(parser, "--ids", "<file>",
      "file of ids: plain lines, a table or JSON; - is standard input"),
    M.value(parser, "--column", "<name>", "the column with the ids (default: id)"),
    parser:flag("--by-name", "names of assets instead of ids; each must name exactly one asset"),
  }
  add_search(parser, elements)
  elements[#elements + 1] = where(parser)
  elements[#elements + 1] = parser:flag("--all", "every asset; also allows a blank query")
  elements[#elements + 1] = M.limit(parser, "at most <n> assets")
  parser:group("Which assets", table.unpack(elements))
end

-- Options of more than one command ----------------------------------------------------------------

-- A number of assets or a share of those selected.
local function count_or_share(word)
  local n = math.tointeger(tonumber(word))
  if n and n >= 0 then return n end
  local percent = tonumber(word:match "^(%d+%.?%d*)%%$")
  if percent and percent <= 100 then return word end
  return nil, ("'%s' is neither a number of assets nor a share such as 10%%"):format(word)
end

local function shard(word)
  local i, n = word:match("^(%d+)/(%d+)$")
  local value = { math.tointeger(tonumber(i)), math.tointeger(tonumber(n)) }
  if shards.valid(value) then return value end
  return nil, ("'%s' is not I/N, such as 3/8"):format(word)
end

-- For each row {name, spelling, help}, M.<name>(parser) adds the flag and returns it.
local FLAGS = {
  { "dry_run", "-n --dry-run", "show what would be done and write nothing" },
  { "detailed_exitcode", "--detailed-exitcode",
    "with --dry-run: status 10 if anything would change" },
  { "yes", "-y --yes", "do not ask" },
  { "check_used", "--check-used",
    "look up what uses each asset: combined assets, results, capsules" },
  { "verify", "--verify", "read all again at the end and repeat lost writes" },
  { "fail_fast", "--fail-fast", "stop at the first error" },
}

-- The same for options with a value: {name, spelling, what the help calls it, help, converter}.
local VALUES = {
  { "rate", "--rate", "<n>", "at most <n> requests a second", M.positive },
  { "journal", "--journal", "<file>", "new file for the journal (default: one in the state "
    .. "folder)" },
  { "note", "--note", "<text>", "reason for the run, kept in the journal, shown by colua runs" },
  { "plan", "--plan", "<file>", "write only this plan, for colua apply" },
  { "interval", "--interval", "<s>", "seconds before the second request; grows to 30 (default: "
    .. "2)", M.positive },
  { "timeout", "--timeout", "<s>", "give up after <s> seconds (default: 3600)", M.positive },
  { "max_changes", "--max-changes", "<n|n%>", "refuse to change more assets, or a larger share "
    .. "of the selected ones", count_or_share },
  { "max_errors", "--max-errors", "<n>", "stop after <n> errors (default: 50)", M.whole(1) },
  { "shard", "--shard", "<i/n>", "only part I of N, the same on every machine", shard },
}

for _, row in ipairs(FLAGS) do
  M[row[1]] = function(parser) return parser:flag(row[2], row[3]) end
end

for _, row in ipairs(VALUES) do
  M[row[1]] = function(parser) return M.value(parser, table.unpack(row, 2)) end
end

function M.jobs(parser)
  return with_short(M.value(parser, "--jobs", "<n>", "(-j) at most <n> requests at once",
    M.whole(1, 1000)), "-j")
end

--- The options that bound or divide a bulk run.
function M.bounds(parser)
  return M.max_changes(parser), M.fail_fast(parser), M.max_errors(parser), M.shard(parser)
end

--- --epoch, of commands that list assets.
function M.epoch(parser)
  return parser:flag("--epoch", "times in CSV and TSV as seconds since 1970, not ISO 8601")
end

--- assets(parser, …): the output of assets: output() with --print and --epoch, and --fields for an
-- asset's fields.
function M.assets(parser, ...)
  M.output(parser, M.epoch(parser), M.value(parser, "--print", "<expr>",
    "for each asset a line with the value of this Lua expression, "
    .. "such as \"%s %s\", id, name", expressions.line), ...)
  M.rows(parser)
end

--- run(parser, option, …): puts the options into the group "How to run".
function M.run(parser, ...)
  parser:group("How to run", ...)
end

--- output(parser, …): --json, --jsonl, --csv, --tsv, --fields, and the options given.
function M.output(parser, ...)
  local json = parser:flag("--json", "one JSON array")
  local jsonl = parser:flag("--jsonl", "one JSON object a line")
  local csv = parser:flag("--csv", "comma-separated, for spreadsheets")
  local tsv = parser:flag("--tsv", "tab-separated; the default unless on a terminal")
  parser:mutex(json, jsonl, csv, tsv)
  parser:group("Output", json, jsonl, csv, tsv,
    M.value(parser, "--fields", "<a,b>", "only these fields, dots reach into objects; ? lists them",
      names), ...)
end

-- Names of the fields of a command's rows, by its parser.
local rows_of = setmetatable({}, { __mode = "k" })

--- rows(parser [, names]): declares the fields of the command's rows, by default those of an asset.
-- --fields accepts no others, and lists them for "?".
function M.rows(parser, fields)
  rows_of[parser] = fields or asset_fields.NAMES
end

--- fields_to_list(parser, args) -> the names to list if --fields asks for them, or nil.
function M.fields_to_list(parser, args)
  return args.fields and #args.fields == 1 and args.fields[1] == "?" and rows_of[parser] or nil
end

--- fields_problem(parser, args) -> what is wrong with --fields, or nil.
function M.fields_problem(parser, args)
  if args.print then
    for _, name in ipairs { "fields", "json", "jsonl", "csv", "tsv" } do
      if args[name] then return ("--print and --%s exclude each other"):format(name) end
    end
  end
  for _, path in ipairs(rows_of[parser] and args.fields or {}) do
    local hint = asset_fields.problem(path, rows_of[parser])
    if hint then
      return ("--fields: no field is called '%s'; %s"):format(text.escape(path), hint)
    end
  end
end

-- Prints the help and ends the program, with status 1 if the help cannot be written.
local function show_help(parser, call)
  local ok, problem = io.stdout:write(parser:get_help(), "\n")
  if ok then ok, problem = io.stdout:flush() end
  if not ok then io.stderr:write(("%s: the help cannot be written: %s\n"):format(call, problem)) end
  os.exit(ok == nil and 1 or 0)
end

--- parser(call, about, examples) -> a parser for `call`, such as "colua tag [options] [ID …]".
-- Options that are in no group stand last in its help.
function M.parser(call, about, examples)
  local parser = argparse(call, about):usage("Usage: " .. call)
    :help_max_width(80):help_usage_margin(2):help_description_margin(24)
  parser:add_help { action = function() show_help(parser, call:match "^%S+ ?%l*") end }
  if examples then parser:epilog("Examples:\n" .. examples:gsub("[^\n]+", "  %0")) end
  return parser
end

return M
