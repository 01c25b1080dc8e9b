-- A session as its user sees it, on a real pseudo-terminal.

local fixture = require "fixture"
local process = require "process"
local session = require "session"
local terminal = require "terminal"

local PROMPT = session.PROMPT
local ENTER = "\r"


describe("a session", function()
  local play, folder = session.in_one_home(before_each, after_each)

  describe("at its start", function()
    it("says that this is the sandbox", function()
      local _, all = play {}
      assert.is_truthy(all:find("^colua %d+%.%d+%.%d+ +%(Lua 5%.4%.%d+%)\nA sandbox: "))
      assert.is_nil(all:find("cop_", 1, true))
    end)

    it("says which deployment, and never the token", function()
      local asked = { { "client" .. ENTER, "\ncodeocean.client: acme.example" } }
      local _, all = play(asked, { argv = {},
        prompt = "\nacme > ",
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

    it("has client, assets, codeocean and the modules that help() lists", function()
      play { { "print(type(client.map), type(assets.get), type(codeocean.client))" .. ENTER,
        "function\tfunction\tfunction" }, { nil, PROMPT },
        { "print(type(bulk.run), type(tags.change), type(ids.read), type(output.writer), "
        .. "type(sandbox.start))" .. ENTER, "function\tfunction\tfunction\tfunction\tfunction" } }
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
        { "assets:all { type = 'dataset' }" .. ENTER, "\nID  " }, { nil, "\n20 of " },
        { nil, " shown; .more shows the next\n" },
        { "assets:search { query = 'zzzz' }" .. ENTER, "\nno asset matches\n" },
      }
    end)

    it("20 rows, ids never cut", function()
      local outputs = play({
        { "assets:all {}" .. ENTER, ".more shows the next\n" .. PROMPT },
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

    it("what print says of an asset: its name and id", function()
      play { { "a = assets:search({ limit = 1 })[1]" .. ENTER, PROMPT },
        { "print(tostring(a) == a.name .. ' (' .. a.id .. ')')" .. ENTER, "\ntrue\n" } }
    end)

    it("a module that was not used yet", function()
      play { { "bulk" .. ENTER, "main = function" }, { nil, PROMPT },
        { "type(tags.change)" .. ENTER, '\n"function"\n' } }
    end)

    it("a page as a list", function()
      play { { "p = assets:search { limit = 3 }" .. ENTER, PROMPT },
        { "local n = 0 for _, a in ipairs(p) do n = n + #a.id end print(#p, n, p[4])" .. ENTER,
          "\n3\t108\tnil\n" }, { nil, PROMPT },
        { "#p, p[1].id == p.results[1].id" .. ENTER, "\n3\ntrue\n" } }
    end)

    it("why a variable is nil", function()
      play { { "x = assets:find 'nope'" .. ENTER, "\nx is nil: find: missing: " }, { nil, PROMPT },
        { "local y = assets:get '" .. fixture.ID .. "'" .. ENTER, "\ny is nil: get " },
        { nil, PROMPT }, { "x, y" .. ENTER, "\nnil\nnil\n" } }
    end)

    it("an error of one line in line 1, and once", function()
      play { { "undo().name" .. ENTER, "\nstdin:1: attempt to index a nil value\n" },
        { nil, PROMPT }, { "assets:get 'x'" .. ENTER, "stdin:1: bad argument 'id'" } }
    end)

    it("a failure as its message", function()
      play { { "assets:get 'fea84ebf-b58b-4ad2-994d-7169dc3880fc'" .. ENTER,
        "\nget fea84ebf-b58b-4ad2-994d-7169dc3880fc: missing 404: " },
        { nil, PROMPT }, { "_.kind" .. ENTER, '\n"missing"\n' } }
    end)

    it("without TERM, too", function()
      play({ { "40 + 2" .. ENTER, "42\n" }, { nil, PROMPT } },
        { program = "env", argv = { "-u", "TERM", process.colua, "--sandbox" } })
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

  describe("ends", function()
    for _, word in ipairs { "exit", "quit", "exit()", "exit;", "exit(0)" } do
      it("by " .. word, function()
        local _, _, status = play({ { word .. ENTER, "" } }, { leaves = true })
        assert.are.equal(0, status)
      end)
    end

    it("not by a variable of that name", function()
      play { { "exit = 7" .. ENTER, PROMPT }, { "exit" .. ENTER, "\n7\n" .. PROMPT } }
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

  -- Counts the Lua functions that can be reached from the library's modules and from the client,
  -- and those of them that no file of the library defines. A client's hooks and its option `wait`
  -- are for others' functions.
  local COUNT_FOREIGN = [[
local seen, count, foreign = {}, 0, {}
local function visit(value, path)
  if value == nil or seen[value] then return end
  if type(value) == "function" then
    local facts = debug.getinfo(value, "S")
    if facts.what == "C" then return end
    seen[value], count = true, count + 1
    if not facts.source:find "codeocean/[%w_/]*%.lua$" then
      foreign[#foreign + 1] = path .. " is of " .. facts.source
    end
  elseif type(value) == "table" then
    seen[value] = true
    for key, inner in next, value do
      if key ~= "hooks" and key ~= "wait" then visit(inner, path .. "." .. tostring(key)) end
    end
    visit(debug.getmetatable(value), path .. "<")
  end
end
for name, module in pairs(package.loaded) do
  if name:find "^codeocean" then visit(module, name) end
end
visit(client, "client")
visit(client.data_assets, "assets")
return ("%s functions, foreign: %s"):format(count > 200 and "many" or count,
  table.concat(foreign, " "))
]]

  it("replaces no function of the library and no object of the client", function()
    process.write(folder() .. "/count.lua", COUNT_FOREIGN)
    play {
      { "e, d, a = client.engine, client.dialect, client.data_assets" .. ENTER, PROMPT },
      { "id = assets:search{limit = 1}.results[1].id" .. ENTER, PROMPT },
      { ".dry on" .. ENTER, "no request that writes is sent" },
      { "assets:update(id, {name = 'x'})" .. ENTER, "held back" },
      { ".dry off" .. ENTER, "dry run is off" },
      { "print(assets:update(id, {name = 'x'}))" .. ENTER, "\nx (" },
      { "undo()" .. ENTER, "selected: 1 ok" },
      { "help(assets.update)" .. ENTER, "assets:update" },
      { "print(e == client.engine, d == client.dialect, a == client.data_assets)" .. ENTER,
        "\ntrue\ttrue\ttrue\n" },
      { ("dofile '%s/count.lua'"):format(folder()) .. ENTER, '\n"many functions, foreign: "\n' },
    }
  end)

  it("of piped lines prompts and prints as lua5.4", function()
    local lines = "x = 1\nx + 1\nfor i = 1, 2 do\nprint(i)\nend\nerror('e')\nlocal y = 2\ny\n= 5"
    local result = process.run(process.colua, { "-i" }, { stdin = lines, env = { LUA_INIT = "" } })
    assert.are.equal(0, result.status)
    assert.are.equal([[
> x = 1
> x + 1
2
> for i = 1, 2 do
>> print(i)
>> end
1
2
> error('e')
> local y = 2
> y
nil
> = 5
5
]] .. "> \n", result.out:match("\n(.*)"))
    assert.are.equal("stdin:1: e\nstack traceback:\n", result.err:match("^.-\n.-\n"))
  end)
end)
