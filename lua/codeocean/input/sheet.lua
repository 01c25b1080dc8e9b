--- Create requests out of the rows of a spreadsheet (CSV with a line of titles).

local csv = require "codeocean.input.csv"
local json = require "codeocean.json"
local text = require "codeocean.output.text"

local M = {}

local function flag(word)
  if word == "true" or word == "false" then return word == "true" end
  return nil, "true or false expected"
end

local function list(word)
  local items = json.array()
  for item in (word .. ";"):gmatch "%s*(.-)%s*;" do
    if item ~= "" then items[#items + 1] = item end
  end
  return items
end

local function aws(params, field, value)
  params.source = params.source or { aws = {} }
  params.source.aws = params.source.aws or {}
  params.source.aws[field] = value
end

-- Title -> what its cell does to the request; a cell's text, or what `read` makes of it.
local columns = {
  name = { set = function(params, value) params.name = value end },
  description = { set = function(params, value) params.description = value end },
  mount = { set = function(params, value) params.mount = value end },
  tags = { read = list, set = function(params, value) params.tags = value end },
  bucket = { set = function(params, value) aws(params, "bucket", value) end },
  prefix = { set = function(params, value) aws(params, "prefix", value) end },
  external = { read = flag,
    set = function(params, value) aws(params, "keep_on_external_storage", value) end },
  index = { read = flag, set = function(params, value) aws(params, "index_data", value) end },
  computation = { set = function(params, value)
    params.source = { computation = { id = value } }
  end },
}

local function titles()
  local names = {}
  for name in pairs(columns) do names[#names + 1] = name end
  table.sort(names)
  return table.concat(names, ", ")
end

--- header(line) -> the titles; or nil and what is wrong with them.
function M.header(line)
  local names = csv.record(line, ",") or {}
  for i, name in ipairs(names) do
    names[i] = name:match("^%s*(.-)%s*$"):lower()
    if not columns[names[i]] then
      return nil, ("no column is called '%s'; there are %s"):format(text.clip(name, 60), titles())
    end
  end
  return names
end

--- params(header, line, next_line) -> a create request; or nil and what is wrong with the row. An
-- empty cell says nothing; without a mount the name is taken, without tags there are none.
function M.params(header, line, next_line)
  local cells = csv.record(line, ",", next_line)
  if not cells then return nil, "a quote is not closed as it should be" end
  if #cells > #header then return nil, "more cells than titles" end
  local params = { tags = json.array() }
  for i, written in ipairs(cells) do
    local column, problem = columns[header[i]], nil
    local cell = written:gsub("^'('*[=+%-@\t\r\n])", "%1")     -- as codeocean.output writes it
    local value = cell
    if cell ~= "" and column.read then value, problem = column.read(cell) end
    if value == nil then return nil, ("%s: %s"):format(header[i], problem) end
    if cell ~= "" then column.set(params, value) end
  end
  params.mount = params.mount or params.name
  return params
end

return M
