-- Arithmetic of tag lists. The API replaces the whole list on every update, so a careful change is
-- a new list computed from a fresh one. Two tags are equal if their bytes are: "EEG" and "eeg" are
-- two tags. Pure: nothing given is modified, nothing is read or written.

local M = {}

local KEYS = { add = true, remove = true, replace = true, set = true }

local function problem_of_tag(tag, name)
  if type(tag) ~= "string" then
    return ("%s: a tag must be a string, got %s"):format(name, type(tag))
  elseif tag == "" then
    return ("%s: a tag must not be empty"):format(name)
  elseif not utf8.len(tag) then
    return ("%s: a tag must be valid UTF-8"):format(name)
  end
end

local function is_list(t)
  local n = 0
  for _ in pairs(t) do n = n + 1 end
  return n == #t
end

local function problem_of_tags(list, name)
  if type(list) ~= "table" or not is_list(list) then
    return ("%s must be a list of tags"):format(name)
  end
  for i, tag in ipairs(list) do
    local problem = problem_of_tag(tag, ("%s[%d]"):format(name, i))
    if problem then return problem end
  end
end

local function problem_of_pair(old, new, name)
  return problem_of_tag(old, name) or problem_of_tag(new, name)
end

local function problem_of_replace(replace)
  if type(replace) ~= "table" then
    return "changes.replace must be a table, old = new, or a list of pairs"
  end
  for key, value in pairs(replace) do
    local name = ("changes.replace[%s]"):format(tostring(key))
    local problem
    if math.type(key) ~= "integer" then
      problem = problem_of_pair(key, value, name)
    elseif type(value) ~= "table" or #value ~= 2 or not is_list(replace) then
      problem = name .. " must be a pair { old, new }"
    else
      problem = problem_of_pair(value[1], value[2], name)
    end
    if problem then return problem end
  end
end

local function set_of(list)
  local set = {}
  for _, tag in ipairs(list) do set[tag] = true end
  return set
end

local function problem_of_contradiction(changes)
  local adding = set_of(changes.add or {})
  for _, tag in ipairs(changes.remove or {}) do
    if adding[tag] then
      return ("changes.add and changes.remove both name %q"):format(tag)
    end
  end
end

-- Looks for a mistake in a table of changes, without changing anything.
--   changes  as for `change`
-- Returns true, or nil and a sentence that names what is wrong and where. A command uses it to
-- refuse its own arguments before `change` raises.
function M.check(changes)
  if type(changes) ~= "table" then return nil, "changes must be a table" end
  for key in pairs(changes) do
    if not KEYS[key] then
      return nil, ("changes.%s is unknown (add, remove, replace, set)"):format(tostring(key))
    end
  end
  local problem = changes.set and problem_of_tags(changes.set, "changes.set")
    or changes.replace and problem_of_replace(changes.replace)
    or changes.remove and problem_of_tags(changes.remove, "changes.remove")
    or changes.add and problem_of_tags(changes.add, "changes.add")
    or problem_of_contradiction(changes)
  if problem then return nil, problem end
  return true
end

-- All replacements of `map` at once, so that { a = "b", b = "a" } swaps. A new tag that the list
-- has anyway stays where it stands and the old one goes.
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
  list = replace[1] and replaced_in_order(list, replace) or replaced(list, replace)
  list = without(list, changes.remove or {})
  return with(list, changes.add or {})
end

-- Computes a new list of tags.
--   list     the tags as they are: a list of strings, or nil for none
--   changes  { set = list, replace = { [old] = new } or { { old, new }, ... }, remove = list,
--              add = list }, every field optional, applied in this order
-- The other tags keep their order and case. `set` starts from the given list instead. `replace`
-- as a map applies at once, as a list of pairs one after the other; the new tag takes the place
-- of the old one, unless the list has it already: then that one stays and the old one goes.
-- Duplicates are never added; those that were there before stay.
-- Returns the new list (always a fresh table), the tags it has and `list` had not, and the tags
-- that `list` had and it has not, each in the order of its list.
-- Raises on a wrong argument, also when a tag is both added and removed.
function M.change(list, changes)
  list = list or {}
  if type(list) ~= "table" then error("list must be a list of tags or nil", 2) end
  for i, tag in ipairs(list) do
    if type(tag) ~= "string" then error(("list[%d] must be a string"):format(i), 2) end
  end
  local ok, problem = M.check(changes)
  if not ok then error(problem, 2) end
  -- a list that JSON writes as [] stays one when its last tag goes
  local result = setmetatable(apply(list, changes), getmetatable(list))
  return result, M.difference(list, result)
end

-- The tags that `after` has and `before` had not, and those that `before` had and `after` has not,
-- each in the order of its list. Takes whatever a server holds: nothing is checked.
function M.difference(before, after)
  before, after = before or {}, after or {}
  return without(with({}, after), before), without(with({}, before), after)
end

-- Whether two lists hold the same tags in the same order. nil is the empty list.
function M.equal(a, b)
  a, b = a or {}, b or {}
  if #a ~= #b then return false end
  for i = 1, #a do
    if a[i] ~= b[i] then return false end
  end
  return true
end

return M
