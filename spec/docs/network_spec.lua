-- docs/network.md names an existing spec for each behaviour.

local process = require "process"

describe("docs/network.md", function()
  it("names specs that exist", function()
    local count = 0
    for name in process.read("docs/network.md"):gmatch "`([%w_/]+)`" do
      local path = name:match "_spec$" and "spec/" .. name .. ".lua"
        or name:match "_test$" and "spec/" .. name .. ".c"
      if path then
        count = count + 1
        local file = io.open(path)
        assert.is_truthy(file, path)
        file:close()
      end
    end
    assert.is_true(count > 30)
  end)
end)
