--- Create requests out of a JSONL or CSV file. Each is checked as create() would check it before
-- the first one is sent; what is wrong is told with file and line.

local clients = require "codeocean.client"
local json = require "codeocean.json"
local sheet = require "codeocean.input.sheet"
local text = require "codeocean.output.text"

local M = {}

local ANY_ID = ("0"):rep(32)
local SECRET = { access_key_id = true, secret_access_key = true, client_secret = true }

-- Checking ---------------------------------------------------------------------------------------

-- A client that sends nothing checks all that a sending one does.
local function checker()
  return assert(clients.new { domain = "localhost", token = "none", dry_run = true })
end

local function problem_of(client, call)
  local ok, raised = pcall(call, client.data_assets)
  if ok then return nil end
  local name, problem = tostring(raised):match("bad argument '(.-)' to '[^']*' %((.*)%)$")
  if not name then error(raised, 0) end
  return ("%s: %s"):format(name, problem)
end

--- problem(call) -> what is wrong with the arguments that call(assets) hands to an operation of
-- `assets`, such as "tags[2]: string expected", without sending anything; nil if nothing is.
function M.problem(call)
  local client <close> = checker()
  return problem_of(client, call)
end

--- update_problem(wanted) -> the same for the fields of an update.
function M.update_problem(wanted)
  local body = { name = "a", description = "", tags = json.array(), mount = "a" }
  for name, value in pairs(wanted) do body[name] = value end
  return M.problem(function(assets) assets:update(ANY_ID, body, { replace_metadata = true }) end)
end

-- Reading ----------------------------------------------------------------------------------------

local function from_json(line)
  if line:find("^%s*%[") then return nil, "a JSON array; give one object a line (JSONL)" end
  local params, problem = json.decode(line)
  if params == nil then return nil, "no JSON: " .. problem end
  if type(params) ~= "table" then return nil, "no JSON object" end
  return params
end

-- How the lines of a file are read, told by its first that says something, and whether that was one
-- of titles; or nil and what is wrong with it.
local function reader_of(first)
  if not first:find "^%a[%w_, \"-]*$" then return from_json, false end
  local header, problem = sheet.header(first)
  if not header then return nil, problem end
  return function(line, next_line) return sheet.params(header, line, next_line) end, true
end

-- The lines of a file with their numbers, without a byte order mark.
local function numbered(lines)
  local number = 0
  return function()
    local line = lines()
    if line == nil then return nil end
    number = number + 1
    if number == 1 then line = line:gsub("^\xEF\xBB\xBF", "") end
    return (line:gsub("\r$", "")), number
  end
end

--- read(lines, name) -> requests, places, complaints. `lines` is an iterator over JSONL, or over
-- CSV with a line of titles (codeocean.input.sheet); `name` is that of the file. places[i] says
-- where requests[i] stands ("file:3"); complaints are lines for people. Blank lines and those
-- that begin with # do not count.
function M.read(lines, name)
  local client <close> = checker()
  local requests, places, complaints = {}, {}, {}
  local next_line, reader = numbered(lines), nil
  local function take(line, number)
    local titles, params, problem
    if not reader then reader, titles = reader_of(line) end
    if titles == true then return end
    if reader then params, problem = reader(line, next_line) else problem = titles end
    problem = problem or problem_of(client, function(assets) assets:create(params) end)
    local place = ("%s:%d"):format(text.escape(name), number)
    if problem then
      complaints[#complaints + 1] = ("%s: %s"):format(place, text.escape(problem))
    else
      requests[#requests + 1], places[#places + 1] = params, place
    end
    return reader == nil
  end
  for line, number in next_line do
    if line:find("^%s*[^%s#]") and take(line, number) then break end
  end
  return requests, places, complaints
end

-- A folder can be opened, and no more; standard input may be closed.
local function read_file(file, name)
  local _, unreadable = file:read(0)
  local place = text.escape(name)
  if unreadable then return nil, ("cannot be read: %s: %s"):format(place, unreadable) end
  return M.read(file:lines(), name)
end

--- load(path) -> as read(), of the file at `path`, of standard input for "-"; or nil and why not.
function M.load(path)
  if path == "-" then return read_file(io.stdin, "stdin") end
  local file <close>, problem = io.open(path, "rb")
  if not file then return nil, "cannot be read: " .. text.escape(problem) end
  return read_file(file, path)
end

-- Showing ----------------------------------------------------------------------------------------

--- A request as it may be shown: secrets masked, all else as it is.
function M.shown(params)
  if type(params) ~= "table" then return params end
  local own = setmetatable({}, getmetatable(params))
  for name, value in pairs(params) do own[name] = SECRET[name] and "***" or M.shown(value) end
  return own
end

return M
