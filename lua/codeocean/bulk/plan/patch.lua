--- Patches: the changes of a bulk run to one asset. Pure.
--
-- Made by codeocean.bulk.plan.change when an asset is planned, kept in journals and plan files,
-- merged into a fresh read just before a write, reversed by undo. A patch has, by field,
--
--   name, description, mount, archived   {before =, after =}
--   custom_metadata                      {key = {before =, after =}}; absent: there is no such key
--   permissions                          the same; the keys of codeocean.assets.permissions
--   tags                                 {added = list, removed = list, before = list}, and, if
--                                        appending the added tags gives another list, after = list
--
-- `whole = true` in tags: the list counts as one value (it was reordered, or set by the user), so
-- a list that somebody changed since is drift. Otherwise each tag counts by itself.
-- `unsure` and `between` come from codeocean.bulk.plan.join: `between` counts as `before` does.
--
-- What must hold, also if others wrote to the asset since: merge() changes no field, key or tag
-- that the patch does not name; a second merge() changes nothing; reverse() takes back exactly what
-- merge() changed.

local equal = require "codeocean.equal"
local json = require "codeocean.json"
local permissions = require "codeocean.assets.permissions"
local tags = require "codeocean.tags"

local M = {}

local SCALARS = { "name", "description", "mount", "archived" }
local KEYED = { "custom_metadata", "permissions" } -- each key is a value by itself

M.SCALARS, M.KEYED = SCALARS, KEYED

--- The value of an asset's field: "" for an absent description, {} for absent tags and metadata.
-- Permissions are their entries.
function M.value(asset, field)
  local value = asset[field]
  if field == "permissions" then return value and permissions.entries(value) or {} end
  if value == nil and field == "custom_metadata" then return {} end
  if value == nil and field == "description" then return "" end
  if value == nil and field == "tags" then return json.array() end
  return value
end

-- Tags -------------------------------------------------------------------------------------------

-- The first place of each tag.
local function places_of(list)
  local places = {}
  for i = 1, #list do
    local tag = list[i]
    places[tag] = places[tag] or i
  end
  return places
end

local function without(list, removed)
  if #removed == 0 then return json.array(table.move(list, 1, #list, 1, {})) end
  local left, gone = json.array(), places_of(removed)
  for _, tag in ipairs(list) do
    if not gone[tag] then left[#left + 1] = tag end
  end
  return left
end

local function append(list, added)
  local present = places_of(list)
  for i = 1, #added do
    local tag = added[i]
    if not present[tag] then list[#list + 1] = tag end
  end
  return list
end

-- Whether the tags that are in both lists have the same order, and neither list has a tag twice.
local function keeps_order(before, after)
  local places, last = places_of(before), 0
  for _, tag in ipairs(after) do
    if places[tag] and places[tag] <= last then return false end
    last = places[tag] or last
  end
  return #append({}, before) == #before and #append({}, after) == #after
end

local function tags_patch(before, after, whole)
  if tags.equal(before, after) then return nil end
  local added, removed = tags.difference(before, after)
  local patch = { added = json.array(added), removed = json.array(removed), before = before }
  local appends = tags.equal(append(without(before, removed), added), after)
  if whole or not appends then patch.after = after end
  if whole or not appends and not keeps_order(before, after) then patch.whole = true end
  return patch
end

--- The whole list of tags after a patch of tags, from its list before.
function M.tags_after(patch)
  return patch.after or append(without(patch.before, patch.removed), patch.added)
end

-- Inserts a tag behind its nearest predecessor in `template` that the list has.
local function place(list, tag, template)
  local places = places_of(list)
  for i = places_of(template)[tag] - 1, 1, -1 do
    local at = places[template[i]]
    if at then return table.insert(list, at + 1, tag) end
  end
  table.insert(list, 1, tag)
end

local function merged_tags(patch, now)
  local list = without(now, patch.removed)
  if not patch.after then return append(list, patch.added) end
  local added = places_of(patch.added)
  for _, tag in ipairs(patch.after) do
    if added[tag] and not places_of(list)[tag] then place(list, tag, patch.after) end
  end
  return list
end

-- The list to write; nil if it is there already; nil, true if somebody changed it.
local function merge_tags(patch, now)
  local after = M.tags_after(patch)
  if tags.equal(now, after) then return nil end
  local is_before = tags.equal(now, patch.before)
    or patch.unsure and tags.equal(now, patch.between)
  if is_before then return after end
  if patch.whole then return nil, true end
  local list = merged_tags(patch, now)
  return not tags.equal(list, now) and list or nil
end

-- Scalars and keys -------------------------------------------------------------------------------

-- Whether `after` is to be written; nil, true if somebody wrote another value.
local function merge_value(values, now)
  if equal(now, values.after) then return false end
  if equal(now, values.before) then return true end
  if values.unsure and equal(now, values.between) then return true end
  return nil, true
end

-- The field with all its keys, to be written; nil if there is nothing to write. Adds to `drifted`
-- the names of the keys that somebody changed.
local function merge_keys(field, patch, now, drifted)
  local merged, changed = {}, false
  for key, value in pairs(now) do merged[key] = value end
  for key, values in pairs(patch) do
    local present = field == "permissions" and permissions.place(now, key) or key
    local write, drift = merge_value(values, now[present])
    if drift then drifted[#drifted + 1] = field .. "." .. key end
    if write then merged[present], changed = values.after, true end
  end
  if field == "permissions" and permissions.orphans(now, merged) then
    drifted[#drifted + 1] = "permissions (the other owners)"
    return nil
  end
  return changed and merged or nil
end

local function keys_patch(before, wanted, whole)
  local patch = {}
  for key, after in pairs(wanted) do
    if after == json.null then after = nil end
    if not equal(before[key], after) then patch[key] = { before = before[key], after = after } end
  end
  for key, value in pairs(whole and before or {}) do
    if wanted[key] == nil then patch[key] = { before = value } end
  end
  return next(patch) and patch or nil
end

-- Patches ----------------------------------------------------------------------------------------

--- of(asset, wanted [, options]) -> patch; nil if the asset is as wanted already.
--
-- wanted: the fields to write; custom_metadata is merged key by key, json.null removes a key;
-- permissions are the whole list of entries. options: replace_metadata (removes keys that `wanted`
-- does not name), whole_tags (the tags are the whole list).
function M.of(asset, wanted, options)
  local patch, whole = {}, options or {}
  for i = 1, #SCALARS do
    local field = SCALARS[i]
    local before, after = M.value(asset, field), wanted[field]
    if after ~= nil and before ~= after then patch[field] = { before = before, after = after } end
  end
  if wanted.tags then
    patch.tags = tags_patch(M.value(asset, "tags"), wanted.tags, whole.whole_tags)
  end
  if wanted.custom_metadata then
    patch.custom_metadata = keys_patch(M.value(asset, "custom_metadata"), wanted.custom_metadata,
      whole.replace_metadata)
  end
  if wanted.permissions then
    patch.permissions = keys_patch(M.value(asset, "permissions"), wanted.permissions, true)
  end
  return next(patch) and patch or nil
end

--- merge(patch, asset) -> wanted, drifted
--
-- wanted: the fields to write to the asset as it is now, with whole tags, custom_metadata and
-- entries of permissions; nil if there is nothing to write. drifted: names of the fields and keys
-- that are neither as they were before nor as they should be, which are not in `wanted`; nil if
-- there are none.
function M.merge(patch, asset)
  local wanted, drifted = {}, {}
  for i = 1, #SCALARS do
    local field = SCALARS[i]
    local write, drift
    if patch[field] then write, drift = merge_value(patch[field], M.value(asset, field)) end
    if write then wanted[field] = patch[field].after end
    if drift then drifted[#drifted + 1] = field end
  end
  if patch.tags then
    local list, drift = merge_tags(patch.tags, M.value(asset, "tags"))
    wanted.tags = list
    if drift then drifted[#drifted + 1] = "tags" end
  end
  for i = 1, #KEYED do
    local field = KEYED[i]
    local now = patch[field] and M.value(asset, field)
    if now then wanted[field] = merge_keys(field, patch[field], now, drifted) end
  end
  table.sort(drifted)
  return next(wanted) and wanted or nil, drifted[1] and drifted or nil
end

--- effective(patch, asset, wanted) -> the patch from the asset to the `wanted` of merge(patch,
-- asset). A journal keeps it, for an undo may take back only this.
function M.effective(patch, asset, wanted)
  return M.of(asset, wanted, { replace_metadata = true,
    whole_tags = patch.tags and patch.tags.whole })
end

local function reverse_tags(patch)
  local after = M.tags_after(patch)
  local reorders = #patch.added + #patch.removed == 0
  return { added = patch.removed, removed = patch.added, before = after, after = patch.before,
    whole = reorders or nil, unsure = patch.unsure, between = patch.between }
end

local function reverse_value(values)
  return { before = values.after, after = values.before, unsure = values.unsure,
    between = values.between }
end

--- reverse(patch) -> the patch that takes it back; the names of fields that cannot be taken back
-- because they had no value before (no update removes a mount), or nil if there are none.
function M.reverse(patch)
  local back, lost = {}, {}
  for _, field in ipairs(SCALARS) do
    local values = patch[field]
    if values and values.before ~= nil then
      back[field] = reverse_value(values)
    elseif values then
      lost[#lost + 1] = field
    end
  end
  back.tags = patch.tags and reverse_tags(patch.tags)
  for _, field in ipairs(KEYED) do
    for key, values in pairs(patch[field] or {}) do
      back[field] = back[field] or {}
      back[field][key] = reverse_value(values)
    end
  end
  return back, lost[1] and lost or nil
end

-- The patch of the tags without what `undone` took back: its changes count as part of `before`.
local function tags_without(patch, undone)
  if not (patch and undone) then return patch end
  if patch.whole then return nil end
  local before = append(without(patch.before, undone.added), undone.removed)
  return tags_patch(before, M.tags_after(patch))
end

local function keys_without(patch, undone)
  local left = {}
  for key, values in pairs(patch or {}) do
    if not (undone and undone[key]) then left[key] = values end
  end
  return next(left) and left or nil
end

--- without(patch, undone) -> the patch without the fields, keys and tags of `undone`, a patch that
-- took back part of `patch`. The result may be empty.
function M.without(patch, undone)
  local left = { tags = tags_without(patch.tags, undone.tags) }
  for _, field in ipairs(KEYED) do left[field] = keys_without(patch[field], undone[field]) end
  for _, field in ipairs(SCALARS) do left[field] = not undone[field] and patch[field] or nil end
  return left
end

local function valid_tags(change)
  return tags.is_list(change.added) and tags.is_list(change.removed)
    and tags.is_list(change.before) and (change.after == nil or tags.is_list(change.after))
end

local function valid_scalar(values, field)
  local expected = field == "archived" and "boolean" or "string"
  for _, side in ipairs { "before", "after" } do
    if values[side] ~= nil and type(values[side]) ~= expected then return false end
  end
  return values.after ~= nil and not (field == "name" and values.after == "")
end

local function valid_metadata(keys)
  for _, values in pairs(keys) do
    if type(values) ~= "table" then return false end
  end
  return true
end

local function valid_permissions(keys)
  if not valid_metadata(keys) then return false end
  for key, values in pairs(keys) do
    local good = permissions.valid_entry(key, values.before)
      and permissions.valid_entry(key, values.after)
    if not good then return false end
  end
  return true
end

local VALID = { tags = valid_tags, custom_metadata = valid_metadata,
  permissions = valid_permissions }
for _, field in ipairs(SCALARS) do VALID[field] = valid_scalar end

--- valid(value) -> whether it is a patch: files that hold patches may have been edited.
function M.valid(value)
  if type(value) ~= "table" then return false end
  for field, change in pairs(value) do
    if not VALID[field] or type(change) ~= "table" or not VALID[field](change, field) then
      return false
    end
  end
  return true
end

local function are_equal_sets(a, b)
  return #a == #b and #without(a, b) == 0 and #without(b, a) == 0
end

--- is_consistent(patch) -> whether the tags that a valid patch adds and removes are the difference
-- of its lists, each once. For patches that people may have written by hand.
function M.is_consistent(patch)
  local change = patch.tags
  if not change then return true end
  local added, removed = tags.difference(change.before, M.tags_after(change))
  return are_equal_sets(added, change.added) and are_equal_sets(removed, change.removed)
end

-- The values before and after of the keys of a patch's field.
local function sides_of(keys)
  if not keys then return nil end
  local before, after = {}, {}
  for key, values in pairs(keys) do before[key], after[key] = values.before, values.after end
  return { before = before, after = after }
end

--- fields(patch) -> {field = {before =, after =}} for a report: tags as whole lists, only the
-- changed keys of custom_metadata and permissions; without archived, which is not a field.
function M.fields(patch)
  local fields = {}
  for i = 1, #SCALARS do fields[SCALARS[i]] = patch[SCALARS[i]] end
  for i = 1, #KEYED do fields[KEYED[i]] = sides_of(patch[KEYED[i]]) end
  fields.archived = nil
  if patch.tags then
    fields.tags = { before = patch.tags.before, after = M.tags_after(patch.tags) }
  end
  return fields
end

return M
