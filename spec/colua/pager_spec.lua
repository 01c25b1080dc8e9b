-- The pager shows a long text one screen at a time.

local pager = require "colua.pager"


describe("the pager", function()
  -- What is written of a text in a window of 20 columns and 5 rows, with these keys.
  local function page(text, keys)
    local written, raws = {}, 0
    local function byte()
      local key = keys:sub(1, 1)
      keys = keys:sub(2)
      if key == "" then return nil, "end" end
      if key == "~" then return nil, "resized" end
      return key:byte()
    end
    local terminal = { size = function() return 20, 5 end, byte = byte,
      raw = function(on) raws = raws + (on and 1 or -1) end }
    pager.new(terminal, function(part) written[#written + 1] = part end)(text)
    assert.are.equal(0, raws)
    return (table.concat(written):gsub("\r\27%[K", "|"))
  end

  local ask = "-- %d more lines: Space, Enter, q --|"
  local ask_one = "-- 1 more line: Space, Enter, q --|"

  it("writes what fits at once", function()
    assert.are.equal("1\n2\n3\n4\n", page("1\n2\n3\n4", ""))
  end)

  it("goes on by screens and lines", function()
    assert.are.equal("1\n2\n3\n4\n" .. ask:format(5) .. "5\n" .. ask:format(4) .. "6\n7\n8\n9\n",
      page("1\n2\n3\n4\n5\n6\n7\n8\n9", "x\r "))
  end)

  it("goes on after a change of the window", function()
    assert.are.equal("1\n2\n3\n4\n" .. ask_one .. "5\n", page("1\n2\n3\n4\n5", "~~ "))
  end)

  it("ends by q, and where the terminal is gone", function()
    for _, keys in ipairs { "q", "\3", "" } do
      assert.are.equal("1\n2\n3\n4\n" .. ask_one, page("1\n2\n3\n4\n5", keys))
    end
  end)

  it("counts the rows of long lines, without their colours", function()
    local long = "\27[1m" .. ("x"):rep(41) .. "\27[0m"
    assert.are.equal(long .. "\n1\n" .. ask_one .. "2\n", page(long .. "\n1\n2", " "))
  end)
end)
