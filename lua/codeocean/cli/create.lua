--- The face of many creates: preview, question, progress, waiting, rows, a summary. Called by
-- `colua create`.
--
-- What must hold: nothing is sent before every request was checked and, on a terminal, somebody
-- agreed; however the run ends, each asset that was created is told with its id.

local command = require "codeocean.cli"
local core = require "codeocean.core"
local requests = require "codeocean.input.create_requests"
local rows = require "codeocean.cli.fetch"
local status = require "codeocean.cli.status"
local text = require "codeocean.output.text"

local M = {}

local has_signals, signals = pcall(require, "colua.signals")
signals = has_signals and signals or nil

local GRACE = 10                          -- seconds for what is under way when a signal comes
local EXAMPLES = 5
local SHOWN = { "name", "mount", "tags", "source" }       -- of a request that was not sent
local WAYS = { "created", "existed", "adopted", "would be created", "failed", "not sent" }

local function count(n, one)
  return ("%d %s%s"):format(n, one, n == 1 and "" or "s")
end

-- Asking -----------------------------------------------------------------------------------------

-- Where the files of a new asset come from, in a word.
local function source_word(params)
  local source = params.source or {}
  local bucket = source.aws or source.gcp
  if bucket then
    return ("%s://%s/%s"):format(source.aws and "s3" or "gs", bucket.bucket, bucket.prefix or "")
      .. (bucket.keep_on_external_storage and " (stays there)" or "")
  elseif source.computation then
    return "computation " .. tostring(source.computation.id)
  end
  return params.data_asset_ids and count(#params.data_asset_ids, "asset") .. " combined" or ""
end

local function example(params)
  local line = ("  + %s  [%s]  %s"):format(params.name, table.concat(params.tags, " "),
    source_word(params))
  return text.clip(text.escape(line), (core.columns(io.stderr) or 1000))
end

local function preview(client, list, options)
  command.note("create %s on %s:", count(#list, "asset"), client.host)
  for i = 1, math.min(EXAMPLES, #list) do command.note("%s", example(list[i])) end
  if #list > EXAMPLES then command.note("  … %d more", #list - EXAMPLES) end
  if options.bad > 0 then command.note("  %s refused, see above", count(options.bad, "row")) end
end

-- Whether the person at the terminal agrees; without one only --yes does.
local function agreed(client, list, args, options)
  if args.yes then return true end
  preview(client, list, options)
  if not (core.columns(io.stdin) and core.columns(io.stderr)) then
    command.note("nothing was created: there is no terminal to ask on, and no --yes")
    return false
  end
  io.stderr:write("Go on? [y/N] ")
  local answer = (io.stdin:read "l" or "\n"):lower()
  if answer:find "^%s*ye?s?%s*$" then return true end
  command.note("nothing was created")
  return false
end

-- Creating ---------------------------------------------------------------------------------------

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

-- Called between two items; requests under way get some seconds to end.
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

-- Puts the ready assets into the places of the drafts. One that is not ready keeps its place as it
-- was created, beside the error.
local function wait(client, n, found, errs, args)
  local places, ids = {}, {}
  for i = 1, n do
    if found[i] then places[#places + 1], ids[#ids + 1] = i, found[i].id end
  end
  local ready, failures = rows.gather(client, ids, "waiting", rows.waiter(client, args),
    { jobs = math.max(#ids, 1) })
  for k, i in ipairs(places) do found[i], errs[i] = ready[k] or found[i], failures[k] end
end

local function way_of(i, ways, errs)
  if ways[i] then return ways[i] end
  return errs[i] and errs[i].kind == "pending" and "not sent" or "failed"
end

local function summary(n, ways, errs, refused)
  local counts, words, unready = {}, {}, 0
  for i = 1, n do
    local way = way_of(i, ways, errs)
    counts[way] = (counts[way] or 0) + 1
    if ways[i] and errs[i] then unready = unready + 1 end
  end
  for _, way in ipairs(WAYS) do
    if counts[way] then words[#words + 1] = ("%d %s"):format(counts[way], way) end
  end
  if unready > 0 then words[#words + 1] = ("%d not ready"):format(unready) end
  if refused > 0 then words[#words + 1] = ("%d refused"):format(refused) end
  return table.concat(words, ", ")
end

local function tell(list, ways, errs, options)
  command.note("%s: %s", count(#list + options.bad, "request"),
    #list + options.bad > 0 and summary(#list, ways, errs, options.bad) or "nothing to do")
end

--- run(client, list, args, options) -> exit status. Creates what the requests in `list` say;
-- options as for codeocean.cli.fetch.print, with `ask` true where somebody is to agree first.
function M.run(client, list, args, options)
  local ways, dry = {}, args.dry_run or client.dry_run
  for _, line in ipairs(requests.repeated(list, options.place)) do command.note("%s", line) end
  if options.ask and not dry and #list > 0 and not agreed(client, list, args, options) then
    return status.refused
  end
  local found, errs, stopped = create(client, list, args, ways)
  if args.wait and not dry and not stopped then wait(client, #list, found, errs, args) end
  options.fields = dry and SHOWN or nil
  local code = rows.print(#list, found, errs, args, options)
  tell(list, ways, errs, options)
  return stopped and status.interrupted or code
end

return M
