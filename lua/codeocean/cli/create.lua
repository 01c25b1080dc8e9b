--- The face of many creates: progress, waiting, rows, a summary.

local command = require "codeocean.cli"
local core = require "codeocean.core"
local requests = require "codeocean.input.create_requests"
local rows = require "codeocean.cli.fetch"

local M = {}

local has_signals, signals = pcall(require, "colua.signals")
signals = has_signals and signals or nil

local GRACE = 10                          -- seconds for what is under way when a signal comes
local SHOWN = { "name", "mount", "tags", "source" }       -- of a request that was not sent
local WAYS = { "created", "existed", "adopted", "would be created", "failed", "not sent" }

-- The asset, or in a dry run the request; ways[i] tells how it came.
local function creator(client, args, ways)
  local opts = { unless_exists = args.unless_exists }
  return function(params, i)
    local asset, problem = client.data_assets:create(params, opts)
    if asset then ways[i] = problem or "created" end
    if asset or problem.kind ~= "dry_run" then return asset, problem end
    ways[i] = "would be created"
    return requests.shown(params)
  end
end

-- Asked between two items; requests under way get some seconds to end.
local function interruption(client)
  local since
  return function()
    if not (signals and signals.came()) then return nil end
    since = since or core.now()
    if core.now() - since > GRACE then client:cancel() end
    return "interrupted"
  end
end

-- A signal ends it in good order: what was created is told in any case.
local function create(client, list, args, ways)
  local poll = interruption(client)
  if signals then signals.catch() end
  local found, errs = rows.gather(client, list, "creating", creator(client, args, ways),
    { jobs = args.jobs, poll = poll })
  local stopped = poll()
  if signals then signals.release() end
  return found, errs, stopped
end

-- Puts the ready assets into the places of the drafts.
local function wait(client, n, found, errs, args)
  local places, ids = {}, {}
  for i = 1, n do
    if found[i] then places[#places + 1], ids[#ids + 1] = i, found[i].id end
  end
  local ready, failures = rows.gather(client, ids, "waiting", rows.waiter(client, args),
    { jobs = math.max(#ids, 1) })
  for k, i in ipairs(places) do found[i], errs[i] = ready[k], failures[k] end
end

local function summary(n, ways, errs, refused)
  local counts, words = {}, {}
  for i = 1, n do
    local way = errs[i] and (errs[i].kind == "pending" and "not sent" or "failed") or ways[i]
    counts[way] = (counts[way] or 0) + 1
  end
  for _, way in ipairs(WAYS) do
    if counts[way] then words[#words + 1] = ("%d %s"):format(counts[way], way) end
  end
  if refused > 0 then words[#words + 1] = ("%d refused"):format(refused) end
  return table.concat(words, ", ")
end

--- run(client, list, args, options) -> exit status. Creates what the requests in `list` say;
-- options as for rows.print.
function M.run(client, list, args, options)
  local ways, dry = {}, args.dry_run or client.dry_run
  local found, errs, stopped = create(client, list, args, ways)
  if args.wait and not dry and not stopped then wait(client, #list, found, errs, args) end
  options.fields = dry and SHOWN or nil
  local code = rows.print(#list, found, errs, args, options)
  local n = #list + options.bad
  command.note("%d %s: %s", n, n == 1 and "request" or "requests",
    n > 0 and summary(#list, ways, errs, options.bad) or "nothing to do")
  return stopped and command.status.interrupted or code
end

return M
