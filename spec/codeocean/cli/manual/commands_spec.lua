-- The list of commands that the manual is made from.

local manual = require "manual_text"
local process = require "process"

describe("the commands of the manual", function()
  it("are all commands, each with its options and their help", function()
    local seen, count = {}, 0
    for _, row in ipairs(manual.commands()) do
      assert.is_true(row.about ~= "", row.name .. " " .. row.option)
      seen[row.name] = true
    end
    for name in process.shell("ls scripts").out:gmatch "(%l+)%.lua\n" do
      count = count + 1
      assert.is_true(seen[name], name)
    end
    assert.is_true(count > 25, count)
  end)
end)
