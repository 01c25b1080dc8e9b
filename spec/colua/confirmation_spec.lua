-- Help, confirmations and the way back in a session, on a real pseudo-terminal.

local fixture = require "fixture"
local process = require "process"
local terminal = require "terminal"

local PROMPT = "sandbox > "
local ENTER = "\r"


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

  describe("helps", function()
    it("with help(), help(f) and help 'name'", function()
      play {
        { "help()" .. ENTER, "\nTry, one after the other:\n" }, { nil, PROMPT },
        { "help" .. ENTER, "\nTry, one after the other:\n" }, { nil, PROMPT },
        { "help(assets.search)" .. ENTER, "\nassets:search([params]) -> page\n" },
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
        { nil, PROMPT }, { "undo()" .. ENTER, "Take back 3 changes? [y/N] " },
        { "y" .. ENTER, "3 taken back, 0 not\n" },
      }
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
        { "undo()" .. ENTER, "drift: tags: changed by someone else since" }, { nil, PROMPT },
        { "assets:get(a.id).tags[1]" .. ENTER, '\n"theirs"\n' },
      }
    end)
  end)

  describe("takes back", function()
    local function undo_all(dialect, expected)
      local with = fixture.new(finally)
      local peer = with:sandbox { dialect = dialect }
      local client = with:client(peer)
      local asset = fixture.make(client, { custom_metadata = { kept = 1 } })
      assert(client.data_assets:update(asset.id, { mount = "" }))
      play({
        { "assets:update('" .. asset.id .. "', { mount = 'other', custom_metadata = { rig = 3 },"
          .. " description = 'new' }).description" .. ENTER, '\n"new"\n' }, { nil, "> " },
        { "undo()" .. ENTER, expected }, { nil, "> " },
        { "assets:get('" .. asset.id .. "').description" .. ENTER, '\n""\n' },
      }, { argv = {}, prompt = "> ",
        env = { CODEOCEAN_DOMAIN = peer.url, CODEOCEAN_TOKEN = peer.token } })
      return assert(client.data_assets:get(asset.id))
    end

    it("mount and metadata that were not there before", function()
      local now = undo_all("current", "\nname             made by a spec\n")
      assert.are.equal("", now.mount or "")
      assert.are.same({ kept = 1 }, now.custom_metadata)
    end)

    it("what the release of 2022 shows, and names the rest", function()
      undo_all("2022", "custom_metadata, mount: the deployment does not show it, left as written")
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
        { ".save " .. folder .. "/session.lua" .. ENTER, "statements saved" }, { nil, PROMPT },
        { ".save " .. folder .. "/session.lua" .. ENTER, "is there already" },
      }
      local script = process.read(folder .. "/session.lua")
      assert.is_nil(script:find("geheim", 1, true))
      assert.is_nil(script:find("nope", 1, true))
      local result = process.run(process.colua, { "--sandbox", folder .. "/session.lua" })
      assert.are.same({ status = 0, out = "42\ntrue\tfalse\n", err = "" }, result)
      for _, word in ipairs { "undo", "help" } do assert.is_nil(script:find(word, 1, true)) end
    end)

    it(".help, and names what there is", function()
      play { { ".help" .. ENTER, "Try, one after the other:" }, { nil, PROMPT },
        { ".nope" .. ENTER, "there is no .nope; there are .more, .columns, .csv" } }
    end)
  end)
end)
