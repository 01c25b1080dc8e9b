-- Adds the tags of a spreadsheet: sheet.csv has the columns asset_id and tags (a;b;c).
local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local ids = require "codeocean.ids"
local tags = require "codeocean.tags"

local rows, complaints = assert(ids.load("sheet.csv", { column = "asset_id" }))
for _, complaint in ipairs(complaints) do io.stderr:write(complaint.message, "\n") end
if #complaints > 0 then os.exit(2) end
local list, wanted = {}, {}
for i, row in ipairs(rows) do
  local add = {}
  for _, cells in ipairs(row.rows or { row.row }) do   -- an asset may have several rows
    for tag in cells.tags:gmatch("[^;%s][^;]*") do add[#add + 1] = tag:match("^(.-)%s*$") end
  end
  list[i], wanted[ids.canonical(row.id)] = row.id, { add = add }
end
os.exit(bulk.main(assert(codeocean.client()), { name = "sheet", ids = list, change = function(asset)
  return { tags = (tags.change(asset.tags, wanted[ids.canonical(asset.id)])) }
end }))
