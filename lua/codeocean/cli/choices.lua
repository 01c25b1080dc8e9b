--- Options and arguments of a command that take one of a few texts. Called by codeocean.cli.options
-- and by commands, and by the manual, whose completions list the choices.

local ascii = require "codeocean.ascii"
local core = require "codeocean.core"
local text = require "codeocean.text"

local M = {}

-- The choices by option or argument.
local choices_of = setmetatable({}, { __mode = "k" })

--- of(element) -> the list of what the option or argument takes; nil if it takes other texts.
function M.of(element) return choices_of[element] end

-- The choice that was meant: near to the word, or the beginning of it ("descending").
local function meant(word, list)
  for _, choice in ipairs(list) do
    if ascii.lower(word):find(choice, 1, true) == 1 then return choice end
  end
  return core.nearest(word, list)
end

-- Why the word is not among the choices, and which one was perhaps meant.
local function problem(word, list)
  local near = meant(word, list)
  return ("'%s' is not one of %s%s"):format(text.escape(word), table.concat(list, ", "),
    near and ("; did you mean '%s'?"):format(near) or "")
end

-- What a complaint calls the option or argument.
local function name_of(element)
  return element._aliases and element._name or element._argname or element._name
end

--- set(element, list) -> the option or argument, which takes one of these texts from now on.
function M.set(element, list)
  local taken = {}
  for _, choice in ipairs(list) do taken[choice] = choice end
  choices_of[element] = list
  return element:convert(function(word)
    if taken[word] then return word end
    return nil, ("%s: %s"):format(name_of(element), problem(word, list))
  end)
end

return M
