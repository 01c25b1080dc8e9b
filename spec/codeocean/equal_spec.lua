-- Deep equality: rows of equal and of different values.

local equal = require "codeocean.equal"
local json = require "codeocean.json"

describe("codeocean.equal", function()
  local rows = {
    { 1, 1, true }, { 1, 1.0, true }, { "1", 1, false }, { nil, nil, true }, { nil, false, false },
    { json.null, json.null, true }, { json.null, nil, false }, { {}, {}, true },
    { {}, json.array(), true }, { { 1, 2 }, { 1, 2 }, true }, { { 1, 2 }, { 2, 1 }, false },
    { { a = { b = { 1 } } }, { a = { b = { 1 } } }, true }, { { a = 1 }, { a = 1, b = 2 }, false },
    { { a = { b = 1 } }, { a = { b = 2 } }, false }, { { a = 1 }, "a", false },
    { 9007199254740993, 9007199254740992, false }, { 0 / 0, 0 / 0, false },
  }
  for i, row in ipairs(rows) do
    it("compares both ways, row " .. i, function()
      assert.equal(row[3], equal(row[1], row[2]))
      assert.equal(row[3], equal(row[2], row[1]))
    end)
  end
end)
