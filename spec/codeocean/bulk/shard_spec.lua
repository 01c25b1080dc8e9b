-- Shards of a list of ids: disjoint, and the same for every spelling of an id.

local shard = require "codeocean.bulk.shard"

local function id(i)
  return ("%08x-0000-4000-8000-%012x"):format(i * 2654435761 & 0xffffffff, i)
end

describe("codeocean.bulk.shard", function()
  it("accepts {i, n} with i from 1 to n", function()
    for _, good in ipairs { { 1, 1 }, { 3, 8 }, { 8, 8 } } do assert.is_true(shard.valid(good)) end
    for _, bad in ipairs { { 0, 8 }, { 9, 8 }, { 1.5, 8 }, { "1", 8 }, {}, { 1 }, 3, "1/8" } do
      assert.is_false(shard.valid(bad))
    end
  end)

  it("puts each id into one part, and about as many into each", function()
    local counts = { 0, 0, 0, 0, 0, 0, 0, 0 }
    for i = 1, 4000 do
      local parts = 0
      for part = 1, 8 do
        if shard.holds({ part, 8 }, id(i)) then
          counts[part], parts = counts[part] + 1, parts + 1
        end
      end
      assert.equal(1, parts)
    end
    for _, count in ipairs(counts) do assert.is_true(count > 400 and count < 600, count) end
  end)

  it("knows an id in every spelling, and has all ids without a shard", function()
    for i = 1, 50 do
      local own = id(i)
      local bare = own:gsub("-", ""):upper()
      for part = 1, 3 do
        assert.equal(shard.holds({ part, 3 }, own), shard.holds({ part, 3 }, bare))
      end
      assert.is_true(shard.holds(nil, own))
    end
  end)
end)
