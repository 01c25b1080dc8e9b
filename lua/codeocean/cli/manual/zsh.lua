--- Writes the completions for zsh from the commands' own options. Called by `colua completion`.

local commands = require "codeocean.cli.manual.commands"

local M = {}

local HEAD = [=[
#compdef colua
# Completions of colua for zsh; generated.

# Runs by their short names, which end the names of their journals; else files.
_colua_runs() {
  local state=${XDG_STATE_HOME-}
  [[ $state == /* ]] || state=$HOME/.local/state
  local -a runs=($state/colua/runs/*.jsonl(N:t:r))
  compadd -- last ${runs##*-} || _files
}

_colua_profiles() {
  compadd -- ${(f)"$(colua profiles --tsv --fields profile 2>/dev/null | tail -n +2)"}
}

]=]

local function quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function described(text) return (text:gsub("[%[%]\\]", "\\%0"):gsub(":", "\\:")) end

local function action(element)
  if element.choices then return "(" .. table.concat(element.choices, " ") .. ")" end
  if element.list then return "_values -s , field " .. table.concat(element.list, " ") end
  if commands.takes_run(element) then return "_colua_runs" end
  if commands.takes_profile(element) then return "_colua_profiles" end
  return commands.takes_file(element) and "_files" or " "
end

-- The specs of an option's names. The * allows every option to be repeated: only the commands know
-- which may not be.
local function option_specs(option)
  local specs = {}
  for i, name in ipairs(option.names) do
    local value = option.value and (":%s:%s"):format((option.value:gsub("[<>]", "")),
      action(option)) or ""
    specs[i] = quoted(("*%s[%s]%s"):format(name, described(option.about), value))
  end
  return specs
end

local function argument_spec(argument)
  return quoted(("%s:%s:%s"):format(argument.many and "*" or "1", argument.name, action(argument)))
end

local function command_of(entry)
  local specs = {}
  for _, option in ipairs(entry.options) do
    local own = option_specs(option)
    table.move(own, 1, #own, #specs + 1, specs)
  end
  for _, argument in ipairs(entry.arguments) do specs[#specs + 1] = argument_spec(argument) end
  return ("    %s)\n      _arguments -s \\\n        %s ;;\n"):format(entry.name,
    table.concat(specs, " \\\n        "))
end

local function own_specs()
  local specs = {}
  for _, option in ipairs(commands.options()) do
    local about = ("[%s]"):format(described(option.about))
    if option.value:find("=", 1, true) then
      specs[#specs + 1] = quoted(("%s=-%s::file:_files"):format(option.name, about))
    elseif #option.name > 1 and option.name ~= "--" then
      local value = option.value:find("%u") and ": : " or ""
      specs[#specs + 1] = quoted(option.name .. about .. value)
    end
  end
  return table.concat(specs, " \\\n    ")
end

local function names(list)
  local lines = {}
  for i, entry in ipairs(list) do
    lines[i] = "    " .. quoted(entry.name .. ":" .. described(entry.about))
  end
  return table.concat(lines, "\n")
end

--- text() -> the file.
function M.text()
  local list, cases = commands.list(), {}
  for i, entry in ipairs(list) do cases[i] = command_of(entry) end
  return HEAD .. ([=[
_colua_first() {
  local -a commands=(
%s
  )
  _describe -t commands command commands
  _files -g '*.lua(-.)'
}

_colua() {
  local state line curcontext=$curcontext
  _arguments -C \
    %s \
    '1: :_colua_first' '*:: :->rest'
  [[ $state == rest ]] || return
  case $line[1] in
%s    *) _files ;;
  esac
}

_colua "$@"
]=]):format(names(list), own_specs(), table.concat(cases))
end

return M
