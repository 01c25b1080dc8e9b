--- Computes new lists of tags from old ones.
--
-- The API replaces the whole list on every update, so a careful change is a new list computed
-- from a fresh one. Called by scripts, commands and bulk runs. Two tags are equal if their bytes
-- are: "EEG" and "eeg" are two tags. Nothing given is modified, nothing is sent.

require "codeocean.lua.version"

local core = require "codeocean.core"
local options = require "codeocean.options"

local M = {}

local number_type = math.type

local function tag_type(value)
  if type(value) ~= "string" or value == "" then return "tag that is not empty" end
  if not utf8.len(value) then return "tag in valid UTF-8" end
end

local tag_list = options.list(tag_type)

local function pair_type(value)
  if type(value) ~= "table" or #value ~= 2 or tag_list(value) then return "pair {old, new}" end
end

-- {old = new}, or a list of pairs.
local function replacements(value)
  if type(value) ~= "table" then return "table {old = new} or list of pairs" end
  if value[1] ~= nil then return options.list(pair_type)(value) end
  for old, new in pairs(value) do
    local expected = tag_type(old) or tag_type(new)
    if expected then
      return expected, ("[%s]"):format(tostring(old)), tag_type(old) and old or new
    end
  end
end

M.CHANGES = {
  { "set", nil, tag_list },
  { "replace", nil, replacements },
  { "remove", nil, tag_list },
  { "add", nil, tag_list },
  called = "change",
}

local function set_of(list)
  local set = {}
  for _, tag in ipairs(list) do set[tag] = true end
  return set
end

local function contradiction(changes)
  local adding = set_of(changes.add or {})
  for _, one in ipairs(changes.remove or {}) do
    if adding[one] then return "add", ("%s is in remove too"):format(options.describe(one)) end
  end
end

-- The first wrong field of a table of changes and what is wrong with it; nil if all are good.
local function problem_of(changes)
  if type(changes) ~= "table" then
    return "changes", "table expected, got " .. type(changes)
  end
  local name, problem = options.problem(M.CHANGES, changes)
  if not name then name, problem = contradiction(changes) end
  if name then return "changes." .. name, problem end
end

--- check(changes) -> true; or nil and a sentence that names what is wrong and where.
--
-- `changes` as for change(). A command uses it to refuse its own arguments before change() raises.
function M.check(changes)
  local name, problem = problem_of(changes)
  if name then return nil, ("%s: %s"):format(name, problem) end
  return true
end

-- Applies all replacements of `map` at once, so that { a = "b", b = "a" } swaps. If the list
-- already holds the new tag, the new tag keeps its place and the old tag is removed.
local function replaced(list, map)
  local result, present = {}, {}
  for _, tag in ipairs(list) do
    if (map[tag] or tag) == tag then present[tag] = true end
  end
  for _, tag in ipairs(list) do
    local new = map[tag] or tag
    if new == tag then
      result[#result + 1] = tag
    elseif not present[new] then
      present[new] = true
      result[#result + 1] = new
    end
  end
  return result
end

local function replaced_in_order(list, pairs_in_order)
  for _, pair in ipairs(pairs_in_order) do
    list = replaced(list, { [pair[1]] = pair[2] })
  end
  return list
end

local function without(list, unwanted)
  local result, drop = {}, set_of(unwanted)
  for _, tag in ipairs(list) do
    if not drop[tag] then result[#result + 1] = tag end
  end
  return result
end

local function with(list, wanted)
  local result, present = table.move(list, 1, #list, 1, {}), set_of(list)
  for _, tag in ipairs(wanted) do
    if not present[tag] then
      present[tag] = true
      result[#result + 1] = tag
    end
  end
  return result
end

local function apply(list, changes)
  local replace = changes.replace or {}
  if changes.set then list = with({}, changes.set) end
  if replace[1] then list = replaced_in_order(list, replace)
  elseif next(replace) then list = replaced(list, replace) end
  if changes.remove then list = without(list, changes.remove) end
  return with(list, changes.add or {})
end

-- Keeps the mark of a JSON array, so that a list without tags is written as [].
local function changed(list, changes)
  return setmetatable(apply(list or {}, changes), getmetatable(list))
end

local strings = options.list(options.string)

local function check_list(list)
  options.check_value("tags.change", "list", strings, list or {})
end

local function check_changes(changes)
  local name, problem = problem_of(changes)
  if name then core.complain("tags.change", name, problem) end
end

--- change(list, changes) -> new list, added, removed.
--
-- `list`: the tags as they are, strings; nil for none. `changes`: {set = list, replace = {[old] =
-- new} or {{old, new}, …}, remove = list, add = list}, each optional, applied in this order. `set`
-- is the list to start from, in place of `list`. The replacements of a map are applied all at once,
-- those of a list of pairs one after the other. The new tag takes the place of the old one; if the
-- list already holds the new tag, that tag keeps its place and the old one is removed. The other
-- tags keep their order. Duplicates are never added; those in `list` stay. The new list is a fresh
-- table; `added` are the tags that only the new list has, `removed` those that only `list` has.
-- Raises on a wrong argument, also when a tag is both added and removed.
function M.change(list, changes)
  check_list(list)
  check_changes(changes)
  local result = changed(list, changes)
  return result, M.difference(list, result)
end

--- changer(changes) -> a function: list -> the new list of change(list, changes). The changes are
-- checked once, for many lists.
function M.changer(changes)
  check_changes(changes)
  return function(list)
    check_list(list)
    return changed(list, changes)
  end
end

-- The tags of `list`, each once, that `other` does not have.
local function only_in(list, other)
  local result, seen = {}, set_of(other)
  for _, tag in ipairs(list) do
    if not seen[tag] then
      seen[tag] = true
      result[#result + 1] = tag
    end
  end
  return result
end

--- is_list(value) -> whether it is a list of texts. A server may send tags that change() refuses.
function M.is_list(value)
  if type(value) ~= "table" then return false end
  for key, tag in pairs(value) do
    if number_type(key) ~= "integer" or type(tag) ~= "string" then return false end
  end
  return true
end

--- difference(before, after) -> added, removed: the tags that only `after` has, and those that only
-- `before` has, each in the order of its list. Checks nothing: a server may hold any tags.
function M.difference(before, after)
  before, after = before or {}, after or {}
  return only_in(after, before), only_in(before, after)
end

--- equal(a, b) -> whether both lists hold the same tags in the same order. nil is the empty list.
function M.equal(a, b)
  if a == b then return true end
  a, b = a or {}, b or {}
  local last = 0
  for i, tag in ipairs(a) do
    if b[i] ~= tag then return false end
    last = i
  end
  return b[last + 1] == nil
end

return M
