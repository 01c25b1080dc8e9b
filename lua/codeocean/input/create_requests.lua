--- Reads requests to create assets from a sheet or from JSON objects. Called by `colua create`.
-- What must hold: every request is checked as assets:create checks it before the first one is sent,
-- and a wrong one is reported with file, line and column.

local clients = require "codeocean.client"
local json = require "codeocean.json"
local sheet = require "codeocean.input.sheet"
local text = require "codeocean.text"

local M = {}

local ANY_ID = ("0"):rep(32)
local SECRET = { access_key_id = true, secret_access_key = true, client_secret = true }
local MASK = "***"

-- Checking ---------------------------------------------------------------------------------------

-- A dry-run client: it checks arguments as any client does, and sends nothing.
local function checker()
  return assert(clients.new { domain = "localhost", token = "none", dry_run = true })
end

local ONE_SOURCE = "exactly one of %s and %s expected"

-- The problem in the words of the request's author: `words` has columns or options by the
-- names of the API's fields.
local function in_words(name, problem, words)
  if words and name == "source" then return ONE_SOURCE:format(words.bucket, words.computation) end
  local field, rest = name:match "^([%w_.]+)(.*)$"
  local word = words and words[field]
  return ("%s: %s"):format(word and word .. rest or name, problem)
end

local function problem_of(client, call, words)
  local ok, raised = pcall(call, client.data_assets)
  if ok then return nil end
  local name, problem = tostring(raised):match("bad argument '(.-)' to '[^']*' %((.*)%)$")
  if not name then error(raised, 0) end
  return in_words(name, problem, words)
end

--- problem(call [, words]) -> what is wrong with the arguments that call(assets) hands to an
-- operation of `assets`, such as "tags[2]: string expected", without sending anything; nil if
-- nothing is. words: M.OPTIONS where the arguments come from options.
function M.problem(call, words)
  local client <close> = checker()
  return problem_of(client, call, words)
end

--- update_problem(wanted) -> the same for the fields of an update.
function M.update_problem(wanted)
  local body = { name = "a", description = "", tags = json.array(), mount = "a" }
  for name, value in pairs(wanted) do body[name] = value end
  return M.problem(function(assets) assets:update(ANY_ID, body, { replace_metadata = true }) end)
end

-- Reading ----------------------------------------------------------------------------------------

-- The columns of a sheet.
local COLUMNS = {
  { "name", sheet.text },
  { "description", sheet.text },
  { "mount", sheet.text },
  { "tags", sheet.list },
  { "bucket", sheet.text, "source.aws.bucket", "aws.bucket" },
  { "prefix", sheet.text, "source.aws.prefix", "aws.prefix" },
  { "external", sheet.flag, "keep_on_external_storage", "source.aws.keep_on_external_storage" },
  { "index", sheet.flag, "index_data", "source.aws.index_data" },
  { "computation", sheet.text, "computation_id", "source.computation.id" },
  { "custom_metadata.*", sheet.scalar },
}

-- For messages, the columns and the options of `colua create` by the names of the API's fields.
local COLUMN_OF = {}
M.OPTIONS = {}
for _, row in ipairs(COLUMNS) do
  for i, name in ipairs(row) do
    if i ~= 2 then COLUMN_OF[name], M.OPTIONS[name] = row[1], "--" .. row[1] end
  end
end

-- The columns of S3, and the fields of source.aws that they give.
local AWS = { bucket = "bucket", prefix = "prefix", external = "keep_on_external_storage",
  index = "index_data" }

local function source_of(values)
  local source = {}
  for column, field in pairs(AWS) do
    if values[column] ~= nil then
      source.aws = source.aws or {}
      source.aws[field] = values[column]
    end
  end
  source.computation = values.computation and { id = values.computation }
  return next(source) and source
end

-- \N counts as an empty cell: a new asset has nothing to clear.
local function without_clear(values)
  local own = {}
  for name, value in pairs(values) do
    if value ~= sheet.CLEAR then
      own[name] = name == "custom_metadata" and without_clear(value) or value
    end
  end
  return own
end

-- The request of a sheet's row. The mount is the name unless given; tags are empty unless given.
local function from_cells(values)
  values = without_clear(values)
  return { name = values.name, description = values.description,
    mount = values.mount or values.name, tags = values.tags or json.array(),
    source = source_of(values), custom_metadata = values.custom_metadata }
end

-- Refuses a row that ends early: if its prefix is missing, the asset would be the whole bucket.
local function row_problem(client, row, params)
  local words = row.written and COLUMN_OF or nil
  if row.short then
    return ("no %s: the row ends early; write a separator for each empty cell at its end"):format(
      row.short)
  end
  return problem_of(client, function(assets) assets:create(params) end, words)
end

local function add(client, found, row)
  local params = row.written and from_cells(row.values) or row.values
  found.is_sheet = row.written ~= nil
  local problem = row_problem(client, row, params)
  if problem then
    found.complaints[#found.complaints + 1] = { line = row.line,
      message = ("%s: %s"):format(row.place, text.escape(problem)) }
    found.refused = found.refused + 1
  else
    found.requests[#found.requests + 1], found.places[#found.places + 1] = params, row.place
  end
end

local function messages(complaints)
  table.sort(complaints, function(a, b) return a.line < b.line end)
  local list = {}
  for i, complaint in ipairs(complaints) do list[i] = complaint.message end
  return list
end

local function checked(rows, complaints, notes, refused)
  if not rows then return nil, complaints end
  local client <close> = checker()
  local found = { requests = {}, places = {}, complaints = complaints,
    refused = refused }
  for _, row in ipairs(rows) do add(client, found, row) end
  return found.requests, found.places, messages(found.complaints), notes, found.refused,
    found.is_sheet
end

--- read(source, name) -> requests, places, complaints, notes, refused, is_sheet; or nil and one
-- line when all of it is wrong. `source` is an open file or a function that gives lines: JSON
-- objects (the parameters of assets:create) or a sheet (codeocean.input.sheet); `name` is that of
-- the file.
-- places[i] says where requests[i] stands ("file:3"). complaints: a message for each fault, in the
-- order of the rows; refused: how many rows have one; notes: messages about cells that were read
-- differently from how they are written.
-- is_sheet: the requests come from cells, so a value of custom metadata may need the type that the
-- schema says.
function M.read(source, name)
  return checked(sheet.read(source, COLUMNS, name))
end

--- load(path) -> as read(), of the file at `path`, of standard input for "-".
function M.load(path)
  return checked(sheet.load(path, COLUMNS))
end

--- repeated(requests, places) -> lines for people: which names stand in more than one row.
function M.repeated(requests, places)
  local first, lines = {}, {}
  for i, params in ipairs(requests) do
    local name = tostring(params.name)
    if first[name] then
      lines[#lines + 1] = ('%s: the name "%s" stands in %s too'):format(places[i] or "?",
        text.escape(name), places[first[name]] or "?")
    end
    first[name] = first[name] or i
  end
  return lines
end

-- Showing ----------------------------------------------------------------------------------------

--- shown(params) -> a copy of a request with its secrets masked.
function M.shown(params)
  if type(params) ~= "table" then return params end
  local own = setmetatable({}, getmetatable(params))
  for name, value in pairs(params) do own[name] = SECRET[name] and MASK or M.shown(value) end
  return own
end

--- has_masked(params) -> whether secrets of a request as it is shown were masked.
function M.has_masked(params)
  for name, value in pairs(params) do
    if SECRET[name] and value == MASK then return true end
    if type(value) == "table" and M.has_masked(value) then return true end
  end
  return false
end

return M
