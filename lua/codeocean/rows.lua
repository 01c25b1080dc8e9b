--- Assets one by one: fetched, printed, and a line for each that failed.

local command = require "codeocean.command"
local core = require "codeocean.core"
local display = require "codeocean.display"
local status = require "codeocean.status"

local M = {}

-- One asset on a terminal reads best as a card.
local function printer(args, count)
  local width = core.columns(io.stdout)
  local plain = args.json or args.jsonl or args.csv or args.tsv or args.fields
  if count ~= 1 or not width or plain then return command.writer(args) end
  return {
    row = function(_, asset)
      print(display.card(asset, { width = width, colour = display.colours(os.getenv, true) }))
    end,
    finish = function() return true end,
  }
end

--- Prints found[i], a note for errs[i]; returns the exit status. `n` places; `bad` input rows that
-- were no id.
function M.report(n, found, errs, args, bad)
  local writer, code, good = printer(args, n), status.done, 0
  for i = 1, n do
    if found[i] then writer:row(found[i]) end
    if found[i] then good = good + 1 end
    if errs[i] then
      command.note("%s", tostring(errs[i]))
      code = status.of_error(errs[i])
    end
  end
  writer:finish()
  if code ~= status.done and good > 0 then code = status.items_failed end
  return code == status.done and bad > 0 and status.items_failed or code
end

--- Calls fetch(item) for each item of a list, many at once, and reports.
function M.print(client, list, args, bad, fetch)
  local found, errs = client:map(list, fetch, { jobs = args.jobs })
  return M.report(#list, found, errs, args, bad)
end

return M
