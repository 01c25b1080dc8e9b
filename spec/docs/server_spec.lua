-- docs/server.md names every path, field and parameter that the sandbox reads.

local process = require "process"

describe("docs/server.md", function()
  local page = process.read "docs/server.md"

  -- What a pattern with one capture finds in a source file of the sandbox.
  local function names(path, pattern)
    local list = {}
    for name in process.read("src/sandbox/" .. path):gmatch(pattern) do list[#list + 1] = name end
    return list
  end

  local function check(list, least)
    assert.is_true(#list >= least, #list)
    for _, name in ipairs(list) do
      assert.truthy(page:find("[`.,{ ]" .. name:gsub("%p", "%%%0") .. "[`?.\",}[ ]"), name)
    end
  end

  it("has every path", function()
    local paths = names("http/route.c", 'BASE ("[^"]*"),')
    assert.is_true(#paths >= 11)
    for _, path in ipairs(paths) do
      path = "/data_assets" .. path:gsub('"', ""):gsub("{}", "{id}")
      assert.truthy(page:find(path, 1, true), path)
    end
    for _, path in ipairs(names("http/route.c", '"%u+",%s+"/api/v1([^"]*)"')) do
      assert.truthy(page:find(" " .. path .. "`", 1, true), path)
    end
  end)

  it("has every field of a body", function()
    check(names("api/create.c", '{"[%w_.]-([%w_]+)",%s+SB_'), 40)
    for _, file in ipairs { "asset", "permissions", "transfer" } do
      check(names("api/" .. file .. ".c", '{"[%w_.]-([%w_]+)",%s+SB_'), 4)
    end
  end)

  it("has every parameter of a search", function()
    check(names("api/criteria.c", '{"([%w_]+)",%s+read_'), 20)
  end)
end)
