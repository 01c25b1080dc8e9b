--- Reads the commands and colua's own options from the running program, which must be colua. Called
-- by the writers of the man page and of the completions.

local choices = require "codeocean.cli.choices"
local command = require "codeocean.cli"
local options = require "codeocean.cli.options"

local M = {}

local SHARED = 3 -- an option of at least this number of commands is described once

local function lines_of(words)
  local pipe = assert(io.popen(words))
  local text = pipe:read("a")
  assert(pipe:close(), words)
  return text
end

-- The help text of the program that runs this.
local function help()
  local least = 0
  while arg[least - 1] do least = least - 1 end
  return lines_of(("'%s' --help"):format(arg[least]:gsub("'", "'\\''")))
end

-- The rows of a part of `colua --help`: name, value, what it is.
local function rows(text, pattern)
  local list = {}
  for line in text:gmatch("[^\n]+") do
    local name, value, about = line:match(pattern)
    if name then list[#list + 1] = { name = name, value = value, about = about } end
  end
  return list
end

--- options() -> list of {name, value, about}; names() -> list of {name, about}.
function M.options()
  local text = help():match("Options:\n(.-)\nCommands")
  return rows(text, "^  (%-[-%a]*)( ?%[?=?%u*%]?)%s%s+(.+)$")
end

function M.names()
  local text = help():match("\nCommands.-\n(.-)\n\n")
  return rows(text, "^  (%l+)()%s+(.+)$")
end

-- The parser with which a script calls command.run or run_as.
local function parser_of(name)
  local run, run_as, captured = command.run, command.run_as, nil
  function command.run(_, parser) captured = parser end
  function command.run_as(_, parser) captured = parser end
  assert(require("colua.commands").load(name))()
  command.run, command.run_as = run, run_as
  return assert(captured, name .. " has no parser")
end

local function argname(element)
  local name = element._argname
  return type(name) == "table" and name[1] or name
end

-- The values that an option's converter takes.
local VALUES = { ["--archived"] = { "true", "false", "any" }, ["--favorite"] = { "true", "false" } }

local function option_of(parser, element)
  return {
    name = element._name, about = element._description or "",
    names = element._public_aliases or element._aliases, -- argparse 0.6 hides no name
    value = element._maxargs > 0 and (argname(element) or "<" .. element._name:sub(3) .. ">")
      or nil,
    choices = choices.of(element) or VALUES[element._name],
    list = element._name == "--fields" and options.fields_to_list(parser, { fields = { "?" } })
      or nil,
  }
end

local function grouped(parser)
  local titles = {}
  for _, group in ipairs(parser._groups) do
    for _, element in ipairs(group) do titles[element] = group.name end
  end
  return titles
end

local function described(entry)
  local parser = parser_of(entry.name)
  local titles, own, others, arguments = grouped(parser), {}, {}, {}
  for _, element in ipairs(parser._options) do
    local option, list = option_of(parser, element), titles[element] and own or others
    option.group = titles[element] or "Other options"
    list[#list + 1] = option
  end
  table.move(others, 1, #others, #own + 1, own)
  for _, element in ipairs(parser._arguments) do
    arguments[#arguments + 1] = { name = argname(element) or element._name,
      about = element._description or "",
      many = element._maxargs > 1 }
  end
  return { name = entry.name, about = entry.about, usage = parser._usage:gsub("^Usage: ", ""),
    description = parser._description, examples = parser._epilog, options = own,
    arguments = arguments }
end

local function is_called(element, ...)
  local name = (element.value or element.name):lower():gsub("[<>]", "")
  for _, known in ipairs { ... } do
    if name == known then return true end
  end
  return false
end

--- takes_file(element): whether an option's value, or an argument, is the name of a file.
function M.takes_file(element) return is_called(element, "file", "plan") end

--- takes_run(element): whether it is a run, by its short name or its journal.
function M.takes_run(element) return is_called(element, "journal", "run") end

--- takes_profile(element): whether it is the name of a profile.
function M.takes_profile(element) return is_called(element, "profile") end

--- list() -> every command: {name, about, usage, description, examples, options = list of {name,
-- names, value, about, choices, list (its value is some of these, with commas), group},
-- arguments = list of {name, about, many}}.
function M.list()
  local list = {}
  for i, entry in ipairs(M.names()) do list[i] = described(entry) end
  return list
end

local function key(option) return option.name .. "\0" .. option.about end

--- shared(list) -> groups {title, options} that many commands have, in order; and a function that
-- tells whether an option is among them.
function M.shared(list)
  local counts, groups, by_title, seen = {}, {}, {}, {}
  for _, entry in ipairs(list) do
    for _, option in ipairs(entry.options) do
      counts[key(option)] = (counts[key(option)] or 0) + 1
    end
  end
  local function is_shared(option) return counts[key(option)] >= SHARED end
  local longest_first = table.move(list, 1, #list, 1, {})
  table.sort(longest_first, function(a, b)
    if #a.options ~= #b.options then return #a.options > #b.options end
    return a.name < b.name
  end)
  for _, entry in ipairs(longest_first) do
    for _, option in ipairs(entry.options) do
      if is_shared(option) and not seen[key(option)] then
        seen[key(option)] = true
        if not by_title[option.group] then
          by_title[option.group] = { title = option.group, options = {} }
          groups[#groups + 1] = by_title[option.group]
        end
        table.insert(by_title[option.group].options, option)
      end
    end
  end
  return groups, is_shared
end

return M
