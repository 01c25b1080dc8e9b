--- Makes the bulk run of `colua update --from`, which writes values per row. What must hold: before
-- the run begins, the sheet is read whole, names become ids, and each bad row is reported with file
-- and line. The journal holds the values, so a resume needs no sheet.

local command = require "codeocean.cli"
local by_name = require "codeocean.cli.by_name"
local text = require "codeocean.text"
local update_rows = require "codeocean.input.update_rows"

local M = {}

local ALONE = { "name", "description", "tags", "mount", "custom_metadata" }

local function check(args)
  for _, name in ipairs(ALONE) do
    if args[name] ~= nil then
      command.usage_error("--from and --%s exclude each other", (name:gsub("_", "-")))
    end
  end
  if #args.id > 0 or args.ids or args.all or command.search_params(args) then
    command.usage_error("--from says which assets; ids, --ids and a search exclude it")
  end
end

local function print_complaints(complaints, left, notes)
  for _, note in ipairs(notes) do command.eprint("%s", note) end
  for _, complaint in ipairs(complaints) do command.eprint("%s", complaint.message) end
  if #left > 0 then
    table.sort(left)
    command.eprint("columns that cannot be written are left: %s",
      text.escape(table.concat(left, ", ")))
  end
end

-- Converts cells to the types of the schema; a value that the schema refuses is reported with its
-- row. Returns the good items.
local function check_metadata(client, items)
  local good = {}
  for _, item in ipairs(items) do
    local data, err = item.values.custom_metadata, nil
    if data then
      local loaded, problem = client.schema:load()
      if not loaded then error(problem, 0) end
      if item.is_text then data = client.schema:of_cells(data) end
      item.values.custom_metadata, err = client.schema:checked(data)
    end
    if err then
      command.eprint("%s: %s: %s", item.place, text.escape(item.key), err.message)
    else
      good[#good + 1] = item
    end
  end
  return good
end

-- The number of rows of the sheet from which these items come.
local function rows_of(items)
  local count = 0
  for _, item in ipairs(items) do count = count + item.rows end
  return count
end

--- spec(client, args) -> the spec of bulk.run for args.from, and how many rows cannot be used; each
-- was reported.
function M.spec(client, args)
  check(args)
  local items, complaints, left, notes, bad = update_rows.load(args.from, args.by_name)
  if not items then command.usage_error("%s", complaints) end
  print_complaints(complaints, left, notes)
  local read = rows_of(items)
  items = check_metadata(client, items)
  if args.by_name then
    local unknown
    items, unknown = by_name.resolve(client, items)
    for _, line in ipairs(unknown) do command.eprint("%s", line) end
  end
  bad = bad + read - rows_of(items)
  local i = 0
  local function next_row()
    i = i + 1
    local item = items[i]
    return item and { id = item.key, values = item.values }
  end
  return { patches = { rows = next_row }, limit = args.limit }, bad
end

return M
