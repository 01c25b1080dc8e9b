--- Joins two patches of one asset that were written one after the other. Pure.
--
-- Called by codeocean.bulk.undo for a line of the session that wrote to one asset several times.
-- What must hold: the joined patch, reversed and merged, gives the values before the first write,
-- whether an unsure second write was done or not; values that somebody else wrote between the two
-- stay.
--
-- A value or list whose last write is unsure has `unsure = true` and `between`, the value before
-- that write. In the reversed patch, merge() accepts `between` as it accepts `before`.

local equal = require "codeocean.equal"
local json = require "codeocean.json"
local patches = require "codeocean.bulk.plan.patch"
local tags = require "codeocean.tags"

local function follows(first, second)
  return equal(first.after, second.before)
    or first.unsure and equal(first.between, second.before)
end

-- If somebody wrote another value between the two writes, the joined patch is the second patch.
local function join_values(first, second, unsure)
  if not (first and second) then return first or second end
  if not follows(first, second) then return second end
  if not unsure and equal(first.before, second.after) then return nil end
  return { before = first.before, after = second.after, unsure = unsure,
    between = unsure and second.before }
end

-- A patch of tags whose second write is unsure. A tag counts as added or removed if `between`, the
-- list after the first write, or `after`, the list after both, differs from `before` in that tag.
local function unsure_tags(before, between, after, whole)
  local added, removed = tags.difference(before, after)
  local added_before, removed_before = tags.difference(before, between)
  local function union(a, b) return json.array((tags.change(a, { add = b }))) end
  return { added = union(added, added_before), removed = union(removed, removed_before),
    before = before, after = after, whole = whole, unsure = true, between = between }
end

-- The list before both writes is the list before the second, without the changes of the first.
local function join_tags(first, second, unsure)
  if not (first and second) then return first or second end
  local wanted, drifted = patches.merge(patches.reverse { tags = first }, { tags = second.before })
  if drifted then return second end
  local before, after = wanted and wanted.tags or second.before, patches.tags_after(second)
  local whole = first.whole or second.whole
  if unsure then return unsure_tags(before, second.before, after, whole) end
  local joined = patches.of({ tags = before }, { tags = after }, { whole_tags = whole })
  return joined and joined.tags
end

local function join_keys(first, second, unsure)
  local joined = {}
  for key, values in pairs(first or {}) do joined[key] = values end
  for key, values in pairs(second or {}) do
    joined[key] = join_values(joined[key], values, unsure)
  end
  return next(joined) and joined or nil
end

--- join(first, second [, unsure]) -> the patch with the effect of both, one after the other; it may
-- be empty. unsure: it is not known whether the second was written.
return function(first, second, unsure)
  local joined = { tags = join_tags(first.tags, second.tags, unsure) }
  for _, field in ipairs(patches.KEYED) do
    joined[field] = join_keys(first[field], second[field], unsure)
  end
  for _, field in ipairs(patches.SCALARS) do
    joined[field] = join_values(first[field], second[field], unsure)
  end
  return joined
end
