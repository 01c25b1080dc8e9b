-- A list of ids: 16 bytes an id, each id once.

local core = require "codeocean.core"
local id_list = require "codeocean.bulk.journal.id_list"

local function id(i) return ("%08x-0000-4000-8000-%012x"):format(i % 7, i) end

describe("a list of ids", function()
  it("returns the ids in their order, in one spelling", function()
    local list = id_list.new()
    for i = 1, 2500 do assert.is_true(list:add(id(i))) end
    assert.are.equal(2500, list.count)
    for i = 1, 2500 do assert.are.equal(id(i), list:get(i)) end
    assert.are.same({ nil, nil }, { list:get(0), list:get(2501) })
    list:seal()
    assert.are.equal(id(1000), list:get(1000))
  end)

  it("holds each id once, whatever its spelling, though halves of two are alike", function()
    local list = id_list.new()
    assert.is_true(list:add "fea84ebf-b58b-4ad2-994d-7169dc3880fb")
    assert.is_false(list:add "FEA84EBFB58B4AD2994D7169DC3880FB")
    assert.is_true(list:add "fea84ebf-b58b-4ad2-994d-7169dc3880fc")
    assert.is_true(list:add "fea84ebf-b58b-4ad2-994d-7169dc3880fd")
    assert.is_false(list:add "fea84ebf-b58b-4ad2-994d-7169dc3880fc")
    assert.is_true(list:has "fea84ebf-b58b-4ad2-994d-7169dc3880fb")
    assert.is_false(list:has "fea84ebf-b58b-4ad2-994d-7169dc3880fe")
    assert.is_nil(list:add "../x")
    assert.are.equal(3, list.count)
  end)

  it("has a hash of its ids and their order", function()
    local function hash(...)
      local list = id_list.new()
      for _, i in ipairs { ... } do list:add(id(i)) end
      return list:hash()
    end
    assert.are.equal(hash(1, 2, 3), hash(1, 2, 3))
    assert.are_not.equal(hash(1, 2, 3), hash(1, 3, 2))
    assert.are_not.equal(hash(1, 2, 3), hash(1, 2))
  end)

  it("of 100,000 takes less than 30 bytes an id once it is whole", function()
    if _VERSION == "Lua 5.3" then return pending "an element of a table has 16 bytes there" end
    collectgarbage()
    local before = collectgarbage "count"
    local list = id_list.new()
    for i = 1, 100000 do list:add(id(i)) end
    list:seal()
    collectgarbage()
    assert.is_true((collectgarbage "count" - before) * 1024 < 30 * 100000)
    assert.is_truthy(core.is_id(list:get(100000)))
  end)
end)
