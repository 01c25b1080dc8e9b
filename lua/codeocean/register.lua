--- The face of many creates: progress, waiting, rows, a summary.

local command = require "codeocean.command"
local requests = require "codeocean.requests"
local rows = require "codeocean.rows"

local M = {}

local SHOWN = { "name", "mount", "tags", "source" }       -- of a request that was not sent
local WAYS = { "created", "existed", "adopted", "would be created", "failed" }

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

-- Puts the ready assets into the places of the drafts.
local function wait(client, n, found, errs, args)
  local places, ids = {}, {}
  for i = 1, n do
    if found[i] then places[#places + 1], ids[#ids + 1] = i, found[i].id end
  end
  local ready, failures = rows.gather(client, ids, "waiting", rows.waiter(client, args),
    math.max(#ids, 1))
  for k, i in ipairs(places) do found[i], errs[i] = ready[k], failures[k] end
end

local function summary(n, ways, errs, refused)
  local counts, words = {}, {}
  for i = 1, n do
    local way = errs[i] and "failed" or ways[i]
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
  local found, errs = rows.gather(client, list, "creating", creator(client, args, ways), args.jobs)
  if args.wait and not dry then wait(client, #list, found, errs, args) end
  options.fields = dry and SHOWN or nil
  local code = rows.print(#list, found, errs, args, options)
  local n = #list + options.bad
  command.note("%d %s: %s", n, n == 1 and "request" or "requests",
    n > 0 and summary(#list, ways, errs, options.bad) or "nothing to do")
  return code
end

return M
