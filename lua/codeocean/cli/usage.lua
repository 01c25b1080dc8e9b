--- Words for wrong arguments of a command: the parser's complaint, with what was most likely meant.
--
-- Called by codeocean.cli with the parser's complaint. The result is one line without control
-- characters.

local core = require "codeocean.core"
local asset_fields = require "codeocean.assets.fields"
local queries = require "codeocean.assets.query"
local regular_file = require "codeocean.input.regular_file"
local text = require "codeocean.text"

local M = {}

--- quoted(word) -> the word, quoted for a shell if need be, without control characters.
function M.quoted(word)
  word = text.escape(word)
  if word ~= "" and not word:find("[^%w_./-]") then return word end
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

-- Options that users expect of a search, and the query that does the same.
local BY_QUERY = { ["--tag"] = "tag:…", ["--tags"] = "tag:…", ["--name"] = "name:…",
  ["--text"] = "…", ["--search"] = "…" }

-- Options of other programs, and the hint how the same is done here. Of several hints the first
-- that fits is used. A hint that begins with an option fits the commands that have the option.
local A_DATE = [[--where 'created > date "2024-01-31"']]
local FORMATS = "--json, --jsonl, --csv or --tsv"
local A_FILE = { "--ids FILE", "--from FILE" }
local ELSEWHERE = {
  ["--format"] = FORMATS, ["--output-format"] = FORMATS, ["--since"] = A_DATE,
  ["--after"] = A_DATE, ["--before"] = A_DATE, ["--until"] = A_DATE, ["--date"] = A_DATE,
  ["--from-date"] = A_DATE, ["--created"] = A_DATE, ["--owner"] = "--ownership owner",
  ["--mine"] = "--ownership owner", ["--my"] = "--ownership owner",
  ["--size"] = "--where 'size > 1*TB'", ["--file"] = A_FILE, ["--input"] = A_FILE,
  ["--id"] = "--ids FILE, or ids without an option", ["--no-confirm"] = "--yes",
  ["--force"] = "--yes", ["--confirm"] = "--yes", ["--assume-yes"] = "--yes",
  ["--non-interactive"] = "--yes", ["--delete"] = "--remove", ["--rm"] = "--remove",
  ["--page"] = "--limit (all pages are read)", ["--offset"] = "--limit (all pages are read)",
  ["--count"] = "colua stats, which counts", ["--verbose"] = "colua --trace, before the command",
  ["--debug"] = "colua --trace, before the command", ["-v"] = "colua --trace, before the command",
}

-- Options for a deployment or a token, which commands take from the environment or colua login.
local OF_LOGIN = { ["--token"] = true, ["--domain"] = true, ["--url"] = true, ["--host"] = true }

-- Options of colua itself, which stand before the command's name.
local OF_COLUA = { ["--sandbox"] = true, ["--profile"] = true, ["--ca-file"] = true,
  ["--dry-run"] = true, ["--trace"] = true, ["-V"] = true }

-- Short options that other programs have.
local SHORT = { ["-l"] = "--limit", ["-n"] = "--limit", ["-q"] = "--query", ["-f"] = "--fields",
  ["-o"] = "--output", ["-y"] = "--yes" }

local function has_option(parser, name)
  for _, option in ipairs(parser._options) do
    for _, alias in ipairs(option._aliases) do
      if alias == name then return true end
    end
  end
  return false
end

-- The message about a missing argument, named as in the usage line: the parser's message has the
-- name of its field.
local function name_missing(parser, name)
  for _, argument in ipairs(parser._arguments) do
    if argument._name == name then
      local shown = argument._argname
      return ("missing argument %s"):format(type(shown) == "table" and shown[1] or shown or name)
    end
  end
end

-- The names of an option that its help lists; argparse 0.6 (Ubuntu 22.04) hides none.
local function listed_names(option) return option._public_aliases or option._aliases end

-- The options in whose names the pattern occurs, "'--sort-field' or '--sort-order'"; or nil.
local function options_like(parser, pattern)
  local found = {}
  for _, option in ipairs(parser._options) do
    for _, alias in ipairs(listed_names(option)) do
      local fits = ("-" .. alias:sub(3) .. "-"):find(pattern)
      if fits then found[#found + 1] = ("'%s'"):format(alias) end
    end
  end
  return #found > 0 and table.concat(found, " or ") or nil
end

-- The options that have the word as a part of their name, or begin with it: for --sort,
-- --metadata, --desc.
local function options_with(parser, word)
  local plain = word:gsub("%-", "%%-")
  return options_like(parser, "%-" .. plain .. "%-")
    or #word > 2 and options_like(parser, "^%-" .. plain) or nil
end

-- The word, if the command takes it as an argument: for undo --last, which is undo last.
local function as_argument(parser, word)
  for _, argument in ipairs(parser._arguments) do
    if word == "last" and argument._name == "run" then return word end
  end
end

-- The option near to an unknown one, which the parser's own search does not find: for --dry_run,
-- --LIMIT.
local function nearest(parser, option)
  local names = {}
  for _, known in ipairs(parser._options) do
    local listed = listed_names(known)
    table.move(listed, 1, #listed, #names + 1, names)
  end
  local near = core.nearest(option, names)
  return near and ("'%s'"):format(near)
end

local function by_query(parser, option)
  local query = BY_QUERY[option]
  if not query or not has_option(parser, "--query") then return nil end
  local adds = query == BY_QUERY["--tag"] and has_option(parser, "--add")
  return ("%s--query %s"):format(adds and "--add, or " or "", query)
end

-- The hint for an option of other programs; nil if no hint fits the command.
local function elsewhere(parser, option)
  local hints = ELSEWHERE[option]
  for _, hint in ipairs(type(hints) == "table" and hints or { hints }) do
    local needed = hint:match "^%-%-[%l-]+"
    if not needed or has_option(parser, needed) then return hint end
  end
end

-- A hint for an option that the parser does not know and has no near name for.
local function meant(parser, option)
  local word = option:match "^%-%-([%w_-]+)$"
  local long = SHORT[option]
  if long and has_option(parser, long) then return long end
  return by_query(parser, option) or elsewhere(parser, option)
    or word and (as_argument(parser, word) or options_with(parser, word)
      or nearest(parser, option))
end

local function name_unknown(parser, option, tip)
  if tip ~= "" and option:find "^%-%-" then
    return ("unknown option '%s'%s"):format(option, (tip:gsub("^\nDid", "; did")))
  elseif OF_COLUA[option] then
    return ("'%s' is an option of colua and stands before the command"):format(option)
  end
  if option:find "^%-%d" then
    return ("'%s': no option takes a negative number"):format(option)
  elseif OF_LOGIN[option] then
    return ("unknown option '%s'; colua login keeps a deployment and its token, "
      .. "CODEOCEAN_DOMAIN and CODEOCEAN_TOKEN name others"):format(option)
  end
  local hint = meant(parser, option)
  return ("unknown option '%s'%s"):format(option, hint and ("; did you mean %s?"):format(hint)
    or "")
end

--- problem_of_hyphen(parser, words) -> the message for the first word that is a long option with
-- one hyphen, which the parser would read as short options; or nil.
function M.problem_of_hyphen(parser, words)
  for _, word in ipairs(words) do
    if word == "--" then return nil end
    local name = word:match "^%-(%a[%w-]+)"
    if name and has_option(parser, "--" .. name) then
      return ("'%s' has one hyphen; did you mean --%s?"):format(text.escape(word), name)
    end
  end
end

local function are_fields(words)
  for _, word in ipairs(words) do
    if asset_fields.problem(word) then return false end
  end
  return true
end

--- problem_of_words(parser, args) -> the message for args.words, where only options are expected:
-- names of fields behind --fields belong to it, the name of a file most likely to --output, any
-- other text to --query.
function M.problem_of_words(parser, args)
  local words = args.words
  if args.fields and are_fields(words) then
    return ("did you mean --fields %s,%s?"):format(table.concat(args.fields, ","),
      table.concat(words, ","))
  end
  local file = #words == 1 and words[1]:find "%.%l+$" and has_option(parser, "--output")
  local text_given = table.concat(words, " ")
  return ("did you mean %s %s?"):format(file and "--output" or "--query",
    M.quoted(#words == 1 and not file and queries.with_colon(text_given) or text_given))
end

-- Forms of an argument (a file, a host), and the option that most likely was left out before it.
local OF_FORMS = { { "%.db$", "--db" }, { "%.%l+$", "--from" }, { "%.", "--domain" } }

--- problem_of_surplus(parser, word) -> the message for an argument too many.
function M.problem_of_surplus(parser, word)
  for _, row in ipairs(OF_FORMS) do
    if word:find(row[1]) and has_option(parser, row[2]) then
      return ("did you mean %s %s?"):format(row[2], M.quoted(word))
    end
  end
  return ("too many arguments: %s"):format(M.quoted(word))
end

-- The file that a word such as ids.csv or @ids names, if it exists.
local function file_of(word)
  local path = word:gsub("^@", "")
  if path == word and not path:find "%.%l+$" then return nil end
  local file <close> = regular_file.open(path)
  return file and path
end

--- of_no_id(word) -> a hint about an argument that is not an id, to follow the message.
function M.of_no_id(word)
  if word == "*" or word == "all" then return "; --all selects every asset" end
  local file = file_of(word)
  if file then return ("; did you mean --ids %s?"):format(M.quoted(file)) end
  if word:find "^[%x-]+$" then
    return #word > 8 and #word ~= 36 and ("; it has %d"):format(#word) or ""
  end
  if not word:find "^[%w _.-]+$" then return "" end
  return ("; did you mean --by-name or --query %s?"):format(M.quoted(word))
end

--- explain(parser, complaint) -> the complaint in one line.
function M.explain(parser, complaint)
  local missing = complaint:match "^missing argument '(.*)'$"
  local option, tip = complaint:match "^unknown option '(.-)'(.*)$"
  local said = missing and name_missing(parser, missing)
    or option and name_unknown(parser, option, tip)
    or complaint:gsub("\nDid", "; did")
  return text.escape(said)
end

return M
