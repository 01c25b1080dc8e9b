--- A plan on its way from one day, or one person, to another: the changes of a bulk run in a file,
-- carried out only where an asset is still as the plan found it. JSON lines: a header
-- {"plan": 1, "name": …, "deployment": …}, then {"id", "name", "before", "after"} for each asset.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local json = require "codeocean.json"
local plan = require "codeocean.bulk.plan"

local M = {}

local function failure(path, message)
  return nil, errors.new { kind = "plan", message = ("plan %s: %s"):format(path, message) }
end

--- write(path, header, records) -> number of changes written; or nil, err. `records` as a report of
-- a dry run has them.
function M.write(path, header, records)
  local file, message = io.open(path, "w")
  if not file then return failure(path, message:gsub("^.-: ", "")) end
  header.plan = 1
  local lines = { json.encode(header) }
  for _, record in ipairs(records) do
    if record.status == "pending" and record.fields then
      local before, after = plan.sides(record)
      lines[#lines + 1] = json.encode { id = record.id, name = record.name, before = before,
        after = after }
    end
  end
  local ok, problem = file:write(table.concat(lines, "\n"), "\n")
  local closed, close_problem = file:close()
  if not (ok and closed) then return failure(path, problem or close_problem) end
  return #lines - 1
end

local function read_line(text)
  local line = json.decode(text)
  local good = type(line) == "table" and core.is_id(line.id) and type(line.before) == "table"
    and type(line.after) == "table"
  return good and line or nil
end

local function read(path)
  local file, message = io.open(path, "r")
  if not file then return failure(path, message:gsub("^.-: ", "")) end
  local first, unreadable = file:read("l")
  local header = json.decode(first or "")
  if type(header) ~= "table" or header.plan ~= 1 then
    file:close()
    return failure(path, unreadable or "it is no plan of a bulk run")
  end
  local ids, changes, number = {}, {}, 1
  for text in file:lines() do
    number = number + 1
    local change = read_line(text)
    if not change then
      file:close()
      return failure(path, ("line %d is damaged"):format(number))
    end
    ids[#ids + 1], changes[change.id] = change.id, change
  end
  file:close()
  return header, ids, changes
end

--- spec(path) -> what bulk.run is to do to carry the plan out, and its header; or nil, err. An
-- asset that is neither as the plan found it nor as it should become has drifted and is left alone.
function M.spec(path)
  local header, ids, changes = read(path)
  if not header then return nil, ids end
  return {
    name = header.name, ids = ids,
    change = function(asset)
      local change = changes[asset.id]
      if plan.stands(asset, change.after) or plan.stands(asset, change.before) then
        return change.after
      end
      return nil, "drift"
    end,
  }, header
end

return M
