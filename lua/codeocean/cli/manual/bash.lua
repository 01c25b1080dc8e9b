--- Writes the completions for bash from the commands' own options. Called by `colua completion`.

local commands = require "codeocean.cli.manual.commands"

local M = {}

local HEAD = [=[
# Completions of colua for bash; generated.

_colua_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2"); }

# Words with commas between them: the last of "$2" out of "$1".
_colua_list() {
  local before=
  [[ $2 != *,* ]] || before=${2%,*},
  compopt -o nospace 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${2##*,}")
}

_colua_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

# Runs by their short names, which end the names of their journals; else files.
_colua_runs() {
  local file names=last state=${XDG_STATE_HOME-}
  [[ $state == /* ]] || state=$HOME/.local/state
  for file in "$state"/colua/runs/*.jsonl; do
    [ ! -e "$file" ] || { file=${file##*-}; names+=" ${file%.jsonl}"; }
  done
  _colua_words "$names" "$1"
  [ ${#COMPREPLY[@]} -gt 0 ] || _colua_files "$1"
}

_colua_profiles() {
  local names
  names=$(colua profiles --tsv --fields profile 2>/dev/null | tail -n +2)
  _colua_words "$names" "$1"
}

# The command among the words before the cursor, and the place behind it.
_colua_command() {
  local i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
    -e | -l | --profile | --ca-file) [ "${COMP_WORDS[i+1]}" = = ] || ((i++)) ;;
    =) ((i++)) ;;
    -*) ;;
    *) echo "${COMP_WORDS[i]}"; return ;;
    esac
  done
}

_colua() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command
  [ "$cur" != = ] || cur=
  COMPREPLY=()
  command=$(_colua_command)
  case $command:$prev in
  :--profile) _colua_profiles "$cur"; return ;;
  :=) case ${COMP_WORDS[COMP_CWORD-2]} in
    --profile) _colua_profiles "$cur" ;;
    *) _colua_files "$cur" ;;
    esac
    return ;;
  :--ca-file) _colua_files "$cur"; return ;;
  :--sandbox) [ "${COMP_WORDS[COMP_CWORD]}" != = ] || { _colua_files "$cur"; return; } ;;
]=]

-- The first word: an option of colua, a command, or a script.
local FIRST = [=[
  '')
    case $cur in
    -*) _colua_words "%s" "$cur" ;;
    *)
      _colua_words "%s" "$cur"
      [ ${#COMPREPLY[@]} -gt 0 ] || _colua_files "$cur" ;;
    esac ;;
]=]

local TAIL = [=[
  *) _colua_files "$cur" ;;
  esac
}

complete -F _colua colua
]=]

-- A line for an option with a value: its choices, files, or nothing.
local function value_case(entry, option)
  local patterns = {}
  for i, name in ipairs(option.names) do patterns[i] = entry.name .. ":" .. name end
  local answer = ""
  if option.choices then
    answer = ('_colua_words "%s" "$cur"; '):format(table.concat(option.choices, " "))
  elseif option.list then
    answer = ('_colua_list "%s" "$cur"; '):format(table.concat(option.list, " "))
  elseif commands.takes_profile(option) then
    answer = '_colua_profiles "$cur"; '
  elseif commands.takes_file(option) then
    answer = '_colua_files "$cur"; '
  end
  return ("  %s) %sreturn ;;\n"):format(table.concat(patterns, " | "), answer)
end

local function names(entry)
  local list = {}
  for _, option in ipairs(entry.options) do
    table.move(option.names, 1, #option.names, #list + 1, list)
  end
  return table.concat(list, " ")
end

local function word_case(entry)
  local argument = entry.arguments[1]
  local words = ('_colua_words "%s" "$cur"'):format(names(entry))
  local other = argument and (commands.takes_run(argument) and "_colua_runs"
    or commands.takes_file(argument) and "_colua_files")
  if not other then return ("  %s) %s ;;\n"):format(entry.name, words) end
  return ("  %s) case $cur in -*) %s ;; *) %s \"$cur\" ;; esac ;;\n"):format(entry.name, words,
    other)
end

local function first_word(list)
  local options, words = {}, {}
  for i, option in ipairs(commands.options()) do options[i] = option.name end
  for i, entry in ipairs(list) do words[i] = entry.name end
  return FIRST:format(table.concat(options, " "), table.concat(words, " "))
end

--- text() -> the file.
function M.text()
  local list, parts = commands.list(), { HEAD }
  for _, entry in ipairs(list) do
    for _, option in ipairs(entry.options) do
      if option.value then parts[#parts + 1] = value_case(entry, option) end
    end
  end
  parts[#parts + 1] = "  esac\n  case $command in\n" .. first_word(list)
  for _, entry in ipairs(list) do parts[#parts + 1] = word_case(entry) end
  return table.concat(parts) .. TAIL
end

return M
