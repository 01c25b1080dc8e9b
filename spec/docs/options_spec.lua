-- Every option of every command occurs in a command line that a test runs.

local process = require "process"
local shown = require "shown_commands"

-- Options whose examples need two deployments, and the spec that runs them.
local ELSEWHERE = {
  ["diff --from-profile"] = "spec/scripts/diff_spec.lua",
  ["diff --to-profile"] = "spec/scripts/diff_spec.lua",
  ["diff --by"] = "spec/scripts/diff_spec.lua",
  ["diff --query"] = "spec/scripts/diff_spec.lua",
}

-- Run by colua itself, which prints "command <tab> names of an option <tab> value or flag <tab> its
-- help".
local LIST = [[
package.path = "./?.lua;" .. package.path
for _, entry in ipairs(require("codeocean.cli.manual.commands").list()) do
  for _, option in ipairs(entry.options) do
    print(entry.name .. "\t" .. table.concat(option.names, " ") .. "\t"
      .. (option.value and "value" or "flag") .. "\t" .. option.about)
  end
end]]

-- The options; one that several commands have with the same help is one option of all of them.
local function options()
  local result = process.run(process.colua, { "-e", LIST })
  assert.are.equal(0, result.status, result.err)
  local list, by_key = {}, {}
  for command, names, kind, about in result.out:gmatch "(%l+)\t([^\t]+)\t(%l+)\t([^\n]*)\n" do
    local key = names .. about
    if not by_key[key] then
      by_key[key] = { names = names, commands = {}, has_value = kind == "value" }
      list[#list + 1] = by_key[key]
    end
    table.insert(by_key[key].commands, command)
  end
  return list
end

-- The calls of commands in the lines that are run: {command = list of their words}.
local function calls()
  local found = {}
  local lines = { process.read "docs/cookbook.md" } -- spec/cookbook_spec.lua runs that page
  for _, text in ipairs(shown.all()) do table.move(text, 1, #text, #lines + 1, lines) end
  for _, line in ipairs(lines) do
    for words in line:gsub("\\\n", " "):gmatch "%f[%w]colua ([^\n|;&]*)" do
      local command, rest = words:gsub("^%-%-%S+ ", ""):match "^(%l+)(.*)"
      found[command or ""] = (found[command or ""] or "") .. " " .. (rest or "") .. " \n"
    end
  end
  return found
end

local function is_shown(option, found)
  local elsewhere = ELSEWHERE[option.commands[1] .. " " .. option.names]
  if elsewhere and process.read(elsewhere):find('"' .. option.names .. '"', 1, true) then
    return true
  end
  for _, command in ipairs(option.commands) do
    for name in option.names:gmatch "%S+" do
      if (found[command] or ""):find("%s" .. name:gsub("%-", "%%-") .. "[%s=]") then return true end
    end
  end
  return false
end

describe("the options of the commands", function()
  local list, found = options(), calls()

  it("are many", function()
    assert.is_true(#list > 80, #list)
    assert.is_truthy(found.tag:find(" --add ", 1, true))
  end)

  it("with a value refuse an empty one, as unset variables are", function()
    local count = 0
    for _, option in ipairs(list) do
      local command, name = option.commands[1], option.names:match "%-%-[%l-]+"
      if option.has_value then
        local result = process.run(process.colua, { "--sandbox", command, name, "" })
        assert.are.same({ 2, "" }, { result.status, result.out }, command .. " " .. name)
        assert.is_truthy(result.err:find(name, 1, true), result.err)
        assert.are.equal(1, select(2, result.err:gsub("\n", "\n")), result.err)
        count = count + 1
      end
    end
    assert.is_true(count > 50, count)
  end)

  it("stand each in a command line that is run", function()
    local missing = {}
    for _, option in ipairs(list) do
      if not option.names:find "%-%-help" and not is_shown(option, found) then
        missing[#missing + 1] = table.concat(option.commands, ", ") .. ": " .. option.names
      end
    end
    assert.are.same({}, missing)
  end)
end)
