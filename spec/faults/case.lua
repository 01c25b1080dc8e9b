-- A command of commands.lua, prepared on a deployment of its own: {here, command, id}, and
-- `before`, the assets before it runs.

local commands = require "commands"
local deployment = require "deployment"
local process = require "process"

local M = {}

M.ASSETS = 3

-- Assets by id, as far as anybody could change them, and their number.
function M.snapshot(here)
  local all, n = {}, 0
  for asset in here.client.data_assets:each { archived = "any" } do
    all[asset.id] = { asset.name, asset.description, table.concat(asset.tags, "\n") }
    n = n + 1
  end
  return all, n
end

function M.prepare(command)
  local here = deployment.start { seed = M.ASSETS, ready_after = 0 }
  local case = { here = here, command = command }
  case.id = here.client.data_assets:all({ archived = false })[1].id
  if command.before then
    command.before(here, function(words) here:run(commands.words_of(here, case.id, words)) end)
  end
  case.before = M.snapshot(here)
  here:mark()
  return case
end

-- Runs the commands of all cases at the same time; each gets its status and err. case.environment
-- goes before that of its deployment.
function M.run(cases)
  local lines = {}
  for i, case in ipairs(cases) do
    local words = { "env" }
    for name, value in pairs(case.here:environment(case.environment)) do
      words[#words + 1] = name .. "=" .. process.quote(value)
    end
    words[#words + 1] = process.quote(process.colua)
    for _, word in ipairs(commands.words_of(case.here, case.id, case.command[2])) do
      words[#words + 1] = process.quote(word)
    end
    lines[i] = ("(cd %s && %s > out 2> err < /dev/null; echo $? > status) &"):format(
      case.here.folder, table.concat(words, " "))
  end
  lines[#lines + 1] = "wait"
  process.shell(table.concat(lines, "\n"))
  for _, case in ipairs(cases) do
    local folder = case.here.folder
    case.status = tonumber(process.read(folder .. "/status"))
    case.out, case.err = process.read(folder .. "/out"), process.read(folder .. "/err")
  end
end

return M
