--- The kinds of bulk runs that actors start: the options of each, what it may change, and how an
-- asset is when it is done.
--
-- A row: spec(k) -> fields for bulk.run, of the k-th actor; may(k) -> names of what the run may
-- change of an asset, as difference() gives them; done(k, asset, archived) -> whether the run's
-- wish is fulfilled. acts: it changes no fields; destroys: it deletes. fn: its change is a
-- function, which no journal holds.

local json = require "codeocean.json"
local permissions = require "codeocean.assets.permissions"

local M = {}

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

-- Permissions as entries: {"user MAIL" = role, "group NAME" = role, everyone, share_assets}.
local function entries(asset)
  return asset.permissions and permissions.entries(asset.permissions)
end

-- Adds "KIND KEY" for each key whose values differ.
local function add_keys(set, kind, before, after)
  local keys = {}
  for key in pairs(before or {}) do keys[key] = true end
  for key in pairs(after or {}) do keys[key] = true end
  for key in pairs(keys) do
    if not equal((before or {})[key], (after or {})[key]) then set[kind .. " " .. key] = true end
  end
end

--- difference(commit) -> what changed, as a set of "+tag", "-tag", "name", "key k", "share k",
-- "archived", "deleted".
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
  add_keys(set, "key", before.custom_metadata, after.custom_metadata)
  add_keys(set, "share", entries(before), entries(after))
  return set
end

-- The rows ---------------------------------------------------------------------------------------

local function tag_of(k) return "t" .. k end

local function mail_of(k) return ("u%d@x"):format(k) end

local function always(...)
  local names = { ... }
  return function() return names end
end

M.KINDS = {
  add = {
    spec = function(k) return { rule = { tags = { add = { tag_of(k) } } } } end,
    may = function(k) return { "+" .. tag_of(k) } end,
    done = function(k, asset) return has(asset.tags, tag_of(k)) end,
  },
  add_by_function = {
    spec = function(k)
      return { change = function(asset)
        table.insert(asset.tags, tag_of(k)) -- the most natural rule: change what was handed out
        return { tags = asset.tags }
      end }
    end,
    may = function(k) return { "+" .. tag_of(k) } end,
    done = function(k, asset) return has(asset.tags, tag_of(k)) end,
    fn = true,
  },
  remove = {
    spec = function() return { rule = { tags = { remove = { "base" } } } } end,
    may = always "-base",
    done = function(_, asset) return not has(asset.tags, "base") end,
  },
  replace = {
    spec = function(k) return { rule = { tags = { replace = { odd = tag_of(k) } } } } end,
    may = function(k) return { "-odd", "+" .. tag_of(k) } end,
    done = function(_, asset) return not has(asset.tags, "odd") end,
  },
  set = {
    spec = function(k)
      return { rule = { tags = { set = { "base", tag_of(k) } } }, whole_tags = true }
    end,
    may = function(k) return { "tags", "+" .. tag_of(k), "+base" } end,
    done = function(k, asset) return #asset.tags == 2 and has(asset.tags, tag_of(k)) end,
  },
  describe = {
    spec = function(k) return { rule = { fields = { description = "by " .. k } } } end,
    may = always "description",
    done = function(k, asset) return asset.description == "by " .. k end,
  },
  rename_by_function = {
    spec = function(k)
      return { change = function(asset)
        asset.tags[#asset.tags + 1] = "not returned" -- so it is not written
        asset.custom_metadata.rig = nil
        return { name = asset.name:gsub(" by %d+$", "") .. " by " .. k }
      end }
    end,
    may = always "name",
    done = function(k, asset) return asset.name:find(" by " .. k .. "$") ~= nil end,
    fn = true,
  },
  metadata = {
    spec = function(k) return { rule = { fields = { custom_metadata = { ["k" .. k] = k } } } } end,
    may = function(k) return { "key k" .. k } end,
    done = function(k, asset) return (asset.custom_metadata or {})["k" .. k] == k end,
  },
  take_key_out = {
    spec = function() return { rule = { fields = { custom_metadata = { rig = json.null } } } } end,
    may = always "key rig",
    done = function(_, asset) return (asset.custom_metadata or {}).rig == nil end,
  },
  two_fields = {
    spec = function(k)
      return { rule = { fields = { description = "two " .. k, mount = "f" .. k } } }
    end,
    may = always("description", "mount"),
    done = function(k, asset) return asset.mount == "f" .. k end,
  },
  share = {
    spec = function(k)
      return { rule = { permissions = { users = { [mail_of(k)] = "viewer" } } } }
    end,
    may = function(k) return { "share user " .. mail_of(k) } end,
    done = function(k, asset) return entries(asset)["user " .. mail_of(k)] == "viewer" end,
  },
  unshare = {
    spec = function()
      return { rule = { permissions = { users = { ["base@x"] = "none" }, everyone = "viewer" } } }
    end,
    may = always("share user base@x", "share everyone"),
    done = function(_, asset)
      return entries(asset)["user base@x"] == nil and entries(asset).everyone == "viewer"
    end,
  },
  archive = {
    spec = function() return { action = "archive" } end,
    may = always "archived", acts = true,
    done = function(_, _, archived) return archived end,
  },
  unarchive = {
    spec = function() return { action = "unarchive" } end,
    may = always "archived", acts = true,
    done = function(_, _, archived) return not archived end,
  },
  delete = {
    spec = function() return { action = "delete" } end,
    may = always "deleted", acts = true,
    done = function(_, asset) return asset == nil end,
    destroys = true,
  },
}

M.NAMES = {}
for name in pairs(M.KINDS) do M.NAMES[#M.NAMES + 1] = name end
table.sort(M.NAMES)

--- beyond(names, difference) -> the name of something that changed and is not named, or nil.
-- "tags" names every tag that goes.
function M.beyond(names, difference)
  local allowed = {}
  for _, name in ipairs(names) do allowed[name] = true end
  local beyond = {}
  for name in pairs(difference) do
    local any_tag = allowed.tags and name:sub(1, 1) == "-"
    if not (allowed[name] or any_tag) then beyond[#beyond + 1] = name end
  end
  table.sort(beyond)
  return beyond[1]
end

--- is_one_value(list) -> whether a tag stands twice in it: such a list counts as one value.
function M.is_one_value(list)
  local found = {}
  for _, tag in ipairs(list) do
    if found[tag] then return true end
    found[tag] = true
  end
  return false
end

-- "+x" and "-x" are about one tag; or about the list, if that is one value.
local function subject(name, one_value)
  return (name:gsub("^[+-](.*)", one_value and "tags" or "tag %1"))
end

--- touches(names, difference [, one_value]) -> whether something changed that the names are about.
-- one_value: whether the list of tags counts as one.
function M.touches(names, difference, one_value)
  local about = {}
  for _, name in ipairs(names) do about[subject(name, one_value)] = true end
  for name in pairs(difference) do
    local tag = name:find "^[+-]"
    if about[subject(name, one_value)] or about.tags and tag or name == "deleted" then
      return true
    end
  end
  return false
end

return M
