--- The values wanted of an asset: from a user's function, or from a rule that a journal can hold.
--
-- Called when a run plans an asset. A user's function gets a copy of the asset, so that it may sort
-- or extend its lists. Its result is copied, and checked at once as an update checks its fields: a
-- misspelt field is refused in the plan, not in the middle of the writes.
--
-- A rule is the change of a command, as data: {tags = changes (codeocean.tags)}, {permissions =
-- changes (codeocean.assets.permissions)} or {fields = values}, with replace_metadata, whole_tags.
-- A resume plans the rest of a run by its rule.

local copies = require "codeocean.bulk.plan.copies"
local errors = require "codeocean.error"
local json = require "codeocean.json"
local system = require "codeocean.lua.system"
local options = require "codeocean.options"
local patches = require "codeocean.bulk.plan.patch"
local permissions = require "codeocean.assets.permissions"
local tags = require "codeocean.tags"
local text = require "codeocean.text"
local update_rows = require "codeocean.input.update_rows"
local updates = require "codeocean.assets.update"

local M = {}

local function refusal(id, name, problem)
  return errors.new { kind = "invalid", operation = "change", id = id, outcome = "not_sent",
    message = ("%s: %s"):format(name, problem) }
end

--- problem(wanted) -> the name of the wrong field, and its problem; nil if all are good.
function M.problem(wanted)
  if type(wanted) ~= "table" then
    return "change", ("table of fields or nil expected, got %s"):format(options.describe(wanted))
  elseif wanted[1] ~= nil then
    return "change", "table of fields expected, got a list; {tags = list} writes tags"
  end
  local fields = {}
  for name, value in pairs(wanted) do fields[name] = value end
  fields.permissions = nil
  local name, problem
  if wanted.permissions ~= nil then name, problem = permissions.problem(wanted.permissions) end
  if name or next(fields) == nil then return name, problem end
  return updates.problem(fields)
end

-- The result of a change, copied if a user's function may still edit it. An empty list of tags is
-- marked as a list.
local function own_values(change, wanted)
  local own = change.is_rule and wanted or copies.copy(wanted)
  if own.tags then json.array(own.tags) end
  return own
end

-- Replaces changes of permissions by the whole list of entries after them; nil, err if they cannot
-- be applied.
local function merge_permissions(asset, wanted)
  if wanted.permissions == nil then return wanted end
  if asset.permissions == nil then
    return nil, refusal(asset.id, "permissions", "the run must say permissions = true")
  end
  local before = permissions.entries(asset.permissions)
  local after = permissions.merged(before, wanted.permissions)
  if permissions.orphans(before, after) then return permissions.last_owner(asset.id) end
  local hidden = permissions.hidden(asset.id, asset.permissions,
    permissions.named(wanted.permissions))
  if hidden then return nil, hidden end
  wanted.permissions = after
  return wanted
end

-- Metadata as the schema converts them; nil, err if it refuses them. is_whole: they replace all
-- that the asset has.
local function fitted(schema, metadata, is_whole)
  if is_whole then return schema:checked_whole(metadata) end
  return schema:checked(metadata)
end

-- Replaces metadata by its values as the schema converts them; nil, err if the schema refuses them.
local function check_metadata(change, asset, wanted)
  if wanted.custom_metadata == nil or not change.schema then return wanted end
  local own, err = fitted(change.schema, wanted.custom_metadata, change.replace_metadata)
  if own then
    wanted.custom_metadata = own
    return wanted
  end
  err.id = asset.id
  return nil, err
end

-- The error of kind `script` for a mistake in a user's function, with its traceback. Its text is
-- escaped, for it may be any bytes, and a journal takes UTF-8.
local function traced(problem)
  if errors.is(problem) then return problem end
  if errors.is_interrupt(problem) then
    return errors.new { kind = "cancelled", message = "interrupted", outcome = "not_sent" }
  end
  return errors.new { kind = "script", outcome = "not_sent",
    message = text.valid(system.traceback(tostring(problem), 2)) }
end

--- patch(change, asset) -> patch; nil, status: the asset is left alone ("skipped") or is as wanted
-- already ("unchanged"); nil, nil, err: the change failed, or its result is refused. change: {fn,
-- is_rule (fn leaves the asset as it is and returns a new table), is_checked (its result was
-- checked before), whole_tags, replace_metadata, schema}.
function M.patch(change, asset)
  local ok, wanted = xpcall(change.fn, traced, change.is_rule and asset or copies.copy(asset))
  if not ok then return nil, nil, wanted end
  if wanted == nil then return nil, "skipped" end
  local name, problem
  if not change.is_checked then name, problem = M.problem(wanted) end
  if name then return nil, nil, refusal(asset.id, name, problem) end
  local fields, err = merge_permissions(asset, own_values(change, wanted))
  if fields then fields, err = check_metadata(change, asset, fields) end
  if not fields then return nil, nil, err end
  local patch = patches.of(asset, fields, change)
  return patch, not patch and "unchanged" or nil
end

--- by_values(values, schema) -> a change that writes the values of a row of a sheet
-- (codeocean.input.update_rows).
function M.by_values(values, schema)
  return { is_rule = true, schema = schema,
    fn = function(asset) return update_rows.change(asset, values) end }
end

--- check_rule(schema, rule, replace_metadata) -> true; or nil, err if an update would refuse the
-- rule's values, or the schema its custom metadata. Called before the journal is created.
function M.check_rule(schema, rule, replace_metadata)
  if not rule then return true end
  local name, problem
  if not rule.tags then name, problem = M.problem(rule.fields or rule) end
  if name then return nil, refusal(nil, name, problem) end
  local data = rule.fields and rule.fields.custom_metadata
  if not data then return true end
  return fitted(schema, data, replace_metadata)
end

local function fields_of(fields)
  local own = {}
  for name, value in pairs(fields) do own[name] = value end
  return own
end

--- rule(rule) -> the rule as a function of an asset; raises for changes of tags that tags.change
-- refuses.
function M.rule(rule)
  if rule.fields then return function() return fields_of(rule.fields) end end
  if rule.permissions then return function() return { permissions = rule.permissions } end end
  local changed = tags.changer(rule.tags)
  return function(asset) return { tags = changed(asset.tags) } end
end

return M
