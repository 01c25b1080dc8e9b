--- Values per row on the command line: `colua update --from`. The sheet is read whole before any
-- request; names become ids before the run begins, so that every row that cannot be used is named
-- with file and line first.

local command = require "codeocean.cli"
local forms = require "codeocean.input.id"
local names = require "codeocean.cli.names"
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

local function tell(complaints, left, notes)
  for _, note in ipairs(notes) do command.note("%s", note) end
  for _, complaint in ipairs(complaints) do command.note("%s", complaint.message) end
  if #left > 0 then
    table.sort(left)
    command.note("columns that cannot be written are left: %s",
      text.escape(table.concat(left, ", ")))
  end
end

--- spec(client, args) -> what bulk.run is to do for args.from, and how many rows cannot be used;
-- each was named.
function M.spec(client, args)
  check(args)
  local items, complaints, left, notes = update_rows.load(args.from, args.by_name)
  if not items then command.usage_error("%s", complaints) end
  tell(complaints, left, notes)
  local bad = #complaints
  if args.by_name then
    local unknown
    items, unknown = names.resolve(client, items)
    for _, line in ipairs(unknown) do command.note("%s", line) end
    bad = bad + #unknown
  end
  local ids, by_id = {}, {}
  for i, item in ipairs(items) do ids[i], by_id[item.key] = item.key, item.values end
  return { ids = ids, limit = args.limit, change = function(asset)
    return update_rows.change(asset, by_id[forms.canonical(asset.id)])
  end }, bad
end

return M
