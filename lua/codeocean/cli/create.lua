--- The user interface of a run that creates assets: preview, question, progress, waiting, rows, a
-- summary. Called by `colua create` and `colua resume`.
--
-- What must hold: nothing is sent before every request was checked and, on a terminal, somebody
-- agreed; however the run ends, the id of each asset that was created is printed.

local bulk = require "codeocean.cli.bulk"
local command = require "codeocean.cli"
local confirmation = require "codeocean.cli.confirmation"
local core = require "codeocean.core"
local creates = require "codeocean.bulk.journal.creates"
local earlier = require "codeocean.bulk.journal.earlier_creates"
local errors = require "codeocean.error"
local format = require "codeocean.output.format"
local journals = require "codeocean.bulk.journal"
local permissions = require "codeocean.assets.permissions"
local report = require "codeocean.output.report"
local requests = require "codeocean.input.create_requests"
local rows = require "codeocean.cli.fetch"
local status = require "codeocean.cli.status"
local text = require "codeocean.text"

local M = {}

local has_signals, signals = pcall(require, "colua.signals")
signals = has_signals and signals or nil

local GRACE = 10                          -- seconds for what is under way when a signal comes
local EXAMPLES = 5
local SHOWN = { "name", "mount", "tags", "source" }       -- of a request that was not sent
local SHARING = { get_permissions = true, set_permissions = true, share = true }
local WAYS = { "created", "existed", "adopted", "would be created", "failed", "not sent" }

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
  local combined = params.data_asset_ids
  return combined and report.count(#combined, "asset") .. " combined" or ""
end

local function example(params)
  local line = ("  + %s  [%s]  %s"):format(params.name, table.concat(params.tags, " "),
    source_word(params))
  return text.clip(text.escape(line), core.columns(io.stderr) or 1000)
end

local function preview(client, list, args, options)
  local lines = { ("create %s on %s:"):format(report.count(#list, "asset"),
    format.deployment(client.host, client.profile)) }
  for i = 1, math.min(EXAMPLES, #list) do lines[#lines + 1] = example(list[i]) end
  if #list > EXAMPLES then lines[#lines + 1] = ("  … %d more"):format(#list - EXAMPLES) end
  for _, line in ipairs(args.share and permissions.lines(args.share) or {}) do
    lines[#lines + 1] = "  then share: " .. line
  end
  if options.bad > 0 then
    lines[#lines + 1] = ("  %s refused, see above"):format(report.count(options.bad, "row"))
  end
  return lines
end

local function agreed(client, list, args, options)
  if args.yes or not options.needs_confirmation or #list == 0 then return true end
  local plan = { action = "create", count = #list }
  return confirmation.confirm(plan, preview(client, list, args, options))
end

-- Checking ---------------------------------------------------------------------------------------

local function with_metadata(params, data)
  local own = setmetatable({}, getmetatable(params))
  for name, value in pairs(params) do own[name] = value end
  own.custom_metadata = data
  return own
end

-- The request with its custom metadata in the types of the schema; or nil, err.
local function fitted(schema, params, is_sheet)
  local data = params.custom_metadata or {}
  if is_sheet then data = schema:of_cells(data) end
  local own, err = schema:checked_whole(data)
  if not own then return nil, err end
  return params.custom_metadata and with_metadata(params, own) or params
end

--- fitting(client, list, places, is_sheet) -> the requests, and their places, whose custom metadata
-- the deployment's schema accepts; and how many it refuses, each of which was reported. list,
-- places, is_sheet: as create_requests.read gives them; a request from options has no place.
function M.fitting(client, list, places, is_sheet)
  if #list == 0 then return list, places, 0 end
  local loaded, problem = client.schema:load()
  if not loaded then error(problem, 0) end
  local good, good_places = {}, {}
  for i, params in ipairs(list) do
    local own, err = fitted(client.schema, params, is_sheet)
    if err then
      local place = places[i] and places[i] .. ": " or ""
      command.eprint("%s%s: %s", place, text.escape(params.name), err.message)
    else
      good[#good + 1], good_places[#good + 1] = own, places[i]
    end
  end
  return good, good_places, #list - #good
end

-- Creating ---------------------------------------------------------------------------------------

-- The error for requests whose assets an interrupted run may have created already, or nil.
local function overlap(client, list, args)
  if args.unless_exists then return nil end
  local path, count, first = earlier.overlap(client, list, earlier.paths())
  if not path then return nil end
  return errors.refused("%s (%s) may have been created by the run %s, which was interrupted: colua "
    .. "resume %s finishes that one, --unless-exists takes what is there",
    report.count(count, "request"), count == 1 and text.escape(first)
    or "the first is " .. text.escape(first), bulk.called(path), bulk.called(path))
end

-- The journal to resume: options.resume, or that of an interrupted run of the same requests.
local function journal_to_resume(client, list, args, options)
  if options.resume or not options.needs_confirmation or args.journal then return options.resume end
  return earlier.unfinished(client, list, earlier.paths())
end

local function new_run(client, list, args, options)
  local refusal = overlap(client, list, args)
  if refusal then error(refusal, 0) end
  if not agreed(client, list, args, options) then return nil end
  local run, err = creates.begin(client, list, { unless_exists = args.unless_exists,
    share = args.share, journal = args.journal, note = args.note })
  if run and args.journal then earlier.remember(run.path) end
  return run, err
end

-- The run with its journal: an interrupted one, or a new one. nil if the person at the terminal
-- does not agree.
local function begin(client, list, args, options)
  local path = journal_to_resume(client, list, args, options)
  local run, err
  if path then
    command.eprint("resumes the run %s, which was interrupted", bulk.called(path))
    run, err = creates.resume(client, path, not options.resume and list or nil)
  else
    run, err = new_run(client, list, args, options)
  end
  if err then error(err, 0) end
  return run
end

-- The interrupted run whose rest a dry run shows; nil if the real run would be a new one.
local function interrupted_run(client, list, args, options)
  local path = #list > 0 and journal_to_resume(client, list, args, options)
  if not path then return nil end
  local run, err = creates.resume(client, path, not options.resume and list or nil, true)
  if not run then error(err, 0) end
  run.commit:stop()
  return run
end

-- The function that a dry run calls for each request. It gives the request in place of an asset,
-- and sets ways[i] to one of WAYS.
local function rehearsal(client, args, ways, interrupted)
  local opts = interrupted and interrupted.opts or { unless_exists = args.unless_exists }
  return function(params, i)
    if interrupted then
      local asset, how = interrupted:earlier(i)
      if asset then ways[i] = how end
      if asset or how then return asset, how end
    end
    local asset, problem = client.data_assets:create(params, opts)
    if asset then ways[i] = problem or "created" end
    if asset or problem.kind ~= "dry_run" then return asset, problem end
    ways[i] = "would be created"
    return requests.shown(params)
  end
end

local function creator(run, ways)
  return function(_, i)
    local asset, how = run:create(i)
    if not asset then return nil, how end
    ways[i] = how
    return asset
  end
end

-- The `poll` of client:each_done. After a signal it starts no more requests, and gives those under
-- way some seconds to end.
local function interruption(client)
  local since
  return function()
    if not (signals and signals.came()) then return nil end
    since = since or core.now()
    client.engine:cancel_harmless() -- a create that has left is waited for
    if core.now() - since > GRACE then client:cancel() end
    return "interrupted"
  end
end

-- Creates the assets. After a signal no more are created; those created are still returned.
local function create(client, list, fn, args)
  local poll = interruption(client)
  if signals then signals.catch() end
  local found, errs = rows.gather(client, list, "creating", fn, { jobs = args.jobs, poll = poll })
  local stopped = poll()
  if signals then signals.release() end
  return found, errs, stopped
end

local NEW = { created = true, adopted = true }

-- Shares the new assets, also those that the interrupted run created. An asset that could not be
-- shared stays in `found`, with its error in `errs`. Returns whether all were shared.
local function share(client, changes, n, found, errs, ways, args)
  local places, ids = {}, {}
  for i = 1, n do
    if found[i] and NEW[ways[i]] then places[#places + 1], ids[#ids + 1] = i, found[i].id end
  end
  local function fn(id) return client.data_assets:share(id, changes) end
  local _, failures = rows.gather(client, ids, "sharing", fn, { jobs = args.jobs,
    poll = interruption(client) })
  for k, i in ipairs(places) do errs[i] = failures[k] or errs[i] end
  return next(failures) == nil
end

-- Waits for the assets, and replaces the drafts in `found` by the ready assets. A draft that does
-- not become ready stays in `found`, with its error in `errs`.
local function wait(client, n, found, errs, args)
  local places, ids = {}, {}
  for i = 1, n do
    if found[i] then places[#places + 1], ids[#ids + 1] = i, found[i].id end
  end
  local ready, failures = rows.gather(client, ids, "waiting", rows.waiter(client, args),
    { jobs = math.max(#ids, 1) })
  for k, i in ipairs(places) do
    found[i], errs[i] = ready[k] or found[i], failures[k] or errs[i]
  end
end

local function way_of(i, ways, errs)
  if ways[i] then return ways[i] end
  local err = errs[i] or {}
  local held = err.kind == "cancelled" or err.kind == "throttled"
  local unsent = err.kind == "pending" or held and err.outcome == "not_sent"
  return unsent and "not sent" or "failed"
end

local function summary(n, ways, errs, refused)
  local counts, words, unready, unshared = {}, {}, 0, 0
  for i = 1, n do
    local way = way_of(i, ways, errs)
    counts[way] = (counts[way] or 0) + 1
    local operation = ways[i] and errs[i] and errs[i].operation
    if operation and SHARING[operation] then
      unshared = unshared + 1
    elseif operation then
      unready = unready + 1
    end
  end
  for _, way in ipairs(WAYS) do
    if counts[way] then words[#words + 1] = ("%d %s"):format(counts[way], way) end
  end
  if unready > 0 then words[#words + 1] = ("%d not ready"):format(unready) end
  if unshared > 0 then words[#words + 1] = ("%d not shared"):format(unshared) end
  if refused > 0 then words[#words + 1] = ("%d refused"):format(refused) end
  return table.concat(words, ", ")
end

local function print_result(list, ways, errs, options)
  command.eprint("%s: %s", report.count(#list + options.bad, "request"),
    #list + options.bad > 0 and summary(#list, ways, errs, options.bad) or "nothing to do")
end

-- Whether a resume has something to do: requests that were not sent, or whose answer was lost.
local function is_open(errs, ways)
  for i, err in pairs(errs) do
    local lost = not ways[i] and err.outcome == "unknown"
    if lost or way_of(i, ways, errs) == "not sent" then return true end
  end
  return false
end

-- Ends the run and names the command that resumes it, or its journal. `left`: the run was
-- interrupted, or an asset was not shared.
local function conclude(run, left, errs, ways)
  if not run then return end
  local ended, err = run:finish(left)
  if not ended then command.eprint("%s", tostring(err)) end
  if left or is_open(errs, ways) then
    command.eprint("colua resume %s goes on", bulk.called(run.path))
  elseif next(ways) then
    command.eprint("journal: %s", run.path)
  end
end

--- run(client, list, args, options) -> exit status. Creates what the requests in `list` say, with a
-- journal. options as for codeocean.cli.fetch.print, with `needs_confirmation` where somebody is to
-- agree first.
function M.run(client, list, args, options)
  local ways, dry = {}, args.dry_run or client.dry_run
  local repeated = options.resume and {} or requests.repeated(list, options.place)
  for _, line in ipairs(repeated) do command.eprint("%s", line) end
  local run = not dry and #list > 0 and begin(client, list, args, options) or nil
  if not run and not dry and #list > 0 then return status.refused end
  local interrupted = dry and interrupted_run(client, list, args, options) or nil
  local refusal = dry and not interrupted and #list > 0
    and (overlap(client, list, args) or journals.problem(args.journal))
  local fn = run and creator(run, ways) or rehearsal(client, args, ways, interrupted)
  local found, errs, stopped = create(client, list, fn, args)
  local shared = true
  if run and run.share and not stopped then
    shared = share(client, run.share, #list, found, errs, ways, args)
  end
  if args.wait and not dry and not stopped then wait(client, #list, found, errs, args) end
  options.fields = dry and SHOWN or nil
  local code = rows.print(#list, found, errs, args, options)
  print_result(list, ways, errs, options)
  conclude(run, stopped or not shared, errs, ways)
  if refusal then command.eprint("the run itself would be refused: %s", refusal.message) end
  return stopped and status.interrupted or refusal and status.refused or code
end

--- resume(client, path, args) -> exit status. Goes on with a run of creates from its journal alone.
function M.resume(client, path, args)
  local list, err = creates.requests(path)
  if not list then error(err, 0) end
  return M.run(client, list, args, { bad = 0, place = {}, resume = path })
end

return M
