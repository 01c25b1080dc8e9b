--- What a bulk run would write to one asset.

local same = require "codeocean.equal"

local M = {}

--- The value of a field that counts as the present one.
function M.present(asset, field)
  local value = asset[field]
  if value == nil and field == "description" then return "" end
  return value
end

-- The fields of `wanted` that are not so yet: {field = {before =, after =}}, or nil.
local function differences(asset, wanted)
  local fields
  for field, after in pairs(wanted) do
    local before = M.present(asset, field)
    if not same(before, after) then
      fields = fields or {}
      fields[field] = { before = before, after = after }
    end
  end
  return fields
end

-- PUT replaces all of these: what stays is sent as it stands.
local function body_of(asset, fields)
  local body = { name = asset.name, description = asset.description or "", tags = asset.tags,
    mount = asset.mount }
  for field, values in pairs(fields) do body[field] = values.after end
  return body
end

--- The item of an asset that gets the fields `wanted` (nil: it is left alone). `status` is
-- "pending" where something is to be written, else what becomes of it; a `note` ("drift") is what
-- becomes of it however the writing goes.
function M.update(asset, wanted, note)
  local item = { id = asset.id, name = asset.name, size = asset.size, status = "pending",
    note = note, had_metadata = asset.custom_metadata ~= nil }
  item.fields = wanted ~= nil and differences(asset, wanted) or nil
  if item.fields then
    item.body = body_of(asset, item.fields)
  else
    item.status = note or (wanted == nil and "skipped" or "unchanged")
  end
  return item
end

--- The item of an asset that is archived, unarchived or deleted; a deletion keeps all there is.
function M.act(asset, action)
  return { id = asset.id, name = asset.name, size = asset.size, status = "pending",
    asset = action == "delete" and asset or nil }
end

--- The fields of an item before and after, two tables, as a journal has them.
function M.sides(item)
  if item.asset then return item.asset, nil end
  local before, after = {}, {}
  for field, values in pairs(item.fields or {}) do
    before[field], after[field] = values.before, values.after
  end
  return before, after
end

--- The fields of a journal's intent as an item has them.
function M.fields(intent)
  local fields
  for field, after in pairs(intent.after or {}) do
    fields = fields or {}
    fields[field] = { before = (intent.before or {})[field], after = after }
  end
  return fields
end

--- Whether all fields of an asset are as they stand in `side`, before or after.
function M.stands(asset, side)
  for field, value in pairs(side) do
    if not same(M.present(asset, field), value) then return false end
  end
  return true
end

return M
