-- The line editor and the history in a session, on a real pseudo-terminal.

local process = require "process"
local session = require "session"
local terminal = require "terminal"

local PROMPT = session.PROMPT
local ENTER, TAB, UP, DOWN, LEFT = "\r", "\t", terminal.UP, terminal.DOWN, terminal.LEFT


describe("a session", function()
  local play, folder = session.in_one_home(before_each, after_each)

  local function history_file()
    return folder() .. "/state/colua/history"
  end

  describe("edits a line", function()
    it("by arrows and the history", function()
      play {
        { "40 + 2" .. ENTER, "\n42\n" }, { nil, PROMPT },
        { UP .. LEFT .. LEFT .. LEFT .. LEFT .. "0" .. ENTER, "\n402\n" }, { nil, PROMPT },
        { UP .. UP .. DOWN .. ENTER, "\n402\n" },
      }
    end)

    it("searching what was typed before", function()
      play {
        { "print(('x'):rep(5))" .. ENTER, "\nxxxxx\n" }, { nil, PROMPT },
        { "1 + 1" .. ENTER, "\n2\n" }, { nil, PROMPT },
        { terminal.CTRL_R .. "(('x", "(history: " }, { nil, "rep(5))" },
        { ENTER, "\nxxxxx\n" }, { nil, PROMPT },
        { terminal.CTRL_R .. "zzz", "no " }, { "\7" .. "6 * 7" .. ENTER, "\n42\n" },
      }
    end)

    it("and whole statements out of the history", function()
      play {
        { "for i = 1, 2 do" .. ENTER, ">> " }, { "print(i * 10)" .. ENTER, ">> " },
        { "end" .. ENTER, "\n20\n" }, { nil, PROMPT },
        { UP .. ENTER, "\n10\n20\n" },
      }
    end)

    it("taking a pasted block whole", function()
      local block = "local function f(n)\r\n\tif n < 2 then\r\n\t\treturn 1\r\n\tend\r\n\r\n"
        .. "\treturn n * f(n - 1)\r\nend\r\nprint(f(5))\r\n"
      play {
        { terminal.PASTE .. block .. terminal.PASTE_END, "print(f(5))" },
        { ENTER, "\n120\n" },
        { nil, PROMPT }, { "f(4)" .. ENTER, "\n24\n" },
      }
    end)

    it("taking pasted lines that end with an expression", function()
      play {
        { terminal.PASTE .. "p = assets:search { limit = 2 }\rlocal n = #p\rn * 100\r"
          .. terminal.PASTE_END .. ENTER, "\n200\n" .. PROMPT },
        { "_ + n" .. ENTER, "\n202\n" },
      }
    end)

    it("taking a long block, and one whose terminal does not mark it", function()
      local lines = { "x = {" }
      for i = 1, 500 do lines[i + 1] = ("  %d, -- an item"):format(i) end
      lines[#lines + 1] = "}"
      local block = table.concat(lines, "\r")
      play {
        { terminal.PASTE .. block .. terminal.PASTE_END .. ENTER, PROMPT, 60 },
        { "#x" .. ENTER, "\n500\n" }, { nil, PROMPT },
        { "y = {\r1,\r2,\r3 }\r#y\r", "\n3\n" },
      }
    end)

    it("and Tab completes", function()
      play {
        { "assets:sea" .. TAB, "search" },
        { " { sort_f" .. TAB, "ield = " }, { TAB, '"created"' }, { nil, '"type"' },
        { "na" .. TAB, 'me"' }, { ", li" .. TAB, "mit = " },
        { "1 }" .. ENTER, "\nID " }, { nil, PROMPT },
        { "client:stats().requests" .. ENTER, "\n" }, { nil, PROMPT },
        { ".tr" .. TAB, "ace " }, { "o" .. TAB .. "ff" .. ENTER, "trace is off\n" },
      }
    end)

    it("without asking a server or running anything for Tab", function()
      play {
        { "trap = setmetatable({ own = 1 }, { __index = error, __pairs = error, __name = 'trap' })"
          .. ENTER, PROMPT },
        { "trap.o" .. TAB .. " + 1" .. ENTER, "\n2\n" }, { nil, PROMPT },
        { "assets:get(" .. TAB .. TAB .. terminal.CTRL_C, "^C" }, { nil, PROMPT },
        { "client:stats().requests" .. ENTER, "\n0\n" },
      }
    end)

    it("in two columns less after the window changed", function()
      play {
        { nil, "", columns = 40 },
        { "print(#'" .. ("x"):rep(60) .. "')" .. ENTER, "\n60\n" },
      }
    end)
  end)

  describe("keeps its history", function()
    it("for the next, for its owner alone", function()
      play({ { "40 + 2" .. ENTER, "\n42\n" }, { nil, PROMPT }, { terminal.CTRL_D, "\n" } },
        { leaves = true })
      assert.are.equal("40 + 2\n", process.read(history_file()))
      assert.are.equal("600\n", process.shell("stat -c %a " .. history_file()).out)
      assert.are.equal("700\n", process.shell("stat -c %a " .. folder() .. "/state/colua").out)
      play { { UP .. ENTER, "\n42\n" } }
    end)

    it("without secrets", function()
      play({
        { "x = 'cop_geheim1234'" .. ENTER, "a > " }, { "y = 'geheim'" .. ENTER, "a > " },
        { "z = 1" .. ENTER, "a > " }, { UP .. UP .. ENTER, "a > " }, { "z" .. ENTER, "\n1\n" },
      }, { env = { CODEOCEAN_TOKEN = "geheim", CODEOCEAN_DOMAIN = "a.example" }, argv = {},
        prompt = "a > " })
      assert.is_nil(process.read(history_file()):find("geheim", 1, true))
    end)

    it("or says why not", function()
      process.write(folder() .. "/state", "a file")
      local _, all = play { { "6 * 7" .. ENTER, "\n42\n" } }
      assert.is_truthy(all:find("No history is kept: ", 1, true))
    end)

    it("in a regular file only, and waits for no other", function()
      process.shell("mkdir -p " .. folder() .. "/state/colua")
      for _, command in ipairs { "mkfifo", "mkdir", "ln -s /nowhere" } do
        process.shell(command .. " " .. history_file())
        local _, all = play { { "6 * 7" .. ENTER, "\n42\n" } }
        assert.is_truthy(all:find("No history is kept: " .. history_file()
          .. ": it is a link, a folder, a pipe or a device; a regular file is needed\n", 1, true))
        process.shell("rm -r " .. history_file())
      end
    end)
  end)
end)
