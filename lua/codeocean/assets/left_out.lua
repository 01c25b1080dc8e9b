--- Fields that an answer about an asset leaves out: tells empty ones from hidden ones.
--
-- Called before an update that edits such a field. Many servers leave out what is empty; a faulty
-- gateway may leave out what is there, and an update made of such an answer erases it. What must
-- hold: a field counts as empty only if two answers leave it out or have it empty: the first read,
-- and the row of a search (a second read if the search does not find the asset).

local core = require "codeocean.core"
local errors = require "codeocean.error"
local queries = require "codeocean.assets.query"

local M = {}

local ROWS = 100 -- of the search: assets of one name are few

-- The fields in question, and how to write one whose content is hidden.
local FIELDS = {
  { "tags", " (to write the whole list: tag --set, whole_tags = true)" },
  { "custom_metadata", "" },
  { "description", "" },
}

local function is_left_out(value) return value == nil or core.json_is_absent(value) end

local function is_empty(value)
  return value == nil or value == "" or type(value) == "table" and next(value) == nil
end

local function read_again(client, asset)
  local query = queries.for_name(asset.name)
  local page = query and client.data_assets:search { query = query, limit = ROWS }
  for _, row in ipairs(page and page.results or {}) do
    if row.id == asset.id then return row end
  end
  return client:request("get", asset.id)
end

local function hidden(asset, row)
  return errors.new { kind = "decode", operation = "update", id = asset.id, outcome = "not_sent",
    message = ("%s: the server's answer has none, another answer has some that would be lost%s: "
      .. "left alone"):format(row[1], row[2]) }
end

--- problem(client, asset, edited) -> the error (nothing was sent) if a field named in `edited` is
-- left out of `asset`, as it was read, and not known to be empty: kind `decode`, or that of a
-- second read that failed; else nil. edited: {tags, custom_metadata, description = anything true}.
function M.problem(client, asset, edited)
  local rows = {}
  for i = 1, #FIELDS do
    local row = FIELDS[i]
    if edited[row[1]] and is_left_out(asset[row[1]]) then rows[#rows + 1] = row end
  end
  if #rows == 0 then return nil end
  local second, err = read_again(client, asset)
  if not second then return err end
  for _, row in ipairs(rows) do
    if not is_empty(second[row[1]]) then return hidden(asset, row) end
  end
end

return M
