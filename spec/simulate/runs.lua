--- The kinds of bulk runs that actors begin: what each asks of the library, what it may change, and
-- how an asset looks once it is done.
--
-- A row: spec(k) -> fields for bulk.run; allows(k, difference) -> whether a run may have changed
-- that much; done(k, asset, archived) -> whether the run's wish is fulfilled.

local M = {}

local function only(...)
  local allowed = {}
  for _, name in ipairs { ... } do allowed[name] = true end
  return function(difference)
    for name in pairs(difference) do if not allowed[name] then return false end end
    return true
  end
end

local function has(list, tag)
  for _, own in ipairs(list or {}) do if own == tag then return true end end
  return false
end

-- The tags that came and went.
local function tag_difference(before, after)
  local added, removed = {}, {}
  for _, tag in ipairs(after) do if not has(before, tag) then added[#added + 1] = tag end end
  for _, tag in ipairs(before) do if not has(after, tag) then removed[#removed + 1] = tag end end
  return added, removed
end

local function equal(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return a == b end
  for key, value in pairs(a) do if not equal(value, b[key]) then return false end end
  for key in pairs(b) do if a[key] == nil then return false end end
  return true
end

M.equal = equal

--- difference(commit) -> what changed, as a set of "+tag", "-tag", "name", "key k", "archived",
-- "deleted".
function M.difference(commit)
  local set, before, after = {}, commit.before, commit.after
  if commit.archived_before ~= commit.archived_after then set.archived = true end
  if not after then return { deleted = true } end
  for _, name in ipairs { "name", "description", "mount" } do
    if before[name] ~= after[name] then set[name] = true end
  end
  local added, removed = tag_difference(before.tags, after.tags)
  for _, tag in ipairs(added) do set["+" .. tag] = true end
  for _, tag in ipairs(removed) do set["-" .. tag] = true end
  local keys = {}
  for key in pairs(before.custom_metadata or {}) do keys[key] = true end
  for key in pairs(after.custom_metadata or {}) do keys[key] = true end
  for key in pairs(keys) do
    local old, new = (before.custom_metadata or {})[key], (after.custom_metadata or {})[key]
    if not equal(old, new) then set["key " .. key] = true end
  end
  return set
end

M.KINDS = {
  add = {
    spec = function(k)
      return { rule = { tags = { add = { "t" .. k } } } }
    end,
    allows = function(k, difference) return only("+t" .. k)(difference) end,
    done = function(k, asset) return has(asset.tags, "t" .. k) end,
  },
  add_by_function = {
    spec = function(k)
      return { change = function(asset)
        table.insert(asset.tags, "t" .. k) -- the most natural rule: change what was handed out
        return { tags = asset.tags }
      end }
    end,
    allows = function(k, difference) return only("+t" .. k)(difference) end,
    done = function(k, asset) return has(asset.tags, "t" .. k) end,
  },
  remove = {
    spec = function() return { rule = { tags = { remove = { "base" } } } } end,
    allows = function(_, difference) return only("-base")(difference) end,
    done = function(_, asset) return not has(asset.tags, "base") end,
  },
  describe = {
    spec = function(k) return { rule = { fields = { description = "by " .. k } } } end,
    allows = function(_, difference) return only("description")(difference) end,
    done = function(k, asset) return asset.description == "by " .. k end,
    contested = true, -- others write the same field: drift is right
  },
  metadata = {
    spec = function(k) return { rule = { fields = { custom_metadata = { ["k" .. k] = k } } } } end,
    allows = function(k, difference) return only("key k" .. k)(difference) end,
    done = function(k, asset) return (asset.custom_metadata or {})["k" .. k] == k end,
  },
  archive = {
    spec = function() return { action = "archive" } end,
    allows = function(_, difference) return only("archived")(difference) end,
    done = function(_, _, archived) return archived end,
    contested = true,
  },
  unarchive = {
    spec = function() return { action = "unarchive" } end,
    allows = function(_, difference) return only("archived")(difference) end,
    done = function(_, _, archived) return not archived end,
    contested = true,
  },
  delete = {
    spec = function() return { action = "delete" } end,
    allows = function(_, difference) return only("deleted")(difference) end,
    done = function(_, asset) return asset == nil end,
    contested = true, destroys = true,
  },
}

M.NAMES = { "add", "add_by_function", "remove", "describe", "metadata", "archive", "unarchive",
  "delete" }

return M
