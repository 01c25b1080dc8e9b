--- Selection: the ids that a run works on, each once, in the journal before the first is read.
--
-- The search ends before the first write, for a write would shift its pages. What must hold: a
-- blank query or a search of the whole estate is refused unless the caller says `all`. A function
-- of the user's gets a copy of each row.

local copies = require "codeocean.bulk.plan.copies"
local core = require "codeocean.core"
local errors = require "codeocean.error"
local expressions = require "codeocean.expression"
local id_list = require "codeocean.bulk.journal.id_list"
local near_name = require "codeocean.near_name"
local queries = require "codeocean.assets.query"
local searches = require "codeocean.assets.search"
local shard = require "codeocean.bulk.shard"
local text = require "codeocean.text"

local M = {}

--- problem(spec) -> why the search of spec would select every asset without `all`: "query" (it is
-- blank), "where" (an expression that names no field), "nothing" (no parameter narrows the search);
-- nil if it would not.
function M.problem(spec)
  if spec.all then return nil end
  if spec.select.query ~= nil and queries.is_blank(spec.select.query) then return "query" end
  if not searches.is_everything(spec.select) then return nil end
  if not spec.where then return "nothing" end
  return expressions.is_constant(spec.where) and "where" or nil
end

local PROBLEMS = {
  query = "select: its query is blank, which",
  where = "where: it names no field of an asset, which",
  nothing = "select: it says nothing, which",
}

--- check(spec): raises for unknown parameters of a search, and for a selection of every asset
-- without `all`.
function M.check(spec)
  if not spec.select then return end
  searches.read("bulk.run", spec.select)
  local problem = PROBLEMS[M.problem(spec)]
  if not problem then return end
  local name, reason = problem:match "^(%l+): (.*)$"
  core.complain("bulk.run", name, reason .. " would select every asset; all = true (--all) says so")
end

-- The keys of filters that the API names; every other is a key of custom metadata.
local FILTER_KEYS = { name = true, description = true, tags = true }

local function unknown_key(key, fields)
  if fields[key] then return nil end
  local names = {}
  for _, known in ipairs { FILTER_KEYS, fields } do
    for name in pairs(known) do names[#names + 1] = name end
  end
  table.sort(names)
  return errors.refused("the filter on '%s' would exclude nothing: neither assets nor their custom "
    .. "metadata have such a key%s", text.escape(key), near_name.behind(key, names))
end

--- check_filters(client, spec) -> true; or nil, err: kind `refused` if a filter excludes by a key
-- that no asset has: a misspelt key would select the assets that it should exclude. Without a
-- schema of the deployment every key is accepted.
function M.check_filters(client, spec)
  local filters = not spec.resume and spec.select and spec.select.filters or {}
  for _, filter in ipairs(filters) do
    if filter.exclude and not FILTER_KEYS[filter.key] then
      local loaded, err = client.schema:load()
      if not loaded then return nil, err end
      local problem = client.schema.fields and unknown_key(filter.key, client.schema.fields)
      if problem then return nil, problem end
    end
  end
  return true
end

--- search(spec) -> the parameters of the search that selects. To unarchive or delete, it searches
-- among archived assets.
function M.search(spec)
  local params = { fields = not spec.where and { "id" } or nil }
  for name, value in pairs(spec.select) do
    if name ~= "fields" then params[name] = value end
  end
  local archived = spec.action == "unarchive" or spec.action == "delete"
  if archived and params.archived == nil then params.archived = true end
  return params
end

local function from_list(list)
  local i = 0
  return function()
    i = i + 1
    return list[i]
  end
end

-- Whether `where` selects a row of a search. If `where` raises, the row stays: the plan calls it
-- again with the asset as it is read then.
local function may_pass(where, row)
  if not where then return true end
  local ok, result = pcall(where, copies.for_function(where, row))
  if not ok and errors.is_interrupt(result) then error(result, 0) end
  return not ok or result and true or false
end

local function not_an_id(id)
  return errors.new { kind = "decode", operation = "search", outcome = "not_sent",
    message = ("a row has \"%s\" in place of an id; nothing was selected"):format(
      text.escape(id)) }
end

local function source_of(client, spec)
  if spec.ids then return type(spec.ids) == "table" and from_list(spec.ids) or spec.ids end
  local found = client.data_assets:each(M.search(spec))
  return function()
    local asset = found()
    while asset and not may_pass(spec.where, asset) do asset = found() end
    if asset and not core.is_id(asset.id) then error(not_an_id(asset.id), 0) end
    return asset and asset.id
  end
end

--- collect(client, spec) -> the ids that spec.ids or the search give, at most spec.limit, only
-- those of spec.shard: a codeocean.bulk.journal.id_list. Raises the error of a search that failed.
function M.collect(client, spec)
  local list = id_list.new()
  for id in source_of(client, spec) do
    if not core.is_id(id) then
      core.complain("bulk.run", "ids", ("data asset id expected, got %q"):format(tostring(id)))
    end
    if shard.holds(spec.shard, id) then list:add(id) end
    if spec.limit and list.count >= spec.limit then break end
  end
  return list
end

--- rows(spec) -> an iterator over spec.patches.rows, only those of spec.shard.
function M.rows(spec)
  local next_row = spec.patches.rows
  return function()
    for row in next_row do
      if shard.holds(spec.shard, row.id) then return row end
    end
  end
end

return M
