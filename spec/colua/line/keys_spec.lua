-- The names of keys, from the bytes that a terminal sends.

local keys = require "colua.line.keys"


describe("keys", function()
  -- All keys of some bytes; a pasted text behind its key.
  local function read(bytes)
    local at, list = 0, {}
    local function byte()
      at = at + 1
      if at > #bytes then return nil, "none" end
      return bytes:byte(at)
    end
    while at < #bytes do
      local key, pasted = keys.read(byte)
      list[#list + 1] = key
      list[#list + 1] = pasted
    end
    return list
  end

  for bytes, expected in pairs {
    ["aü神🧠"] = { "a", "ü", "神", "🧠" }, ["\1\3\26"] = { "ctrl-a", "ctrl-c", "ctrl-z" },
    ["\r\n\t\127\8"] = { "enter", "enter", "tab", "backspace", "backspace" },
    ["\27[A\27OB\27[1;5C\27[3~"] = { "up", "down", "alt-f", "delete" },
    ["\27b\27\127\27\r"] = { "alt-b", "alt-backspace", "alt-enter" },
    ["\27"] = { "escape" }, ["\27["] = { "unknown" }, ["\27[99;99~x"] = { "unknown", "x" },
    ["\xC3"] = { "\u{FFFD}" }, ["\xFFa"] = { "\u{FFFD}", "a" }, ["\xC2\x85"] = { "\u{FFFD}" },
    ["\27[200~a\r\nb\tc\7\27[Ad\r\27[201~x"] = { "paste", "a\nb\tc[Ad", "x" },
    ["\27[[Ax"] = { "unknown", "x" },
    ["\27[200~\27[201~"] = { "paste", "" }, ["\27[200~cut"] = { "paste", "cut" },
  } do
    it(("are read from %q"):format(bytes), function()
      assert.are.same(expected, read(bytes))
    end)
  end

  it("end where the input ends", function()
    assert.are.same({ nil, "resized" }, { keys.read(function() return nil, "resized" end) })
  end)

  it("of several bytes wait for them without a change of the window between", function()
    for _, bytes in ipairs { "ü", "\27[200~ab\27[201~" } do
      local at, waits = 0, {}
      keys.read(function(milliseconds)
        at = at + 1
        waits[at] = milliseconds or "for ever"
        return bytes:byte(at)
      end)
      assert.are.equal(#bytes, #waits)
      assert.are.equal("for ever", table.remove(waits, 1))
      for _, wait in ipairs(waits) do assert.is_true(math.type(wait) == "integer") end
    end
  end)

  it("are never more than a terminal's, whatever the bytes", function()
    math.randomseed(7)
    for _ = 1, 2000 do
      local bytes = {}
      for i = 1, 20 do bytes[i] = string.char(math.random(0, 255)) end
      for _, key in ipairs(read(table.concat(bytes))) do assert.is_truthy(utf8.len(key)) end
    end
  end)
end)
