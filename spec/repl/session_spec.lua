-- A session as its user sees it, on a real pseudo-terminal.

local process = require "process"
local terminal = require "terminal"

local PROMPT = "sandbox > "
local ENTER, TAB, UP, DOWN, LEFT = "\r", "\t", terminal.UP, terminal.DOWN, terminal.LEFT


describe("a session", function()
  local folder

  before_each(function() folder = process.folder() end)
  after_each(function() process.clean(folder) end)

  -- Steps after the first prompt; options.env over a state folder of its own.
  local function play(steps, options)
    options = options or {}
    options.argv = options.argv or { "--sandbox" }
    local env = { HOME = folder, XDG_STATE_HOME = folder .. "/state" }
    for name, value in pairs(options.env or {}) do env[name] = value end
    options.env = env
    table.insert(steps, 1, { nil, options.prompt or PROMPT })
    return terminal.play(options, steps)
  end

  local function history_file()
    return folder .. "/state/colua/history"
  end

  describe("at its start", function()
    it("says that this is the sandbox", function()
      local _, all = play {}
      assert.is_truthy(all:find("^colua %d+%.%d+%.%d+ +%(Lua 5%.4%.%d+%)\nA sandbox: "))
      assert.is_nil(all:find("cop_", 1, true))
    end)

    it("says which deployment, and never the token", function()
      local asked = { { "client" .. ENTER, "\ncodeocean.client: acme.example" } }
      local _, all = play(asked, { argv = {},
        prompt = "\n> ",
        env = { CODEOCEAN_DOMAIN = "acme.example", CODEOCEAN_TOKEN = "cop_geheim" } })
      assert.is_truthy(all:find("\nDeployment: acme.example\n", 1, true))
      assert.is_nil(all:find("geheim", 1, true))
    end)

    it("says how to set one, and goes on without", function()
      local _, all = play({
        { "assets:search {}" .. ENTER, "assets: " },
        { nil, "CODEOCEAN_TOKEN" }, { nil, "\n> " },
        { "client.data_assets" .. ENTER, "client: " }, { nil, "\n> " },
        { "6 * 7" .. ENTER, "\n42\n" },
      }, { argv = {}, prompt = "\n> " })
      assert.is_truthy(all:find("No deployment is set.", 1, true))
    end)

    it("has client, assets, bulk, tags and codeocean", function()
      play { { "print(type(client.map), type(assets.get), type(bulk.run), type(tags.change), "
        .. "type(codeocean.client))" .. ENTER,
        "function\tfunction\tfunction\tfunction\tfunction" } }
    end)

    it("tells of a dry run in its prompt", function()
      local _, all = play({ { nil, "" } }, { argv = { "--sandbox", "--dry-run" },
        prompt = "sandbox dry-run > " })
      assert.is_truthy(all:find("\nDry run: ", 1, true))
    end)

    it("takes a prompt of the user's", function()
      play { { "_PROMPT, _PROMPT2 = 'p! ', 'q! '" .. ENTER, "\np! " }, { "f(" .. ENTER, "\nq! " } }
    end)
  end)

  describe("evaluates", function()
    it("and remembers the last value", function()
      play {
        { "6 * 7" .. ENTER, "\n42\n" }, { "_ + 1" .. ENTER, "\n43\n" },
        { "local kept = _" .. ENTER, PROMPT }, { "kept, 'b'" .. ENTER, '\n43\n"b"\n' },
        { "print 'x'" .. ENTER, "\nx\n" }, { "_" .. ENTER, "\n43\n" },
      }
    end)

    it("errors with a short trace, and goes on", function()
      local outputs = play {
        { "local function f() error 'deep' end" .. ENTER, PROMPT },
        { "f()" .. ENTER, "stdin:1: deep\n  stdin:1: in function 'f'\n  stdin:1: at the prompt\n"
          .. PROMPT },
        { "assets:get 'x'" .. ENTER, "bad argument 'id'" }, { nil, PROMPT },
        { "1 + 1" .. ENTER, "\n2\n" },
      }
      assert.is_nil(table.concat(outputs):find("codeocean/", 1, true))
    end)

    it("statements of several lines, and their errors in their lines", function()
      play {
        { "for i = 1, 2 do" .. ENTER, ">> " }, { "print(i * 10)" .. ENTER, ">> " },
        { "end" .. ENTER, "\n10\n20\n" },
        { "if true then" .. ENTER, ">> " }, { "nope.x = 1 end" .. ENTER, "stdin:2: attempt" },
      }
    end)

    it("a line of any length", function()
      play {
        { "x = '" .. ("abcdefghij"):rep(2000) .. "'" .. ENTER, PROMPT, 60 },
        { "#x" .. ENTER, "\n20000\n" },
      }
    end)

    it("letters of any alphabet", function()
      play { { "print('über 神経 🧠')" .. ENTER, "\nüber 神経 🧠\n" } }
      play({ { "print('über 神経 🧠')" .. ENTER, "\nüber 神経 🧠\n" } }, { env = { LC_ALL = "C" } })
    end)
  end)

  describe("shows", function()
    it("an asset as a card, a page as a table", function()
      play {
        { "page = assets:search { sort_field = 'name', limit = 3 }" .. ENTER, PROMPT },
        { "page" .. ENTER, "\nID  " }, { nil, "3 shown" }, { nil, PROMPT },
        { "page.results[1]" .. ENTER, "\nid  " }, { nil, " bytes)\n" },
        { nil, "Z\n" }, { nil, PROMPT },
        { "assets:all { type = 'dataset' }" .. ENTER, "\nID  " }, { nil, "\n… " },
        { nil, " more\n" },
        { "assets:search { query = 'zzzz' }" .. ENTER, "\nno asset matches\n" },
      }
    end)

    it("20 rows, ids never cut", function()
      local outputs = play({
        { "assets:all {}" .. ENTER, " more\n" .. PROMPT },
      }, { columns = 60 })
      local ids = select(2, outputs[2]:gsub("\n%x+%-%x+%-%x+%-%x+%-" .. ("%x"):rep(12) .. "%f[^%x]",
        "%0"))
      assert.are.equal(20, ids)
    end)

    it("tables sorted, cycles marked, control characters escaped", function()
      play {
        { "t = { b = 1, a = { 2, 3 } } t.t = t" .. ENTER, PROMPT },
        { "t" .. ENTER, "\n{ a = { 2, 3 }, b = 1, t = <cycle> }\n" },
        { "'a\\27[31m'" .. ENTER, '\n"a\\27[31m"\n' },
        { "error('\\27]0;x')" .. ENTER, "stdin:1: \\27]0;x\n" },
      }
    end)

    it("a failure as its message", function()
      play { { "assets:get 'fea84ebf-b58b-4ad2-994d-7169dc3880fb'" .. ENTER,
        "\nget fea84ebf-b58b-4ad2-994d-7169dc3880fb: missing 404: " },
        { nil, PROMPT }, { "_.kind" .. ENTER, '\n"missing"\n' } }
    end)

    it("colours only where they are wanted", function()
      local function is_red(env)
        env.NO_COLOR = env.NO_COLOR or ""
        local _, all = play({ { "error 'x'" .. ENTER, "stdin:1: x" } }, { raw = true, env = env,
          prompt = "> " })
        return all:find("\27[31m", 1, true) ~= nil
      end
      assert.is_true(is_red { TERM = "xterm" })
      assert.is_false(is_red { TERM = "xterm", NO_COLOR = "1" })
      assert.is_false(is_red { TERM = "dumb" })
      assert.is_true(is_red { TERM = "dumb", CLICOLOR_FORCE = "1" })
    end)
  end)

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
      assert.are.equal("700\n", process.shell("stat -c %a " .. folder .. "/state/colua").out)
      play { { UP .. ENTER, "\n42\n" } }
    end)

    it("without secrets", function()
      play({
        { "x = 'cop_geheim1234'" .. ENTER, "\n> " }, { "y = 'geheim'" .. ENTER, "\n> " },
        { "z = 1" .. ENTER, "\n> " }, { UP .. UP .. ENTER, "\n> " }, { "z" .. ENTER, "\n1\n" },
      }, { env = { CODEOCEAN_TOKEN = "geheim", CODEOCEAN_DOMAIN = "a.example" }, argv = {},
        prompt = "\n> " })
      assert.is_nil(process.read(history_file()):find("geheim", 1, true))
    end)

    it("or says why not", function()
      process.write(folder .. "/state", "a file")
      local _, all = play { { "6 * 7" .. ENTER, "\n42\n" } }
      assert.is_truthy(all:find("No history is kept: ", 1, true))
    end)
  end)

  describe("helps", function()
    it("with help(), help(f) and help 'name'", function()
      play {
        { "help()" .. ENTER, "\nTry, one after the other:\n" }, { nil, PROMPT },
        { "help" .. ENTER, "\nTry, one after the other:\n" }, { nil, PROMPT },
        { "help(assets.search)" .. ENTER, "\nassets:search(params) -> page\n" },
        { nil, "sort_field" }, { nil, "  > assets:search {" }, { nil, "err.kind: " },
        { nil, PROMPT },
        { "help(assets.delete)" .. ENTER, "\nassets:delete(id) -> true\n" }, { nil, PROMPT },
        { "help(client)" .. ENTER, "client:map " }, { nil, PROMPT },
        { 'help "bulk.run"' .. ENTER, "\nbulk.run(client, spec) -> report\n" }, { nil, PROMPT },
        { 'help "errors"' .. ENTER, "throttled" }, { nil, PROMPT },
        { 'help "zzz"' .. ENTER, "There is no help on 'zzz'." }, { nil, PROMPT },
        { "client:stats().requests" .. ENTER, "\n0\n" },
      }
    end)
  end)

  describe("guards", function()
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
        { nil, PROMPT }, { "undo()" .. ENTER, "Take back 3 changes? [y/N] " },
        { "y" .. ENTER, "3 taken back, 0 not\n" },
      }
    end)

    it("writes in a dry run, and counts them", function()
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
      play({ { ".dry off" .. ENTER, "started with a dry run" } },
        { argv = { "--sandbox", "--dry-run" }, prompt = "sandbox dry-run > " })
    end)
  end)

  describe("takes back", function()
    it("the last update or archive", function()
      play {
        { "a = assets:search({ sort_field = 'name', limit = 1 }).results[1]" .. ENTER, PROMPT },
        { "assets:update(a.id, { tags = { 'new' }, description = '' }).tags[1]" .. ENTER,
          '\n"new"\n' }, { nil, PROMPT },
        { "assets:archive(a.id)" .. ENTER, "\ntrue\n" }, { nil, PROMPT },
        { "undo()" .. ENTER, "\ntrue\n" }, { nil, PROMPT },
        { "undo" .. ENTER, "undo() takes back 1 change: " }, { nil, PROMPT },
        { "undo().name == a.name" .. ENTER, "\ntrue\n" }, { nil, PROMPT },
        { "b = assets:get(a.id) tags.equal(a.tags, b.tags)" .. ENTER, "" },
        { ENTER, PROMPT }, { "b = assets:get(a.id)" .. ENTER, PROMPT },
        { "tags.equal(a.tags, b.tags), a.description == b.description" .. ENTER,
          "\ntrue\ntrue\n" }, { nil, PROMPT },
        { "undo()" .. ENTER, "no line of this session" },
      }
    end)

    it("not what someone else has changed since", function()
      play {
        { "a = assets:search({ limit = 1 }).results[1]" .. ENTER, PROMPT },
        { "assets:update(a.id, { tags = { 'mine' } }).id == a.id" .. ENTER, "\ntrue\n" },
        { nil, PROMPT },
        { "other = codeocean.client() other.data_assets:update(a.id, { tags = { 'theirs' } })"
          .. ENTER, PROMPT },
        { "undo()" .. ENTER, "drift: tags was changed by someone else" }, { nil, PROMPT },
        { "assets:get(a.id).tags[1]" .. ENTER, '\n"theirs"\n' },
      }
    end)
  end)

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

    it(".save, which writes a script that runs", function()
      play {
        { "local n = 20" .. ENTER, PROMPT }, { "n + 1" .. ENTER, "\n21\n" }, { nil, PROMPT },
        { "nope.x = 1" .. ENTER, "stdin:1" }, { nil, PROMPT },
        { "for i = 1, 1 do" .. ENTER, ">> " }, { "n = _ * 2 end" .. ENTER, PROMPT },
        { "secret = 'cop_geheim1234'" .. ENTER, PROMPT }, { "print(n)" .. ENTER, "\n42\n" },
        { nil, PROMPT },
        { ".save " .. folder .. "/session.lua" .. ENTER, "statements saved" }, { nil, PROMPT },
        { ".save " .. folder .. "/session.lua" .. ENTER, "is there already" },
      }
      local script = process.read(folder .. "/session.lua")
      assert.is_nil(script:find("geheim", 1, true))
      assert.is_nil(script:find("nope", 1, true))
      local result = process.run(process.colua, { "--sandbox", folder .. "/session.lua" })
      assert.are.same({ status = 0, out = "42\n", err = "" }, result)
    end)

    it(".help, and names what there is", function()
      play { { ".help" .. ENTER, "Try, one after the other:" }, { nil, PROMPT },
        { ".nope" .. ENTER, "there is no .nope; there are .time, .trace, .dry, .save, .help" } }
    end)
  end)

  describe("in a dumb terminal", function()
    it("reads plain lines, of any number", function()
      play({
        { "local a = 40" .. ENTER, PROMPT }, { "a + 2" .. ENTER, "\n42\n" },
        { "for i = 1, 2 do" .. ENTER, ">> " }, { "print(i) end" .. ENTER, "\n1\n2\n" },
      }, { env = { TERM = "dumb" } })
    end)

    it("ends by Ctrl-D", function()
      local _, _, status = play({ { terminal.CTRL_D, "\n" } },
        { env = { TERM = "dumb" }, leaves = true })
      assert.are.equal(0, status)
    end)
  end)

  it("of piped lines prompts and prints as lua5.4", function()
    local lines = "x = 1\nx + 1\nfor i = 1, 2 do\nprint(i)\nend\nerror('e')\nlocal y = 2\ny\n= 5"
    local result = process.run(process.colua, { "-i" }, { stdin = lines, env = { LUA_INIT = "" } })
    assert.are.equal(0, result.status)
    assert.are.equal("> > 2\n> >> >> 1\n2\n> > > nil\n> 5\n> \n", result.out:match("\n(.*)"))
    assert.are.equal("stdin:1: e\nstack traceback:\n", result.err:match("^.-\n.-\n"))
  end)
end)
