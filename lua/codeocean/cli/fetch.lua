--- Fetches assets one by one, many at the same time, and prints them in the order of the input,
-- with a line on standard error for each failure. Called by get, wait, uses and create.

local command = require "codeocean.cli"
local core = require "codeocean.core"
local cards = require "codeocean.output.card"
local formats = require "codeocean.output.format"
local progress = require "codeocean.cli.progress"
local status = require "codeocean.cli.status"

local M = {}

-- Whether the error concerns the server or the whole run, and not the item.
local function is_general(err)
  return err.kind == "pending" or status.of_error(err) ~= status.items_failed
end

-- A writer that prints an asset as a card.
local function card(args)
  local options = { width = core.columns(io.stdout), colour = formats.colours(os.getenv, true) }
  return {
    row = function(_, asset) print(cards.asset(args.with_days(asset), options)) end,
    finish = function() end,
    lost = 0,
  }
end

local function printer(args, count, fields)
  local as_card = count == 1 and not fields and not args.fields and command.format(args) == "table"
  return as_card and card(args) or command.writer(args, fields)
end

--- gather(client, list, what, fetch, options) -> found, errs, both by place in the list: the
-- results of fetch(item, index) for each item. `what` is the phase that the progress shows.
-- options: `jobs`, how many at the same time; `poll`, as for client:each_done.
function M.gather(client, list, what, fetch, options)
  local shown, found, errs, done, failed = progress.new(client), {}, {}, 0, 0
  shown:show(what, { done = 0, total = #list, errors = 0 })
  for i, value, err in client:each_done(list, fetch, options) do
    found[i], errs[i] = value, err
    done, failed = done + 1, failed + (err and 1 or 0)
    shown:show(what, { done = done, total = #list, errors = failed })
  end
  shown:clear()
  return found, errs
end

-- Prints an error, with the place of its item in the input if there is one. Of the errors that
-- concern the server, only the first of each kind is printed.
local function complain(err, place, counts)
  counts[err.kind] = (counts[err.kind] or 0) + 1
  if is_general(err) and counts[err.kind] > 1 then return end
  local wrong = command.argument(err) or tostring(err)
  command.eprint("%s", place and ("%s: %s"):format(place, wrong) or wrong)
end

local function complain_of_rest(failures, counts)
  for _, err in ipairs(failures) do
    local more = is_general(err) and counts[err.kind] - 1 or 0
    counts[err.kind] = 1
    if more > 0 then command.eprint("%s: %d more", err.kind, more) end
  end
end

--- print(n, found, errs, args, options) -> exit status. Prints found[i] for i = 1 … n and a line
-- for each errs[i]; an item may have both. options: `bad`, input rows that could not be used;
-- `place`, place[i] says where item i came from ("file:3"); `fields`, the columns when --fields
-- names none.
function M.print(n, found, errs, args, options)
  local writer = printer(args, n, options.fields)
  local failures, good, reading, counts = {}, 0, true, {}
  for i = 1, n do
    if found[i] then reading = reading and writer:row(found[i]) ~= false end
    if found[i] and not errs[i] then
      good = good + 1
    elseif errs[i] then
      failures[#failures + 1] = errs[i]
      complain(errs[i], options.place and options.place[i], counts)
    end
  end
  complain_of_rest(failures, counts)
  if reading then writer:finish() end
  return status.of_many(failures, good, (options.bad or 0) + writer.lost)
end

--- waiter(client, args) -> a function for gather(): waits until the asset of that id is ready.
function M.waiter(client, args)
  local opts = { timeout = args.timeout, interval = args.interval }
  return function(id) return client.data_assets:wait_until_ready(id, opts) end
end

return M
