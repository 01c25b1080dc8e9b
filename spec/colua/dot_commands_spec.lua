-- Lines that begin with a dot, on a real pseudo-terminal.

local process = require "process"
local session = require "session"
local terminal = require "terminal"

local PROMPT = session.PROMPT
local ENTER = "\r"


describe("a session", function()
  local play, folder = session.in_one_home(before_each, after_each)

  describe("has", function()
    it(".time", function()
      play { { ".time assets:search({ limit = 1 }).has_more" .. ENTER, "\ntrue\n" },
        { nil, " ms, " }, { nil, " request" } }
    end)

    it(".trace", function()
      play {
        { "p = assets:search {}" .. ENTER, PROMPT },
        { ".trace on" .. ENTER, "trace is on" }, { nil, PROMPT },
        { "p = assets:search {}" .. ENTER, "trace: " }, { nil, " 200 " }, { nil, PROMPT },
        { ".trace off" .. ENTER, "trace is off" },
      }
    end)

    it(".trace, off or on from the start", function()
      play({ { ".trace" .. ENTER, "trace is off" } }, { env = { CODEOCEAN_TRACE = "0" } })
      play({ { ".trace" .. ENTER, "trace is on" } }, { env = { CODEOCEAN_TRACE = "1" } })
    end)

    it(".save, which writes a script that runs", function()
      play {
        { "local n = 20" .. ENTER, PROMPT }, { "n + 1" .. ENTER, "\n21\n" }, { nil, PROMPT },
        { "nope.x = 1" .. ENTER, "stdin:1" }, { nil, PROMPT },
        { "for i = 1, 1 do" .. ENTER, ">> " }, { "n = _ * 2 end" .. ENTER, PROMPT },
        { "secret = 'cop_geheim1234'" .. ENTER, PROMPT }, { "print(n)" .. ENTER, "\n42\n" },
        { nil, PROMPT },
        { "help 'assets:get'" .. ENTER, PROMPT }, { "undo()" .. ENTER, "no line" }, { nil, PROMPT },
        { ".dry on" .. ENTER, "dry-run > " }, { "d = client.dry_run" .. ENTER, "dry-run > " },
        { ".dry off" .. ENTER, PROMPT }, { "print(d, client.dry_run)" .. ENTER, "true\tfalse" },
        { nil, PROMPT },
        { ".save " .. folder() .. "/session.lua" .. ENTER, "statements saved" }, { nil, PROMPT },
        { ".save " .. folder() .. "/session.lua" .. ENTER, "is there already" },
      }
      local script = process.read(folder() .. "/session.lua")
      assert.is_nil(script:find("geheim", 1, true))
      assert.is_nil(script:find("nope", 1, true))
      local result = process.run(process.colua, { "--sandbox", folder() .. "/session.lua" })
      assert.are.same({ status = 0, out = "42\ntrue\tfalse\n", err = "" }, result)
      for _, word in ipairs { "undo", "help" } do assert.is_nil(script:find(word, 1, true)) end
    end)

    it(".save and .csv, which know the home", function()
      play {
        { "x = 40" .. ENTER, PROMPT },
        { ".save ~/x.lua" .. ENTER, "1 statement saved; run: colua " .. folder() .. "/x.lua\n" },
        { nil, PROMPT }, { "assets:search { limit = 2 }" .. ENTER, PROMPT },
        { ".csv ~/x.csv" .. ENTER, "2 rows in " .. folder() .. "/x.csv" }, { nil, PROMPT },
        { ".csv ~/no/x.csv" .. ENTER, folder() .. "/no/x.csv: No such file or directory" },
      }
      assert.is_truthy(process.read(folder() .. "/x.lua"):find "\nx = 40\n$")
    end)

    it("none that ends the session when it fails", function()
      play {
        { "p = assets:search { limit = 25 }" .. ENTER, PROMPT }, { "p" .. ENTER, "of 25 shown" },
        { nil, PROMPT }, { "p.results[25] = 7" .. ENTER, PROMPT },
        { ".more" .. ENTER, "attempt to index a number value" }, { nil, PROMPT },
        { "6 * 7" .. ENTER, "\n42\n" },
      }
    end)

    it(".time, also of a statement that Ctrl-C ends", function()
      local _, all = play {
        { ".time while print 'go' do end while true do end" .. ENTER, "\ngo\n" },
        { terminal.CTRL_C, "interrupted\n" }, { nil, ", 0 requests\n" .. PROMPT },
        { "6 * 7" .. ENTER, "\n42\n" },
      }
      assert.are.equal(1, select(2, all:gsub("interrupted", "")))
    end)

    it(".help, and names what there is", function()
      play { { ".help" .. ENTER, "Try, one after the other:" }, { nil, PROMPT },
        { ".nope" .. ENTER, "there is no .nope; there are .more, .columns, .csv" } }
    end)
  end)
end)
