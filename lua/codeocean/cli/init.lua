--- What every command has: its arguments, a client, rows on standard output, messages on standard
-- error, an exit status. Called by scripts/ and the other modules of cli/. What must hold: a wrong
-- argument ends the command before any request, with one line and status 2.

local clients = require "codeocean.client"
local core = require "codeocean.core"
local dates = require "codeocean.output.dates"
local texts = require "codeocean.text"
local errors = require "codeocean.error"
local filters = require "codeocean.cli.filter"
local id_forms = require "codeocean.input.id"
local ids = require "codeocean.ids"
local short_ids = require "codeocean.cli.short_ids"
local name_lists = require "codeocean.input.names"
local by_name = require "codeocean.cli.by_name"
local options = require "codeocean.cli.options"
local provenance = require "codeocean.bulk.provenance"
local progress = require "codeocean.cli.progress"
local query = require "codeocean.assets.query"
local outputs = require "codeocean.cli.output"
local status = require "codeocean.cli.status"
local usage = require "codeocean.cli.usage"

local M = { status = status }

--- eprint(format, …): prints a line on standard error, without secrets and without characters that
-- a terminal would obey.
function M.eprint(form, ...)
  io.stderr:write(errors.clean(form:format(...)), "\n")
end

--- write(bytes): writes the bytes to standard output and flushes. Raises an error of kind `output`
-- if that fails.
function M.write(bytes)
  local ok, problem = io.stdout:write(bytes)
  if ok then ok, problem = io.stdout:flush() end
  if not ok then error(errors.new { kind = "output", message = problem }, 0) end
end

--- print(format, …): a line on standard output; raises as write() does.
function M.print(form, ...) M.write(form:format(...) .. "\n") end

--- warn(client): prints the warning about the client's settings, if there is one, once.
function M.warn(client)
  if client.warning then M.eprint("warning: %s", client.warning) end
  client.warning = nil
end

--- usage_error(format, …): ends the command with a line about its arguments, and status 2.
function M.usage_error(form, ...)
  error({ usage = form:format(...) }, 0)
end

-- Rows -------------------------------------------------------------------------------------------

--- format(args) -> the format that the options ask for; see codeocean.cli.output.
M.format = outputs.format

--- passes_where(args, asset) -> whether --where holds for the asset; true without --where.
function M.passes_where(args, asset)
  if not args.where then return true end
  local ok, result = pcall(args.where, asset)
  if ok then return result and true or false end
  if errors.is_interrupt(result) then error(result, 0) end
  M.usage_error("--where: %s", result)
end

--- assets(client, args [, more]) -> iterator over the assets that the search parameters and --where
-- select, at most more.limit of them. more.fields: the fields to read; not used with --where, which
-- needs all. Raises a failure of the search.
function M.assets(client, args, more)
  local params, left = M.search_params(args) or {}, more and more.limit or math.huge
  for name, value in pairs(not args.where and more or {}) do params[name] = value end
  local next_asset, found = client.data_assets:each(params), false
  return function()
    if left == 0 then return nil end
    local asset = next_asset()
    if not asset and not found then M.explain_empty_result(client, args) end
    found, left = true, left - 1
    while asset and not M.passes_where(args, asset) do asset = next_asset() end
    return asset
  end
end

-- The hint about the filters, or nil. Reads the schema; without one, only the names of the API's
-- own fields are checked.
local function hint_of_filters(client, args)
  if not (args.filter and args.filter[1]) then return nil end
  client.schema:load()
  return filters.hint_for_nothing(args.filter, client.schema.fields)
end

--- explain_empty_result(client, args): prints a hint why the search found nothing, if its query or
-- its filters show a reason.
function M.explain_empty_result(client, args)
  local hint = args.query and query.hint_for_nothing(args.query) or hint_of_filters(client, args)
  if hint then M.eprint("%s", hint) end
end

--- follow(client, args, phase) -> codeocean.cli.progress of the client's searches. Shows nothing if
-- the rows go to a terminal. Hold it in a <close> variable.
function M.follow(client, args, phase)
  local on_terminal = not args.output and core.columns(io.stdout)
  return on_terminal and progress.new(client) or progress.of_searches(client, phase)
end

--- writer(args [, fields]) -> an object with row() and finish() (codeocean.cli.output). Hold it in
-- a <close> variable if the command has --output. `fields`: the columns when --fields names none.
function M.writer(args, fields)
  local writer, problem = outputs.open(args, fields, M.eprint)
  if not writer then M.usage_error("--output: %s", problem) end
  return writer
end

-- Ids --------------------------------------------------------------------------------------------

-- The id in the listing just shown that begins with this word, or nil; `host` as args.host.
local function from_short_id(word, host)
  local id, count = short_ids.find(word, host)
  if count > 1 then
    M.usage_error("%d ids of the listing just shown begin with %s", count, texts.escape(word))
  end
  return id
end

-- The ids in the arguments. An argument holds one id or several; in place of an id, the address of
-- its asset or the beginning of an id just shown.
local function from_arguments(args)
  local list = {}
  for _, word in ipairs(args.id) do
    local found = id_forms.list(word) or { from_short_id(word, args.host) }
    if #found == 0 then
      M.usage_error("%s%s", id_forms.problem(texts.escape(word)),
        args.selects ~= false and usage.of_no_id(word) or "")
    end
    table.move(found, 1, #found, #list + 1, list)
  end
  return list
end

--- id(word, host) -> the id that an argument is; ends the command when it is none, or several.
-- host: args.host.
function M.id(word, host)
  local list = from_arguments { id = { word }, host = host, selects = false }
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
  for _, complaint in ipairs(complaints) do M.eprint("%s", complaint.message) end
  local found, unknown = by_name.resolve(client, items)
  for _, line in ipairs(unknown) do M.eprint("%s", line) end
  local list = {}
  for i, item in ipairs(found) do list[i] = item.key end
  return list, #unknown + #complaints
end

local function from_file(args)
  local rows, complaints = ids.load(args.ids, { column = args.column })
  if not rows and id_forms.list(args.ids) then
    M.usage_error("--ids names a file of ids; give an id without --ids: %s",
      usage.quoted(args.ids))
  elseif not rows then
    M.usage_error("%s", complaints)
  end
  for _, complaint in ipairs(complaints) do M.eprint("%s", complaint.message) end
  local list = {}
  for i, row in ipairs(rows) do list[i] = row.id end
  return list, #complaints
end

-- Refuses a blank query, most likely an unset variable of the shell: a command that reads the
-- listing would change every asset.
local function check_query(args)
  if not args.query or args.all or not query.is_blank(args.query) then return end
  M.usage_error("--query is blank, which would select every asset; %s",
    args.id and "--all says so" or "leave it out to list them all")
end

--- search_params(args) -> the search parameters that were given, or nil if none was; ends the
-- command for a blank query without --all. Prints a hint if the query looks wrong.
function M.search_params(args)
  check_query(args)
  local params = { query = args.query }
  if args.filter and #args.filter > 0 then params.filters = args.filter end
  for _, row in ipairs(options.SEARCH) do params[row[1]] = args[row[1]] end
  local hint = args.query and query.hint(args.query)
  if hint then M.eprint("%s", hint) end
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
-- whether --all was given}, with `limit`; and the number of input rows that are not ids (each was
-- reported on standard error).
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

-- The ids whose asset passes --where. An id whose asset cannot be read stays, so that the command
-- reports it.
local function ids_where(client, args, list)
  if not args.where then return list end
  local function passes(id)
    local asset = client.data_assets:get(id)
    return not asset or M.passes_where(args, asset)
  end
  local kept, results, errs = {}, client:map(list, passes, { jobs = args.jobs })
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
  end
  shown:clear()
  return list
end

--- ids(client, args) -> the ids of the selection as a list (for a search, those it finds); and the
-- number of bad input rows, as selection() gives it.
function M.ids(client, args)
  local selection, bad = M.selection(args, client)
  if not selection.ids then return found_ids(client, args), bad end
  local list = ids_where(client, args, selection.ids)
  return table.move(list, 1, math.min(args.limit or math.huge, #list), 1, {}), bad
end

-- Running ----------------------------------------------------------------------------------------

--- parser(name, about [, words, examples]) -> a parser for `colua NAME`. `words` follow the name in
-- the usage line; the default is "[options]".
function M.parser(name, about, words, examples)
  return options.parser(("colua %s %s"):format(name, words or "[options]"), about, examples)
end

--- argument(problem) -> the library's complaint about an argument, from an error that was raised;
-- nil for other errors. (In a task a raised error becomes an error of kind `script`.)
function M.argument(problem)
  local text = errors.is(problem) and problem.kind == "script" and problem.message or problem
  return type(text) == "string" and text:match("bad argument '[^\n]*") or nil
end

-- A mistake in this program, not in its arguments: shown once with a traceback.
local Fault = { __tostring = function(fault) return fault.text end }

local function traced(problem)
  if type(problem) ~= "string" or M.argument(problem) then return problem end
  return setmetatable({ text = debug.traceback(problem, 2) }, Fault)
end

-- Functions whose complaints are about a parameter that an option gave.
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
    M.eprint("%s: %s (see %s --help)", name, wrong, name)
    return status.usage
  end
  if not errors.is(problem) then error(problem, 0) end
  M.eprint("%s: %s", name, tostring(problem))
  return status.of_error(problem)
end

-- Collects the words that no argument of the command accepts, so that the message names them.
local function add_surplus(parser) parser:argument("surplus"):args "*":hidden(true) end

local function check_words(parser, args)
  if #args.surplus > 0 then
    M.usage_error("%s", usage.problem_of_surplus(parser, args.surplus[1]))
  end
  if args.words and #args.words > 0 then
    M.usage_error("%s", usage.problem_of_words(parser, args))
  end
end

-- Prints the names of the fields if the arguments ask for them. Returns whether they do.
local function list_fields(parser, args)
  local names = options.fields_to_list(parser, args)
  if names then
    M.print("%s", table.concat(names, "\n"))
    return true
  end
  local problem = options.fields_problem(parser, args)
  if problem then M.usage_error("%s", problem) end
end

--- run_as(name, parser, body) -> exit status. Parses the arguments in `arg` and calls body(args),
-- whose result is the status (nil: 0). A wrong argument or an error object is printed as one line.
function M.run_as(name, parser, body)
  local hyphen = usage.problem_of_hyphen(parser, arg)
  if hyphen then return explain(name, { usage = hyphen }) end
  add_surplus(parser)
  local parsed, args = parser:pparse(arg)
  if not parsed then return explain(name, { usage = usage.explain(parser, args) }) end
  local ok, result = xpcall(function()
    check_words(parser, args)
    if not list_fields(parser, args) then return body(args) end
  end, traced)
  if ok then return result or status.done end
  return explain(name, result)
end

--- run(name, parser, body [, without_client]) -> the same for `colua NAME`, with a client made from
-- the options: body(client, args), where args.host is the client's host (of a sandbox, whose port
-- may differ, the name of its estate) and args.with_days shows an asset's dates
-- (codeocean.output.dates). With `without_client` no client is made, and body gets nil.
function M.run(name, parser, body, without_client)
  return M.run_as("colua " .. name, parser, function(args)
    if without_client then return body(nil, args) end
    local client <close>, err = clients.new {
      dry_run = args.dry_run or nil, rate = args.rate, jobs = args.jobs }
    if not client then error(err, 0) end
    M.warn(client)
    args.host = provenance.estate(client) or client.host
    args.with_days = dates.reader(client.schema)
    return body(client, args)
  end)
end

-- core.columns, for scripts, which may not require codeocean.core.
M.columns = core.columns

return M
