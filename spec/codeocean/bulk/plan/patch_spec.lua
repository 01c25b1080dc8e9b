-- Patches, by their properties over random assets, changes and other writers, and by example.

local equal = require "codeocean.equal"
local json = require "codeocean.json"
local patch = require "codeocean.bulk.plan.patch"

local ROUNDS = 3000
local TAGS = { "a", "b", "c", "d", "e", "f", "EEG", "x=1", "a,b" }
local KEYS = { "rig", "subject", "site", "age" }

local function list(words)
  local tags = json.array()
  for word in words:gmatch "%S+" do tags[#tags + 1] = word end
  return tags
end

-- Random values ----------------------------------------------------------------------------------

local function one_of(values) return values[math.random(#values)] end

local function random_tags(repeated)
  local tags, seen = json.array(), {}
  for _ = 1, math.random(0, 6) do
    local tag = one_of(TAGS)
    if repeated or not seen[tag] then tags[#tags + 1] = tag end
    seen[tag] = true
  end
  return tags
end

local function random_metadata()
  local data = {}
  for _, key in ipairs(KEYS) do
    if math.random(2) == 1 then data[key] = one_of { 1, 2, "x", json.array { 1, 2 } } end
  end
  return data
end

local function random_asset()
  return { id = "fea84ebf-b58b-4ad2-994d-7169dc3880fb", name = one_of { "n", "m" }, mount = "m",
    description = one_of { "", "d", "e" }, tags = random_tags(math.random(8) == 1),
    custom_metadata = math.random(3) > 1 and random_metadata() or nil, archived = false }
end

local function shuffled(tags)
  local copy = table.move(tags, 1, #tags, 1, json.array())
  for i = #copy, 2, -1 do
    local j = math.random(i)
    copy[i], copy[j] = copy[j], copy[i]
  end
  return copy
end

local function edited_tags(tags)
  local copy = json.array()
  for _, tag in ipairs(tags) do
    if math.random(4) > 1 then copy[#copy + 1] = tag end
  end
  local has = {}
  for _, tag in ipairs(copy) do has[tag] = true end
  for _ = 1, math.random(0, 2) do
    local tag = one_of(TAGS)
    if not has[tag] then table.insert(copy, math.random(#copy + 1), tag) end
    has[tag] = true
  end
  return math.random(10) == 1 and shuffled(copy) or copy
end

local function random_change(asset)
  local wanted = {}
  if math.random(2) == 1 then wanted.tags = edited_tags(asset.tags) end
  if math.random(3) == 1 then wanted.description = one_of { "", "new", "d" } end
  if math.random(4) == 1 then wanted.name = one_of { "n", "o" } end
  if math.random(3) == 1 then
    wanted.custom_metadata = random_metadata()
    if math.random(2) == 1 then wanted.custom_metadata[one_of(KEYS)] = json.null end
  end
  return wanted
end

-- The asset after a PUT of the fields.
local function written(asset, wanted)
  local after = {}
  for field, value in pairs(asset) do after[field] = value end
  for field, value in pairs(wanted or {}) do after[field] = value end
  return after
end

local function each(seed, check)
  math.randomseed(seed)
  local patches = 0
  for round = 1, ROUNDS do
    local asset = random_asset()
    local wanted = random_change(asset)
    local options = math.random(6) == 1 and { replace_metadata = true } or {}
    local found = patch.of(asset, wanted, options)
    if found then
      patches = patches + 1
      check(json.decode(json.encode(found)), asset, round)
    end
  end
  assert.is_true(patches > ROUNDS // 3)
end

local function has(tags)
  local set = {}
  for _, tag in ipairs(tags) do set[tag] = true end
  return set
end

describe("a patch", function()
  it("gives the wanted values, and no change when it is merged again", function()
    math.randomseed(1)
    local patches = 0
    for _ = 1, ROUNDS do
      local asset = random_asset()
      local wanted = random_change(asset)
      local found = patch.of(asset, wanted)
      if found then
        patches = patches + 1
        local merged, drifted = patch.merge(found, asset)
        assert.is_nil(drifted)
        local after = written(asset, merged)
        for field, value in pairs(wanted) do
          if field ~= "custom_metadata" then assert.are.same(value, after[field]) end
        end
        for key, value in pairs(wanted.custom_metadata or {}) do
          if value == json.null then value = nil end
          assert.are.same(value, (after.custom_metadata or {})[key])
        end
        assert.is_nil((patch.merge(found, after)))
        assert.is_nil((patch.of(after, wanted)))
      end
    end
    assert.is_true(patches > ROUNDS // 3)
  end)

  it("reversed restores the asset to the byte, order included", function()
    each(2, function(found, asset)
      local merged = assert(patch.merge(found, asset))
      local after = written(asset, merged)
      local back, lost = patch.reverse(patch.effective(found, asset, merged))
      assert.is_nil(lost)
      local restored = written(after, assert(patch.merge(back, after)))
      assert.are.same(asset.tags, restored.tags)
      assert.are.equal(asset.description, restored.description)
      assert.are.equal(asset.name, restored.name)
      assert.is_true(equal(asset.custom_metadata or {}, restored.custom_metadata or {}))
    end)
  end)

  it("merged after a write of somebody else changes nothing of theirs", function()
    each(3, function(found, asset, round)
      local theirs = written(asset, random_change(asset))
      theirs.custom_metadata = random_metadata()
      local merged, drifted = patch.merge(found, theirs)
      local after = written(theirs, merged)
      for _, field in ipairs { "name", "description", "mount" } do
        if not found[field] then assert.are.equal(theirs[field], after[field]) end
      end
      local named = {}
      for _, tag in ipairs(found.tags and found.tags.added or {}) do named[tag] = "added" end
      for _, tag in ipairs(found.tags and found.tags.removed or {}) do named[tag] = "removed" end
      local before_tags, after_tags = has(theirs.tags), has(after.tags)
      for _, tag in ipairs(TAGS) do
        if not named[tag] then
          assert.are.equal(before_tags[tag], after_tags[tag], "round " .. round)
        elseif not drifted or table.concat(drifted, " "):find("tags") == nil then
          assert.are.equal(named[tag] == "added" or nil, after_tags[tag], "round " .. round)
        end
      end
      for _, key in ipairs(KEYS) do
        if not (found.custom_metadata or {})[key] then
          assert.are.same(theirs.custom_metadata[key], after.custom_metadata[key])
        end
      end
      assert.is_nil((patch.merge(found, after)))
    end)
  end)

  it("of a field that somebody changed is drift, of the others it is written", function()
    local found = patch.of({ description = "old", name = "n", tags = list "a" },
      { description = "new", name = "m", tags = list "a b" })
    local merged, drifted = patch.merge(found, { description = "theirs", name = "n",
      tags = list "z a" })
    assert.are.same({ "description" }, drifted)
    assert.are.same({ name = "m", tags = list "z a b" }, merged)
  end)

  it("of tags that are reordered or set as a whole drifts with the list", function()
    for _, options in ipairs { {}, { whole_tags = true } } do
      local found = patch.of({ tags = list "b a" }, { tags = list "a b" }, options)
      local merged, drifted = patch.merge(found, { tags = list "b a z" })
      assert.is_nil(merged)
      assert.are.same({ "tags" }, drifted)
      assert.are.same({ tags = list "a b" }, (patch.merge(found, { tags = list "b a" })))
    end
  end)

  it("keeps a replaced tag in its place, though a tag came", function()
    local found = patch.of({ tags = list "x ephys y" }, { tags = list "x ecephys y" })
    assert.are.same({ tags = list "x ecephys y z" },
      (patch.merge(found, { tags = list "x ephys y z" })))
  end)

  it("of a whole list is taken back tag by tag", function()
    local asset = { tags = list "a b" }
    local found = patch.of(asset, { tags = list "q r" }, { whole_tags = true })
    local back = patch.reverse(patch.effective(found, asset, (patch.merge(found, asset))))
    assert.are.same({ tags = list "a b z" }, (patch.merge(back, { tags = list "q r z" })))
  end)

  it("removes metadata by key, or all of it on request", function()
    local asset = { custom_metadata = { rig = 1, site = "x" } }
    local one = patch.of(asset, { custom_metadata = { rig = json.null } })
    assert.are.same({ custom_metadata = { site = "x", age = 2 } },
      (patch.merge(one, { custom_metadata = { rig = 1, site = "x", age = 2 } })))
    local all = patch.of(asset, { custom_metadata = { rig = 2 } }, { replace_metadata = true })
    assert.are.same({ custom_metadata = { rig = 2, age = 2 } },
      (patch.merge(all, { custom_metadata = { rig = 1, site = "x", age = 2 } })))
  end)

  it("names what cannot be undone: an asset had no folder", function()
    local back, lost = patch.reverse(patch.of({}, { mount = "m", name = "n" }))
    assert.are.same({}, back)
    assert.are.same({ "mount", "name" }, (function() table.sort(lost) return lost end)())
  end)

  describe("of permissions", function()
    local FORM = { users = { { email = "a@b.c", role = "owner" } }, everyone = "none" }
    local function asset(form) return { permissions = form } end
    local wanted = { ["user a@b.c"] = "owner", ["user d@e.f"] = "viewer", everyone = "viewer" }

    it("has each entry by itself", function()
      local own = patch.of(asset(FORM), { permissions = wanted })
      assert.same({ permissions = { ["user d@e.f"] = { after = "viewer" },
        everyone = { before = "none", after = "viewer" } } }, own)
      assert.is_true(patch.valid(own))
      assert.same({ permissions = wanted }, (patch.merge(own, asset(FORM))))
      local back = patch.reverse(own)
      local now = { users = { { email = "a@b.c", role = "owner" }, { email = "d@e.f",
        role = "viewer" }, { email = "g@h.i", role = "editor" } }, everyone = "viewer" }
      assert.same({ permissions = { ["user a@b.c"] = "owner", ["user g@h.i"] = "editor",
        everyone = "none" } }, (patch.merge(back, asset(now))))
    end)

    it("finds a mail address that somebody wrote in other letters since", function()
      local own = patch.of(asset(FORM), { permissions = wanted })
      local function now(role)
        return asset { users = { { email = "a@b.c", role = "owner" },
          { email = "D@E.f", role = role } }, everyone = "viewer" }
      end
      local merged, drifted = patch.merge(own, now "editor")
      assert.same({ nil, { "permissions.user d@e.f" } }, { merged, drifted })
      assert.same({}, { patch.merge(own, now "viewer") })
      assert.same({ permissions = { ["user a@b.c"] = "owner", everyone = "none" } },
        (patch.merge(patch.reverse(own), now "viewer")))
    end)

    it("drifts where a role was changed since, and where the last owner would go", function()
      local own = { permissions = { ["user d@e.f"] = { before = "viewer" } } }
      local now = { users = { { email = "a@b.c", role = "owner" }, { email = "d@e.f",
        role = "editor" } } }
      local merged, drifted = patch.merge(own, asset(now))
      assert.same({ nil, { "permissions.user d@e.f" } }, { merged, drifted })
      local last = { permissions = { ["user a@b.c"] = { before = "owner" } } }
      merged, drifted = patch.merge(last, asset(FORM))
      assert.is_nil(merged)
      assert.same({ "permissions (the other owners)" }, drifted)
    end)

    it("is valid only with entries that there are", function()
      for _, keys in ipairs { { boss = { after = "viewer" } }, { everyone = { after = "owner" } },
        { ["user a@b"] = { after = "discoverable" } }, { everyone = "viewer" } } do
        assert.is_false(patch.valid { permissions = keys })
      end
    end)
  end)
end)
