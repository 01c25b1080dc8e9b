--- The preview and the question before a bulk run writes.
--
-- Used by the commands and by the session, which reads and writes in its own way. What must hold:
-- before a yes the user was shown the deployment, the number of assets, and the whole change of
-- some of them.

local ascii = require "codeocean.ascii"
local core = require "codeocean.core"
local format = require "codeocean.output.format"
local report = require "codeocean.output.report"
local text = require "codeocean.text"

local M = {}

local EXAMPLES = 5

--- lines(plan) -> the preview of a plan, as bulk.run gives it to `confirm`: what, how many, where,
-- some assets each with its whole change.
function M.lines(plan)
  local lines = { ("%s %s (%s) on %s:"):format(plan.action, report.count(plan.count, "asset"),
    report.size(plan.size), format.deployment(plan.deployment, plan.profile)) }
  for i = 1, math.min(EXAMPLES, plan.count) do
    local item = plan.items[i]
    lines[#lines + 1] = (("  ~ %s  %s"):format(item.id, text.escape(item.name or ""))
      :gsub(" +$", ""))
    local changes = plan.action == "update" and report.lines(item, plan.dates)
      or report.uses(item)
    for _, line in ipairs(changes) do lines[#lines + 1] = "      " .. line end
  end
  local more = plan.count - EXAMPLES
  if more > 0 then lines[#lines + 1] = ("  … %d more"):format(more) end
  return lines
end

--- style(line) -> the colour of a line of the preview: added values are green, removed ones red.
function M.style(line)
  local sign = line:match "^      .-  ([+-])"
  return sign == "+" and "green" or sign == "-" and "red" or nil
end

local function show(lines)
  local paint = format.paint(format.colours(os.getenv, core.columns(io.stderr) ~= nil))
  for _, line in ipairs(lines) do
    local style = M.style(line)
    io.stderr:write(style and paint[style](line) or line, "\n")
  end
end

--- question(plan) -> the question. For deletions, which cannot be undone, the answer is a number.
function M.question(plan)
  if plan.action == "delete" then
    return "This cannot be undone. Type the number of assets to delete: "
  end
  return "Go on? [y/N] "
end

--- agrees(plan, answer) -> whether the answer (nil: the end of the input) is a yes.
function M.agrees(plan, answer)
  answer = ascii.lower(answer or ""):match("^%s*(.-)%s*$")
  if plan.action == "delete" then return answer == tostring(plan.count) end
  return answer == "y" or answer == "yes"
end

--- confirm(plan [, preview]) -> whether the person at the terminal agrees; false without a
-- terminal. `preview`: the lines to show first, by default lines(plan).
function M.confirm(plan, preview)
  show(preview or M.lines(plan))
  if not (core.columns(io.stdin) and core.columns(io.stderr)) then
    io.stderr:write("nothing was written: there is no terminal to ask on, and no --yes\n")
    return false
  end
  io.stderr:write(M.question(plan))
  local answer = io.stdin:read("l")
  if not answer then io.stderr:write("\n") end
  if M.agrees(plan, answer) then return true end
  io.stderr:write("nothing was written\n")
  return false
end

return M
