-- The questions that a session asks before it writes, on a real pseudo-terminal.

local session = require "session"
local terminal = require "terminal"

local PROMPT = session.PROMPT
local ENTER = "\r"


describe("a session", function()
  local play = session.in_one_home(before_each, after_each)

  describe("asks about", function()
    it("a delete, once", function()
      play {
        { "local a = assets:search({ limit = 1 }).results[1]" .. ENTER, PROMPT },
        { "assets:delete(a.id)" .. ENTER, "for good? [y/N] " }, { "n" .. ENTER, "not confirmed" },
        { nil, PROMPT }, { "assets:get(a.id).id == a.id" .. ENTER, "\ntrue\n" }, { nil, PROMPT },
        { "assets:delete(a.id)" .. ENTER, "for good? [y/N] " }, { "y" .. ENTER, "\ntrue\n" },
        { nil, PROMPT }, { "assets:get(a.id)" .. ENTER, "missing 404" },
      }
    end)

    it("each delete of a loop, until told otherwise", function()
      play {
        { "local l = assets:search({ limit = 4 }).results" .. ENTER, PROMPT },
        { "for i = 1, 4 do print(assets:delete(l[i].id)) end" .. ENTER, "for good? [y/N] " },
        { "y" .. ENTER, "true\n" }, { nil, "[y/N/all] " }, { "n" .. ENTER, "nil\t" },
        { nil, "[y/N/all] " }, { "all" .. ENTER, "true\ntrue\n" .. PROMPT },
      }
    end)

    it("a delete by Ctrl-C", function()
      play {
        { "local a = assets:search({ limit = 1 }).results[1]" .. ENTER, PROMPT },
        { "assets:delete(a.id)" .. ENTER, "for good? [y/N] " }, { terminal.CTRL_C, PROMPT },
        { "assets:get(a.id).id == a.id" .. ENTER, "\ntrue\n" },
      }
    end)

    it("a bulk run, with what it would do", function()
      play {
        { "spec = { select = { query = 'ecephys' }, limit = 3, change = function() "
          .. "return { tags = { 'new' } } end }" .. ENTER, PROMPT },
        { "bulk.run(client, spec).refused" .. ENTER, "update 3 assets (" }, { nil, "+new" },
        { nil, "Go on? [y/N] " }, { ENTER, "\ntrue\n" .. PROMPT },
        { "bulk.run(client, spec)" .. ENTER, "Go on? [y/N] " },
        { "y" .. ENTER, "3 selected: 3 ok\n" },
        { nil, PROMPT }, { "undo()" .. ENTER, "Go on? [y/N] " },
        { "y" .. ENTER, "\n3 selected: 3 ok\n" },
      }
    end)

    it("a bulk run with the whole change at 80 columns, in colour", function()
      local long = ("long "):rep(30)
      local _, all = play({
        { "bulk.run(client, { select = { query = 'ecephys' }, limit = 1, change = function() "
          .. "return { tags = { 'new' }, description = '" .. long .. "', custom_metadata = "
          .. "{ rig = 3, probes = 4 } } end }).refused" .. ENTER, "Go on? [y/N] " },
        { "n" .. ENTER, "true" },
      }, { columns = 80, raw = true, prompt = "> ", env = { NO_COLOR = "" } })
      assert.is_truthy(all:find("\n\27%[32m +tags +%+new\27%[0m\n"))
      assert.is_truthy(all:gsub("\n", ""):find(long, 1, true))
      for _, key in ipairs { "rig", "probes" } do
        assert.is_truthy(all:find("\n[^\n]*custom_metadata%." .. key .. "[^\n]*\n"))
      end
    end)

    it("nothing in a dry run, and counts what was held back", function()
      play {
        { "local l = assets:search({ limit = 3 }).results" .. ENTER, PROMPT },
        { ".dry on" .. ENTER, "\nsandbox dry-run > " },
        { "for _, a in ipairs(l) do assets:update(a.id, { tags = {} }) assets:archive(a.id) end"
          .. ENTER, "dry run: 6 writes were held back (3 archive, 3 update)\n" },
        { nil, "sandbox dry-run > " }, { ".dry off" .. ENTER, "\n" .. PROMPT },
        { "assets:archive(l[1].id)" .. ENTER, "\ntrue\n" },
      }
    end)

    it("and does not leave a dry run it was started with", function()
      play({ { ".dry off" .. ENTER, "the dry run is for good" } },
        { argv = { "--sandbox", "--dry-run" }, prompt = "sandbox dry-run > " })
    end)
  end)
end)
