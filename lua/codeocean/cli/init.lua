--- The frame of a command: its arguments, a client, rows on standard output, the rest on standard
-- error, an exit status.

local clients = require "codeocean.client"
local core = require "codeocean.core"
local texts = require "codeocean.text"
local errors = require "codeocean.error"
local id_forms = require "codeocean.input.id"
local ids = require "codeocean.ids"
local listings = require "codeocean.cli.listing"
local name_lists = require "codeocean.input.names"
local by_name = require "codeocean.cli.names"
local options = require "codeocean.cli.options"
local progress = require "codeocean.cli.progress"
local query = require "codeocean.assets.query"
local row_writers = require "codeocean.cli.rows"
local status = require "codeocean.cli.status"
local usage = require "codeocean.cli.usage"

local M = { status = status }

--- note(format, …): a line on standard error, with no secret in it and nothing that a terminal
-- would obey.
function M.note(form, ...)
  io.stderr:write(errors.clean(form:format(...)), "\n")
end

--- write(bytes): to standard output as they are, at once. Raises an error of kind `output` if they
-- cannot be.
function M.write(bytes)
  local ok, problem = io.stdout:write(bytes)
  if ok then ok, problem = io.stdout:flush() end
  if not ok then error(errors.new { kind = "output", message = problem }, 0) end
end

--- print(format, …): a line on standard output; raises as write() does.
function M.print(form, ...) M.write(form:format(...) .. "\n") end

--- Says, once, what its user should know of the settings that a client was made from.
function M.warn(client)
  if client.warning then M.note("warning: %s", client.warning) end
  client.warning = nil
end

--- Ends a command with a line about its arguments, and status 2.
function M.usage_error(form, ...)
  error({ usage = form:format(...) }, 0)
end

-- Rows -------------------------------------------------------------------------------------------

--- format(args) -> the format that the options ask for; see codeocean.cli.rows.
M.format = row_writers.format

--- keeps(args, asset) -> whether --where lets the asset pass.
function M.keeps(args, asset)
  if not args.where then return true end
  local ok, result = pcall(args.where, asset)
  if ok then return result and true or false end
  if errors.is_interrupt(result) then error(result, 0) end
  M.usage_error("--where: %s", result)
end

--- assets(client, args [, more]) -> iterator over the assets that the search parameters and --where
-- select. `more`: parameters of the search besides, `limit` and `fields`, which count before
-- --where and are left out with it. A failure is raised.
function M.assets(client, args, more)
  local params = M.search_params(args) or {}
  for name, value in pairs(not args.where and more or {}) do params[name] = value end
  local next_asset, found = client.data_assets:each(params), false
  return function()
    local asset = next_asset()
    if not asset and not found then M.note_nothing(args) end
    found = true
    while asset and not M.keeps(args, asset) do asset = next_asset() end
    return asset
  end
end

--- Says why a search perhaps found nothing, if its query tells.
function M.note_nothing(args)
  local hint = args.query and query.hint_for_nothing(args.query)
  if hint then M.note("%s", hint) end
end

--- follow(client, args, phase) -> codeocean.cli.progress of the client's searches; where the rows
-- themselves appear on a terminal it shows nothing. To be held in a <close> variable.
function M.follow(client, args, phase)
  local on_terminal = not args.output and core.columns(io.stdout)
  return on_terminal and progress.new(client) or progress.of_searches(client, phase)
end

--- writer(args [, fields]) -> an object with row() and finish() (codeocean.cli.rows), to be held in
-- a <close> variable where there is an --output. `fields` are the columns when --fields names none.
function M.writer(args, fields)
  local writer, problem = row_writers.open(args, fields, M.note)
  if not writer then M.usage_error("--output: %s", problem) end
  return writer
end

-- Ids --------------------------------------------------------------------------------------------

-- The id in the listing just shown that begins with this word, or nil; `host` as args.host.
local function from_listing(word, host)
  local id, count = listings.find(word, host)
  if count > 1 then
    M.usage_error("%d ids of the listing just shown begin with %s", count, texts.escape(word))
  end
  return id
end

-- An id may be pasted as the address of its asset, or be the beginning of one just shown; several
-- may stand in one argument.
local function from_arguments(args)
  local list = {}
  for _, word in ipairs(args.id) do
    local found = id_forms.list(word) or { from_listing(word, args.host) }
    if #found == 0 then
      local words = word:find "^[%a ]+$"
      M.usage_error("%s%s", id_forms.problem(texts.escape(word)),
        words and ("; did you mean --by-name or --query %s?"):format(usage.quoted(word)) or "")
    end
    table.move(found, 1, #found, #list + 1, list)
  end
  return list
end

--- id(word, host) -> the id that an argument is; ends the command when it is none, or several.
-- host: args.host.
function M.id(word, host)
  local list = from_arguments { id = { word }, host = host }
  if #list > 1 then M.usage_error("one id expected, got %d", #list) end
  return list[1]
end

-- The ids of the assets whose names stand in the arguments or in the file.
local function from_names(args, client)
  local items, complaints = {}, {}
  for i, name in ipairs(args.id) do items[i] = { key = name } end
  if args.ids then
    items, complaints = name_lists.load(args.ids, args.column)
    if not items then M.usage_error("%s", complaints) end
  end
  for _, complaint in ipairs(complaints) do M.note("%s", complaint.message) end
  local found, unknown = by_name.resolve(client, items)
  for _, line in ipairs(unknown) do M.note("%s", line) end
  local list = {}
  for i, item in ipairs(found) do list[i] = item.key end
  return list, #unknown + #complaints
end

local function from_file(args)
  local rows, complaints = ids.load(args.ids, { column = args.column })
  if not rows and ids.parse(args.ids) then
    M.usage_error("--ids names a file of ids; give an id without --ids: %s",
      usage.quoted(args.ids))
  elseif not rows then
    M.usage_error("%s", complaints)
  end
  for _, complaint in ipairs(complaints) do M.note("%s", complaint.message) end
  local list = {}
  for i, row in ipairs(rows) do list[i] = row.id end
  return list, #complaints
end

--- search_params(args) -> the search parameters that were given, or nil if none was. What is odd
-- about the query is said on standard error.
function M.search_params(args)
  local params = { query = args.query }
  if args.filter and #args.filter > 0 then params.filters = args.filter end
  for _, row in ipairs(options.SEARCH) do params[row[1]] = args[row[1]] end
  local hint = args.query and query.hint(args.query)
  if hint then M.note("%s", hint) end
  return next(params) ~= nil and params or nil
end

local function check_ways(args, params)
  local ways = (#args.id > 0 and 1 or 0) + (args.ids and 1 or 0) + (params and 1 or 0)
  if ways == 0 and not args.all and not args.where then
    M.usage_error("which assets? give ids, --ids FILE, --query, --where or --all")
  elseif ways > 1 or ways == 1 and args.all and not params then
    M.usage_error("ids, --ids and a search exclude each other")
  end
  if args.column and not args.ids then M.usage_error("--column belongs to --ids") end
  if args.by_name and #args.id == 0 and not args.ids then
    M.usage_error("--by-name belongs to names as arguments or in --ids FILE")
  end
end

--- selection(args, client) -> what a command works on: {ids = list} or {select = parameters, all =
-- whether --all was given}, with `limit`; and the number of input rows that were no id (each was
-- named on standard error).
function M.selection(args, client)
  if #args.id == 1 and args.id[1] == "-" then args.id, args.ids = {}, args.ids or "-" end
  local params = M.search_params(args)
  check_ways(args, params)
  if params or #args.id == 0 and not args.ids then
    return { select = params or {}, all = args.all, limit = args.limit }, 0
  end
  if not args.ids and not args.by_name then
    return { ids = from_arguments(args), limit = args.limit }, 0
  end
  local list, bad = (args.by_name and from_names or from_file)(args, client)
  return { ids = list, limit = args.limit }, bad
end

-- Of these ids those whose asset --where lets pass; one that cannot be read stays, for the
-- command to say so.
local function kept_ids(client, args, list)
  if not args.where then return list end
  local function keeps(id)
    local asset = client.data_assets:get(id)
    return not asset or M.keeps(args, asset)
  end
  local kept, results, errs = {}, client:map(list, keeps, { jobs = args.jobs })
  for i, id in ipairs(list) do
    if errs[i] then error(errs[i], 0) end
    if results[i] then kept[#kept + 1] = id end
  end
  return kept
end

local function found_ids(client, args)
  local list = {}
  local shown <close> = progress.of_searches(client, "selecting")
  for asset in M.assets(client, args, { fields = { "id" }, limit = args.limit }) do
    list[#list + 1] = asset.id
    if #list == args.limit then break end
  end
  shown:clear()
  return list
end

--- ids(client, args) -> the ids of a selection as a list, of a search those it finds; as above.
function M.ids(client, args)
  local selection, bad = M.selection(args, client)
  if not selection.ids then return found_ids(client, args), bad end
  local list = kept_ids(client, args, selection.ids)
  return table.move(list, 1, math.min(args.limit or math.huge, #list), 1, {}), bad
end

-- Running ----------------------------------------------------------------------------------------

--- parser(name, about [, words, examples]) -> a parser for `colua NAME`; `words` are what stands
-- behind the name, "[options]" unless told.
function M.parser(name, about, words, examples)
  return options.parser(("colua %s %s"):format(name, words or "[options]"), about, examples)
end

--- What the library has against an argument, out of the error it raised; nil for other errors. (A
-- task makes errors of kind `script` out of what it raises.)
function M.argument(problem)
  local text = errors.is(problem) and problem.kind == "script" and problem.message or problem
  return type(text) == "string" and text:match("bad argument '[^\n]*") or nil
end

-- A mistake in a program, not in what it was given: its traceback, once.
local Fault = { __tostring = function(fault) return fault.text end }

local function traced(problem)
  if type(problem) ~= "string" or M.argument(problem) then return problem end
  return setmetatable({ text = debug.traceback(problem, 2) }, Fault)
end

-- What the library has against a parameter of a search or of a run, as of the option that gave it.
local OF_OPTIONS = { search = true, ["bulk.run"] = true }

local function of_option(complaint)
  local name, called, reason =
    complaint:match "^bad argument '([%l_]+)[^']*' to '([%l._]+)' %((.*)%)$"
  if not OF_OPTIONS[called] then return complaint end
  return ("--%s: %s"):format(name:gsub("_", "-"):gsub("^filters$", "filter"), reason)
end

local function explain(name, problem)
  local complaint = M.argument(problem)
  local wrong = type(problem) == "table" and problem.usage or complaint and of_option(complaint)
  if wrong then
    M.note("%s: %s (see %s --help)", name, wrong, name)
    return status.usage
  end
  if not errors.is(problem) then error(problem, 0) end
  M.note("%s: %s", name, tostring(problem))
  return status.of_error(problem)
end

local function check_words(parser, args)
  if args.words and #args.words > 0 then
    M.usage_error("%s", usage.of_words(parser, args.words))
  end
end

-- Whether the arguments asked for the names of fields, which are printed then.
local function answer_fields(parser, args)
  local names = options.asked_fields(parser, args)
  if names then
    M.print("%s", table.concat(names, "\n"))
    return true
  end
  local problem = options.fields_problem(parser, args)
  if problem then M.usage_error("%s", problem) end
end

--- Parses the arguments in `arg` and calls body(args); returns the exit status that it returns
-- (nil: 0). What is wrong with the arguments, and a failure of the world, is one line.
function M.run_as(name, parser, body)
  local hyphen = usage.one_hyphen(parser, arg)
  if hyphen then return explain(name, { usage = hyphen }) end
  local parsed, args = parser:pparse(arg)
  if not parsed then return explain(name, { usage = usage.explain(parser, args) }) end
  local ok, result = xpcall(function()
    check_words(parser, args)
    if not answer_fields(parser, args) then return body(args) end
  end, traced)
  if ok then return result or status.done end
  return explain(name, result)
end

--- The same for `colua NAME`, with a client made from the options: body(client, args), where
-- args.host is the client's. A command that works without one says so by `without_client`; its body
-- gets nil.
function M.run(name, parser, body, without_client)
  return M.run_as("colua " .. name, parser, function(args)
    if without_client then return body(nil, args) end
    local client <close>, err = clients.new {
      dry_run = args.dry_run or nil, rate = args.rate, jobs = args.jobs }
    if not client then error(err, 0) end
    M.warn(client)
    args.host = client.host
    return body(client, args)
  end)
end

-- What scripts need of the terminal and of the options.
M.columns = core.columns
M.whole, M.positive = options.whole, options.positive

return M
