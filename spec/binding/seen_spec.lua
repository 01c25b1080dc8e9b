-- Which rows of a page are new.

local core = require "codeocean.core"


local function rows(ids)
  local list = {}
  for id in ids:gmatch "." do list[#list + 1] = { id = id } end
  return list
end

local function ids(list)
  local text = ""
  for _, row in ipairs(list) do text = text .. row.id end
  return text
end


describe("seen:fresh", function()
  local cases = {
    { "abc", "abc" }, { "def", "def" }, { "fgh", "gh" }, { "fgh", "" }, { "xfx", "x" },
    { "aaabac", "abc" }, { "abc", "" }, { "", "" }, { "abc", "abc" },
  }

  it("gives what neither this page nor the one before had", function()
    local seen = core.seen()
    for _, case in ipairs(cases) do
      local page = rows(case[1])
      local fresh = seen:fresh(page)
      assert.equal(case[2], ids(fresh))
      assert.equal(case[1], ids(page))
      assert.equal(case[1] == case[2], fresh == page)
    end
  end)

  it("agrees with sets on any pages", function()
    local seen, before = core.seen(), {}
    for round = 1, 200 do
      local page, now, wanted = {}, {}, {}
      for i = 1, round do
        local id = ("%032d"):format(math.random(1, 500))
        page[i] = { id = id }
        if not before[id] and not now[id] then wanted[#wanted + 1] = page[i] end
        now[id] = true
      end
      assert.same(wanted, seen:fresh(page))
      before = now
    end
  end)

  it("refuses what is no list of rows with ids", function()
    assert.has_error(function() core.seen():fresh(1) end)
    assert.has_error(function() core.seen():fresh { {} } end)
  end)
end)
