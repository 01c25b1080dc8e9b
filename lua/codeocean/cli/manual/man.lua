--- Writes the manual page colua(1) from the commands' own options and the reference. Called by
-- `colua man`.

local codeocean = require "codeocean"
local commands = require "codeocean.cli.manual.commands"
local reference = require "codeocean.reference"

local M = {}

local DESCRIPTION = [[
colua is an interpreter of Lua 5.4 that speaks the Code Ocean Data Asset API. It runs a script or
one of the commands below; alone on a terminal it is an interactive session. The module codeocean
is a part of it. Data go to standard output, everything else to standard error.]]

local FILES = {
  { "~/.codeocean/credentials.json", 'where domain and token are looked for last: {"domain": …, '
    .. '"token": …}' },
  { "~/.local/state/colua/runs/", "journals of bulk runs, what undo and resume read" },
  { "~/.local/state/colua/history", "lines typed at the prompt" },
}

local EXAMPLES = {
  { "Tries a command on a simulated deployment, without an account:",
    'colua --sandbox search --query "tag:mouse" --limit 5' },
  { "Looks first and writes then:",
    "colua tag --query name:2021 --add year-2021 --dry-run\n"
    .. "colua tag --query name:2021 --add year-2021 --yes" },
  { "Runs a script so that nothing it writes is sent:", "colua --dry-run tag-by-year.lua" },
}

-- Text as roff: no character of it is a request or an escape.
local function plain(text)
  text = text:gsub("\\", "\\e"):gsub("%-", "\\-"):gsub("…", "..."):gsub("→", "\\(->")
  return (text:gsub("\n([.'])", "\n\\&%1"):gsub("^([.'])", "\\&%1"))
end

local function bold(text) return "\\fB" .. plain(text) .. "\\fR" end
local function italic(text) return "\\fI" .. plain(text) .. "\\fR" end

local function item(head, text)
  return (".TP\n%s\n%s\n"):format(head, plain(text))
end

local function value_of(option)
  return option.value and " " .. italic((option.value:gsub("[<>]", ""))) or ""
end

local function option_item(option)
  local names = {}
  for i, name in ipairs(option.names) do names[i] = bold(name) end
  return item(table.concat(names, ", ") .. value_of(option), option.about)
end

local function code(text) return (".nf\n.RS\n%s\n.RE\n.fi\n"):format(plain(text)) end

local function command_of(entry, is_shared)
  local parts, groups, seen = {}, {}, {}
  parts[1] = (".SS %s\n%s\n"):format(plain(entry.usage), plain(entry.description))
  for _, argument in ipairs(entry.arguments) do
    parts[#parts + 1] = item(italic(argument.name), argument.about)
  end
  for _, option in ipairs(entry.options) do
    if not is_shared(option) then
      parts[#parts + 1] = option_item(option)
    elseif option.group ~= "Other options" and not seen[option.group] then
      seen[option.group] = true
      groups[#groups + 1] = option.group
    end
  end
  if #groups > 0 then
    parts[#parts + 1] = (".PP\nAnd options of: %s.\n"):format(plain(table.concat(groups, "; ")))
  end
  return table.concat(parts)
end

local function shared_of(groups)
  local parts = { "These mean the same wherever a command has them; --help tells which it has.\n" }
  for _, group in ipairs(groups) do
    parts[#parts + 1] = (".SS %s\n"):format(plain(group.title))
    for _, option in ipairs(group.options) do parts[#parts + 1] = option_item(option) end
  end
  return table.concat(parts)
end

local function items(rows)
  local parts = {}
  for i, row in ipairs(rows) do
    parts[i] = item(bold(tostring(row[1])), (row[2]:gsub("`", "")))
  end
  return table.concat(parts)
end

local function own_options()
  local parts = {}
  for i, option in ipairs(commands.options()) do
    local value = option.value:gsub(" +$", ""):gsub("%u+", function(name) return italic(name) end)
    parts[i] = item(bold(option.name) .. value, option.about)
  end
  return table.concat(parts)
end

local function examples()
  local parts = {}
  for i, row in ipairs(EXAMPLES) do
    parts[i] = ("%s\n.PP\n%s"):format(plain(row[1]), code(row[2]))
  end
  return table.concat(parts, ".PP\n")
end

local function all_commands(list, is_shared)
  local parts = { "Each has --help with examples. A command wins over a file of the same name; run "
    .. "the file as ./NAME.\n" }
  for _, entry in ipairs(list) do parts[#parts + 1] = command_of(entry, is_shared) end
  return table.concat(parts)
end

--- text() -> the page.
function M.text()
  local list = commands.list()
  local groups, is_shared = commands.shared(list)
  local sections = {
    { "NAME", "colua \\- Lua with the Code Ocean Data Asset API\n" },
    { "SYNOPSIS", ".B colua\n[\\fIoptions\\fR] [\\fIcommand\\fR | \\fIscript\\fR "
      .. "[\\fIarguments\\fR]]\n" },
    { "DESCRIPTION", plain(DESCRIPTION) .. "\n" },
    { "OPTIONS", own_options() },
    { "COMMANDS", all_commands(list, is_shared) },
    { "OPTIONS OF COMMANDS", shared_of(groups) },
    { "EXIT STATUS", items(reference.STATUSES) },
    { "ENVIRONMENT", items(reference.ENVIRONMENT) },
    { "FILES", items(FILES) },
    { "EXAMPLES", examples() },
    { "SEE ALSO", ".BR lua (1),\n.BR curl (1)\n" },
  }
  local parts = { ('.TH COLUA 1 "" "colua %s" "User Commands"\n'):format(codeocean.version) }
  for _, section in ipairs(sections) do
    parts[#parts + 1] = (".SH %s\n%s"):format(section[1], section[2])
  end
  return table.concat(parts)
end

return M
