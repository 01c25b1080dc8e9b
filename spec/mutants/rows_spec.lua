-- The rows of the mutants: each text is in its file, once, so that `make mutants` can break it.

local process = require "process"

describe("the mutants", function()
  it("break texts that are in their files, once each", function()
    local rows = dofile "spec/mutants/rows.lua"
    assert.is_true(#rows > 100)
    for _, row in ipairs(rows) do
      local content = process.read(row[2])
      local _, last = content:find(row[3], 1, true)
      assert.is_truthy(last, row[1])
      assert.is_nil(content:find(row[3], last + 1, true), row[1])
    end
  end)
end)
