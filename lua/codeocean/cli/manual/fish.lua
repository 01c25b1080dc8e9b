--- Writes the completions for fish from the commands' own options. Called by `colua completion`.

local commands = require "codeocean.cli.manual.commands"

local M = {}

local HEAD = [=[
# Completions of colua for fish; generated.

# Words with commas between them: what stands before the last comma, and each word.
function __colua_list
  set -l before (string match -r '^.*,' -- (commandline -ct))
  for word in $argv
    echo "$before$word"
  end
end

function __colua_profiles
  colua profiles --tsv --fields profile 2>/dev/null | tail -n +2
end

# Runs by their short names, which end the names of their journals.
function __colua_runs
  set -l state $XDG_STATE_HOME
  string match -q '/*' -- "$state"; or set state ~/.local/state
  echo last
  for file in $state/colua/runs/*.jsonl
    string replace -r '^.*-(.*)\.jsonl$' '$1' -- $file
  end
end

]=]

local function quoted(text)
  return "'" .. text:gsub("[\\']", "\\%0") .. "'"
end

-- The flags that name an option to fish: -s for a letter, -l for a word.
local function flags(names)
  local list = {}
  for i, name in ipairs(names) do
    local word = name:match("^%-%-(.+)$")
    list[i] = word and "-l " .. word or "-s " .. name:sub(2)
  end
  return table.concat(list, " ")
end

local function value(option)
  if not option.value then return "" end
  if option.choices then return " -xa " .. quoted(table.concat(option.choices, " ")) end
  if option.list then
    return " -xa " .. quoted(("(__colua_list %s)"):format(table.concat(option.list, " ")))
  end
  if commands.takes_profile(option) then return " -xa '(__colua_profiles)'" end
  return commands.takes_file(option) and " -rF" or " -x"
end

local function line(condition, rest, about)
  return ("complete -c colua -n %s %s -d %s\n"):format(quoted(condition), rest, quoted(about))
end

local function own_options(parts)
  for _, option in ipairs(commands.options()) do
    if option.name:find("%a") then
      local needs = option.value:find("^ *%u") and " -x" or ""
      parts[#parts + 1] = line("__fish_use_subcommand", flags { option.name } .. needs,
        option.about)
    end
  end
end

local function command_of(parts, entry)
  local condition = "__fish_seen_subcommand_from " .. entry.name
  parts[#parts + 1] = line("__fish_use_subcommand", "-a " .. entry.name, entry.about)
  local argument = entry.arguments[1]
  if argument and commands.takes_run(argument) then
    parts[#parts + 1] = ("complete -c colua -n %s -a '(__colua_runs)'\n"):format(quoted(condition))
  elseif not (argument and commands.takes_file(argument)) then
    parts[#parts + 1] = ("complete -c colua -n %s -f\n"):format(quoted(condition))
  end
  for _, option in ipairs(entry.options) do
    parts[#parts + 1] = line(condition, flags(option.names) .. value(option), option.about)
  end
end

--- text() -> the file.
function M.text()
  local parts = { HEAD }
  own_options(parts)
  for _, entry in ipairs(commands.list()) do command_of(parts, entry) end
  return table.concat(parts)
end

return M
