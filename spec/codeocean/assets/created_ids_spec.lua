-- The ids that a client created: how long they are kept, and how much memory they take.

local made = require "codeocean.assets.created_ids"

describe("the list of created ids", function()
  local now, list

  before_each(function()
    now = 1e6
    list = made.new(function() return now end)
  end)

  local function add(from, to)
    for i = from, to do list:add("id" .. i) end
  end

  it("forgets an id after some time", function()
    add(1, 1000)
    now = now + 30
    add(1001, 3000)
    assert.is_true(list:has "id1")
    now = now + 1000
    add(3001, 20000)
    assert.is_false(list:has "id1")
    assert.is_false(list:has "id3000")
    assert.is_true(list:has "id3001")
    assert.equal(17000, list.count)
  end)

  it("keeps the ids since the oldest create that is under way", function()
    local turn = list:begin()
    add(1, 1000)
    now = now + 1000
    do
      local other <close> = list:begin()
      add(1001, 9000)
      assert.equal(now, other.since)
    end
    assert.is_true(list:has "id1")
    getmetatable(turn).__close(turn)
    add(9001, 30000)
    assert.is_false(list:has "id1")
    assert.is_nil(next(list.open))
  end)

  it("takes no more memory after a million than before", function()
    local largest = 0
    for i = 1, 1000000 do
      if i % 100 == 0 then now = now + 1 end
      list:add("id" .. i)
      largest = math.max(largest, list.count)
    end
    assert.is_true(largest <= 2 * 60 * 100 + 256 + 200, largest)
  end)
end)
