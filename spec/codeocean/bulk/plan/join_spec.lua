-- Joining two patches of one asset. By property: several writes, of which some may not have been
-- done, are taken back as a whole. And by example.

local join = require "codeocean.bulk.plan.join"
local json = require "codeocean.json"
local patch = require "codeocean.bulk.plan.patch"

local ROUNDS = 6000
local TAGS = { "a", "b", "c", "d" }

local function one_of(values) return values[math.random(#values)] end

local function random_tags()
  local tags = json.array()
  for _, tag in ipairs(TAGS) do
    if math.random(2) == 1 then table.insert(tags, math.random(#tags + 1), tag) end
  end
  return tags
end

local function random_values()
  return { name = one_of { "n", "m" }, description = one_of { "", "d", "e" }, tags = random_tags(),
    custom_metadata = { rig = one_of { 1, 2, 3 }, site = one_of { "x", "y" } } }
end

local function written(asset, wanted)
  local after = {}
  for field, value in pairs(asset) do after[field] = value end
  for field, value in pairs(wanted or {}) do after[field] = value end
  return after
end

-- Some writes one after the other, of which some are unsure, done or not: what they join to, and
-- the asset at the end.
local function random_writes(asset)
  local joined, now, writes = nil, asset, 0
  for _ = 1, math.random(2, 5) do
    local found = patch.of(now, random_values(), { replace_metadata = true,
      whole_tags = math.random(3) == 1 })
    local unsure = math.random(3) == 1
    if found then
      writes = writes + 1
      joined = joined and join(joined, found, unsure) or found
      if not unsure or math.random(2) == 1 then
        now = written(now, (patch.merge(found, now)))
      end
    end
  end
  return joined, now, writes
end

describe("joined patches", function()
  it("are undone as a whole, whichever of the unknown writes were done", function()
    math.randomseed(5)
    local several = 0
    for round = 1, ROUNDS do
      local asset = written({ id = "x" }, random_values())
      local joined, now, writes = random_writes(asset)
      several = several + (writes > 1 and 1 or 0)
      local back = patch.reverse(json.decode(json.encode(joined or {})))
      assert.is_true(patch.valid(back))
      local wanted, drifted = patch.merge(back, now)
      assert.is_nil(drifted, "round " .. round)
      local restored = written(now, wanted)
      for field, value in pairs(asset) do
        assert.are.same(value, restored[field], ("round %d: %s"):format(round, field))
      end
      assert.is_nil((patch.merge(back, restored)))
    end
    assert.is_true(several > ROUNDS * 0.9)
  end)

  it("leave alone a value that somebody wrote between the two", function()
    local asset = { name = "n", description = "a", tags = {} }
    local first = patch.of(asset, { description = "b", tags = { "x" } })
    local second = patch.of({ name = "n", description = "theirs", tags = { "x" } },
      { description = "c", tags = { "x", "y" } })
    local joined = join(first, second)
    assert.are.same({ before = "theirs", after = "c" }, joined.description)
    assert.are.same({ "x", "y" }, joined.tags.added)
  end)

  it("leave alone the tag that somebody added after an unknown write", function()
    local first = patch.of({ tags = json.array() }, { tags = { "x" } })
    local second = patch.of({ tags = { "x" } }, { tags = json.array() })
    local back = patch.reverse(join(first, second, true))
    for _, now in ipairs { { "x", "theirs" }, { "theirs" } } do
      local after = written({ tags = now }, (patch.merge(back, { tags = now })))
      assert.are.same({ "theirs" }, after.tags)
    end
  end)
end)
