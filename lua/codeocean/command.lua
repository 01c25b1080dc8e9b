--- What the commands share: options spelled alike, a client, output, errors, exit statuses.

local argparse = require "argparse"
local clients = require "codeocean.client"
local core = require "codeocean.core"
local display = require "codeocean.display"
local errors = require "codeocean.error"
local ids = require "codeocean.ids"
local output = require "codeocean.output"
local status = require "codeocean.status"

local M = { status = status }

-- Options ----------------------------------------------------------------------------------------

local function whole(least)
  return function(value)
    local n = math.tointeger(tonumber(value))
    if n and n >= least then return n end
    return nil, ("'%s' is no integer of %d or more"):format(value, least)
  end
end

local function positive(value)
  local n = tonumber(value)
  if n and n > 0 and n < math.huge then return n end
  return nil, ("'%s' is no number above 0"):format(value)
end

local function boolean(value)
  if value == "true" or value == "false" then return value == "true" end
  return nil, ("'%s' is neither true nor false"):format(value)
end

M.whole, M.positive, M.boolean = whole, positive, boolean

--- A list written with commas, without blanks around its items.
function M.list(value)
  local items = {}
  for item in (value .. ","):gmatch("%s*(.-)%s*,") do
    if item ~= "" then items[#items + 1] = item end
  end
  return items
end

-- The search parameters: name, what it is, how its value is read, or the values it takes.
M.SEARCH = {
  { "type", "only this type", choices = { "dataset", "result" } },
  { "ownership", "only of this owner", choices = { "owner", "shared" } },
  { "archived", "true: only archived ones", convert = boolean },
  { "favorite", "true: only favorites", convert = boolean },
  { "sort_field", "sort by this field", choices = { "created", "type", "name", "size" } },
  { "sort_order", "direction of the sort", choices = { "asc", "desc" } },
}

local function flag_of(name)
  return "--" .. name:gsub("_", "-")
end

--- --query and the other search parameters.
function M.add_search(parser)
  parser:option("--query -q", "free text, name:… tag:… \"a phrase\"")
  for _, row in ipairs(M.SEARCH) do
    local option = parser:option(flag_of(row[1]), row[2])
    if row.choices then option:choices(row.choices) end
    if row.convert then option:convert(row.convert) end
  end
  parser:option("--limit", "at most this many assets"):convert(whole(1)):argname "<n>"
end

--- The search parameters that were given, or nil if none was.
function M.search_params(args)
  local params = { query = args.query }
  for _, row in ipairs(M.SEARCH) do params[row[1]] = args[row[1]] end
  return next(params) ~= nil and params or nil
end

--- Ids as arguments, from a file, or by a search.
function M.add_selection(parser)
  parser:argument("id", "ids of assets; - reads them from standard input"):args "*"
  parser:option("--ids", "file with ids: plain, CSV or JSONL; - is standard input")
    :argname "<file>"
  parser:option("--column", "name of the column with the ids (default id)")
  M.add_search(parser)
end

--- --jobs, --rate, --dry-run.
function M.add_client(parser)
  parser:option("--jobs -j", "most requests at once"):convert(whole(1)):argname "<n>"
  parser:option("--rate", "most requests a second"):convert(positive):argname "<n>"
  parser:flag("--dry-run -n", "show what would be done and write nothing")
end

--- --json, --jsonl, --csv, --tsv, --fields.
function M.add_output(parser)
  parser:mutex(
    parser:flag("--json", "one JSON array"),
    parser:flag("--jsonl", "one JSON object a line"),
    parser:flag("--csv", "comma-separated, for spreadsheets"),
    parser:flag("--tsv", "tab-separated (the default into a pipe)"))
  parser:option("--fields", "only these fields"):convert(M.list):argname "<a,b>"
end

-- Output -----------------------------------------------------------------------------------------

local function format_of(args, width)
  for _, format in ipairs { "json", "jsonl", "csv", "tsv" } do
    if args[format] then return format end
  end
  return width and "table" or "tsv"
end

--- A writer of rows to standard output in the format that the options ask for.
function M.writer(args)
  local width = core.columns(io.stdout)
  return output.writer {
    format = format_of(args, width), fields = args.fields, width = width,
    colour = display.colours(os.getenv, width ~= nil),
  }
end

--- note(format, …): a line on standard error.
function M.note(form, ...)
  io.stderr:write(form:format(...), "\n")
end

-- Ids --------------------------------------------------------------------------------------------

--- Ends a command with a line about its arguments, and status 2.
function M.usage_error(message)
  error({ usage = message }, 0)
end

local function from_arguments(args)
  local list = {}
  for _, id in ipairs(args.id) do
    if not core.is_id(id) then
      M.usage_error(("'%s' is not a data asset id (36 characters such as "
        .. "fea84ebf-b58b-4ad2-994d-7169dc3880fb)"):format(display.escape(id)))
    end
    list[#list + 1] = id
  end
  return list
end

local function from_file(args)
  local rows, complaints = ids.load(args.ids, { column = args.column })
  if not rows then M.usage_error(complaints) end
  for _, complaint in ipairs(complaints) do M.note("%s", complaint.message) end
  local list = {}
  for i, row in ipairs(rows) do list[i] = row.id end
  return list, #complaints
end

--- What a command works on: {ids = list} or {select = parameters}, and the number of input rows
-- that were no id (each was named on standard error).
function M.selection(args)
  if #args.id == 1 and args.id[1] == "-" then args.id, args.ids = {}, "-" end
  local params = M.search_params(args)
  local ways = (#args.id > 0 and 1 or 0) + (args.ids and 1 or 0) + (params and 1 or 0)
  if ways ~= 1 then
    M.usage_error(ways == 0 and "which assets? give ids, --ids FILE or --query"
      or "ids, --ids and a search exclude each other")
  end
  if params then return { select = params }, 0 end
  if args.ids then
    local list, bad = from_file(args)
    return { ids = list }, bad
  end
  return { ids = from_arguments(args) }, 0
end

--- The ids of a selection as a list; of a search, those it finds.
function M.ids(client, args)
  local selection, bad = M.selection(args)
  if selection.ids then return selection.ids, bad end
  local list = {}
  for asset in client.data_assets:each(selection.select) do
    list[#list + 1] = asset.id
    if args.limit and #list >= args.limit then break end
  end
  return list, bad
end

-- Running ----------------------------------------------------------------------------------------

--- A parser for `colua NAME`.
function M.parser(name, about)
  return argparse("colua " .. name, about):help_max_width(80)
end

local function new_client(args)
  local options = { dry_run = args.dry_run or nil, rate = args.rate, jobs = args.jobs }
  local made, err = clients.new(options)
  if not made then error(err, 0) end
  return made
end

local function explain(name, problem)
  if type(problem) == "table" and problem.usage then
    M.note("colua %s: %s (see colua %s --help)", name, problem.usage, name)
    return status.usage
  end
  if not errors.is(problem) then error(problem, 0) end
  M.note("colua %s: %s", name, tostring(problem))
  return status.of_error(problem)
end

-- What is no error of ours is a mistake in a program, and needs its traceback.
local function traced(problem)
  return type(problem) == "string" and debug.traceback(problem, 2) or problem
end

--- Parses the arguments in `arg` and calls body(client, args); returns the exit status that it
-- returns (nil: 0). Errors become one line and their status. Without a client one is made from the
-- options, and closed.
function M.run(name, parser, body, client_given)
  local parsed, args = parser:pparse(arg)
  if not parsed then return explain(name, { usage = args }) end
  local ok, result = xpcall(function()
    if client_given then return body(client_given, args) or status.done end
    local made <close> = new_client(args)
    return body(made, args) or status.done
  end, traced)
  if ok then return result end
  return explain(name, result)
end

return M
