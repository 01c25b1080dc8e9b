-- The layout of tables, column by column.

local grid = require "codeocean.output.table"
local text = require "codeocean.text"

local ID = "27b4d7ec-a2f8-4c8d-9be5-361d33e50bf0"

local function asset(fields)
  local row = { id = ID, name = "n", type = "dataset", state = "ready", size = 1, created = 1 }
  for key, value in pairs(fields) do row[key] = value end
  return row
end

describe("codeocean.output.table", function()
  it("measures on a sample and writes rows one by one", function()
    local layout = grid.new({ "name", "files" }, { { name = "abc", files = 10 } }, {})
    assert.equal("NAME  FILES", layout:header())
    assert.equal("abc      10", layout:line { name = "abc", files = 10 })
  end)

  it("cuts nothing without a width, even beyond the sample", function()
    local layout = grid.new({ "name", "files" }, { { name = "abc", files = 10 } }, {})
    assert.equal("a long name      7", layout:line { name = "a long name", files = 7 })
  end)

  it("cuts what is wider than the sample if there is a width", function()
    local layout = grid.new({ "name", "id" }, { { name = "abcdef" } }, { width = 60 })
    assert.equal("a lon…  " .. ID, layout:line { name = "a long name", id = ID })
  end)

  it("puts numbers to the right, mixed columns to the left", function()
    local layout = grid.new({ "a", "b" }, { { a = 1000, b = 1000 }, { b = "x" } }, {})
    assert.equal("   1  1", layout:line { a = 1, b = 1 })
  end)

  for _, width in ipairs { 60, 72, 80, 100, 120, 160, 240 } do
    it("fits into " .. width .. " columns with whole ids", function()
      local row = asset { name = ("長い名前 "):rep(30), tags = { ("tag "):rep(20), "b" } }
      local layout = grid.new(nil, { row }, { width = width })
      local line = layout:line(row)
      assert.is_true(text.width(line) <= width)
      assert.is_true(text.width(layout:header()) <= width)
      assert.is_truthy(line:find(ID, 1, true))
    end)
  end

  describe("with changes", function()
    local ROW = { id = ID, name = ("n"):rep(40), change = "+" .. ("t"):rep(20) .. " long -old" }
    local FIELDS = { "id", "name", "change" }

    it("writes a change that it would cut on its own line, with more room for the name", function()
      local layout = grid.new(FIELDS, { ROW }, { width = 80 })
      assert.equal(ID .. "  " .. ("n"):rep(40) .. "\n" .. (" "):rep(8) .. ROW.change,
        layout:line(ROW))
      local short = layout:line { id = ID, name = "n", change = "+x" }
      assert.is_nil(short:find "\n")
      local long = layout:line { id = ID, name = "n", change = ("x"):rep(100) }
      assert.equal(80, text.width(long:match "\n(.*)$"))
    end)

    it("writes a change in one line without a width, or in another column than the last", function()
      assert.is_nil(grid.new(FIELDS, { ROW }, {}):line(ROW):find "\n")
      assert.is_nil(grid.new({ "change", "id" }, { ROW }, { width = 60 }):line(ROW):find "\n")
    end)

    it("shows what is added in green and what is removed in red, in both places", function()
      local function green(word) return "\27[32m" .. word .. "\27[0m" end
      local narrow = grid.new(FIELDS, { ROW }, { width = 80, colour = true }):line(ROW)
      local all = green("+" .. ("t"):rep(20)) .. " " .. green "long" .. " \27[31m-old\27[0m"
      assert.is_truthy(narrow:find("\n        " .. all, 1, true), narrow)
      local wide = grid.new(FIELDS, { ROW }, { width = 200, colour = true })
      assert.is_truthy(wide:line(ROW):find(all, 1, true))
      local value = { id = ID, name = "n", change = 'mount: "a" → "+b"' }
      assert.is_nil(wide:line(value):find("\27", 1, true))
    end)
  end)

  it("leaves columns out only if it must, the least important first", function()
    local rows = { asset { name = ("x"):rep(40), tags = { ("t"):rep(40) } } }
    assert.same({}, grid.new(nil, rows, { width = 110 }).dropped)
    assert.same({ "TYPE" }, grid.new(nil, rows, { width = 109 }).dropped)
    assert.same({ "TYPE", "CREATED", "SIZE" }, grid.new(nil, rows, { width = 78 }).dropped)
  end)

  it("shrinks the widest column first", function()
    local rows = { { name = ("x"):rep(40), tags = { ("t"):rep(12) } } }
    local line = grid.new({ "name", "tags" }, rows, { width = 34 }):line(rows[1])
    assert.equal(("x"):rep(19) .. "…  " .. ("t"):rep(12), line)
  end)

  it("keeps whole ids in a terminal that is too narrow for one", function()
    local line = grid.new({ "id", "name" }, { asset {} }, { width = 20 }):line(asset {})
    assert.is_truthy(line:find(ID, 1, true))
  end)

  it("colours the state and the titles, aligned as without colour", function()
    local layout = grid.new({ "state", "id" }, { asset {} }, { colour = true })
    assert.equal("\27[32mready\27[0m  " .. ID, layout:line(asset {}))
    assert.equal("\27[1mSTATE\27[0m  \27[1mID\27[0m", layout:header())
  end)

  it("escapes every cell, whichever function formats it", function()
    local column = { field = "name", text = function(value) return value .. "\27" end }
    assert.equal("a\\27", grid.new({ column }, {}, {}):line { name = "a" })
  end)

  it("leaves no blanks at the end of a line", function()
    assert.equal("a", grid.new({ "name", "tags" }, {}, {}):line { name = "a" })
  end)
end)
