--- Words for wrong arguments of a command: the parser's complaint, with what was most likely meant.
--
-- Called by codeocean.cli with the parser's complaint. The result is one line without control
-- characters.

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

-- Options of colua itself, which stand before the command's name.
local OF_COLUA = { ["--sandbox"] = true, ["--profile"] = true, ["--dry-run"] = true,
  ["--trace"] = true, ["-V"] = true }

local function has_option(parser, name)
  for _, option in ipairs(parser._options) do
    for _, alias in ipairs(option._aliases) do
      if alias == name then return true end
    end
  end
  return false
end

-- Names the argument as the usage does; the parser's message has the name of its field.
local function name_missing(parser, name)
  for _, argument in ipairs(parser._arguments) do
    if argument._name == name then
      local shown = argument._argname
      return ("missing argument %s"):format(type(shown) == "table" and shown[1] or shown or name)
    end
  end
end

-- --sort, --metadata: the options that have the word as a part, "'--sort-field' or '--sort-order'".
local function options_with(parser, word)
  local found = {}
  for _, option in ipairs(parser._options) do
    for _, alias in ipairs(option._public_aliases) do
      if ("-" .. alias:sub(3) .. "-"):find("-" .. word .. "-", 1, true) then
        found[#found + 1] = ("'%s'"):format(alias)
      end
    end
  end
  return #found > 0 and table.concat(found, " or ") or nil
end

-- undo --last: the word that the command takes as an argument.
local function as_argument(parser, word)
  for _, argument in ipairs(parser._arguments) do
    if word == "last" and argument._name == "run" then return word end
  end
end

local function name_unknown(parser, option, tip)
  local query = tip == "" and BY_QUERY[option]
  local word = option:match "^%-%-([%w-]+)$"
  if not word then return ("unknown option '%s'"):format(option) end
  local parts = tip == "" and not query
    and (as_argument(parser, word) or options_with(parser, word))
  if parts then return ("unknown option '%s'; did you mean %s?"):format(option, parts) end
  if query == BY_QUERY["--tag"] and has_option(parser, "--add") then
    return ("unknown option '%s'; did you mean --add, or --query %s?"):format(option, query)
  end
  if query and has_option(parser, "--query") then
    return ("unknown option '%s'; did you mean --query %s?"):format(option, query)
  elseif OF_COLUA[option] then
    return ("'%s' is an option of colua and stands before the command"):format(option)
  end
  return ("unknown option '%s'%s"):format(option, (tip:gsub("^\nDid", "; did")))
end

--- one_hyphen(parser, words) -> what is said of the first of the words that is a long option with
-- one hyphen, which would be read as the letters of short ones; or nil.
function M.one_hyphen(parser, words)
  for _, word in ipairs(words) do
    if word == "--" then return nil end
    local name = word:match "^%-(%a[%w-]+)"
    if name and has_option(parser, "--" .. name) then
      return ("'%s' has one hyphen; did you mean --%s?"):format(text.escape(word), name)
    end
  end
end

--- of_words(parser, words) -> what is said of words where options alone are expected: a file's name
-- is most likely that of --output, all else the text of --query.
function M.of_words(parser, words)
  local file = #words == 1 and words[1]:find "%.%l+$" and has_option(parser, "--output")
  return ("did you mean %s %s?"):format(file and "--output" or "--query",
    M.quoted(table.concat(words, " ")))
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
