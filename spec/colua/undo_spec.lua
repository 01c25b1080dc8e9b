-- undo() at the prompt, on a real pseudo-terminal.

local fixture = require "fixture"
local process = require "process"
local sandboxes = require "codeocean.sandbox"
local session = require "session"
local terminal = require "terminal"
local undo = require "colua.undo"

local PROMPT = session.PROMPT
local ENTER = "\r"


describe("a session", function()
  local play, folder = session.in_one_home(before_each, after_each)

  describe("takes back", function()
    it("the last update or archive", function()
      play {
        { "a = assets:search({ sort_field = 'name', limit = 1 }).results[1]" .. ENTER, PROMPT },
        { "assets:update(a.id, { tags = { 'new' }, description = '' }).tags[1]" .. ENTER,
          '\n"new"\n' }, { nil, PROMPT },
        { "assets:archive(a.id)" .. ENTER, "\ntrue\n" }, { nil, PROMPT },
        { "undo()" .. ENTER, "archived: true → false\n1 selected: 1 ok\n" }, { nil, PROMPT },
        { "undo" .. ENTER, "undo() takes back 1 change: " }, { nil, PROMPT },
        { "undo().counts.ok" .. ENTER, "\n1\n" }, { nil, PROMPT },
        { "b = assets:get(a.id)" .. ENTER, PROMPT },
        { "tags.equal(a.tags, b.tags), a.description == b.description" .. ENTER,
          "\ntrue\ntrue\n" }, { nil, PROMPT },
        { "undo()" .. ENTER, "no line of this session" },
      }
    end)

    it("both writes of a line to one asset", function()
      play {
        { "a = assets:search({ limit = 1 }).results[1]" .. ENTER, PROMPT },
        { "for i = 1, 2 do assets:update(a.id, { tags = { 't' .. i }, description = 'd' .. i }) end"
          .. ENTER, PROMPT },
        { "undo().counts.ok" .. ENTER, "Go on? [y/N] " },
        { "y" .. ENTER, "\n1\n" }, { nil, PROMPT },
        { "b = assets:get(a.id)" .. ENTER, PROMPT },
        { "tags.equal(a.tags, b.tags), a.description == b.description" .. ENTER,
          "\ntrue\ntrue\n" },
      }
    end)

    it("an unarchiving right after the archiving", function()
      play {
        { "a = assets:search({ limit = 1 }).results[1]" .. ENTER, PROMPT },
        { "assets:archive(a.id)" .. ENTER, "\ntrue\n" }, { nil, PROMPT },
        { "assets:unarchive(a.id)" .. ENTER, "\ntrue\n" }, { nil, PROMPT },
        { "undo()" .. ENTER, "archived: false → true\n1 selected: 1 ok\n" },
      }
    end)

    it("an asset that was created: it is archived", function()
      play {
        { "a = assets:create { name = 'mine', mount = 'm', tags = {}, source = { aws = { bucket = "
          .. "'b', access_key_id = 'AKIAMINE', secret_access_key = 'hush' } } }" .. ENTER, PROMPT },
        { "undo()" .. ENTER, "archived: false → true\n1 selected: 1 ok\n" }, { nil, PROMPT },
        { "#assets:all { archived = true, query = 'name:mine' }" .. ENTER, "\n1\n" },
      }
      local journals = process.shell("cat " .. folder() .. "/state/colua/*/*.jsonl").out
      assert.is_truthy(journals:find('"request":{', 1, true), journals)
      assert.is_nil(journals:find("hush", 1, true))
    end)

    it("not what someone else has changed since", function()
      play {
        { "a = assets:search({ limit = 1 }).results[1]" .. ENTER, PROMPT },
        { "assets:update(a.id, { tags = { 'mine' }, description = 'mine' }).id == a.id" .. ENTER,
          "\ntrue\n" }, { nil, PROMPT },
        { "other = codeocean.client() other.data_assets:update(a.id, { tags = { 'mine', 'theirs' },"
          .. " description = 'theirs' })" .. ENTER, PROMPT },
        { "undo()" .. ENTER, "\n1 selected: 1 drift\n" }, { nil, PROMPT },
        { "b = assets:get(a.id)" .. ENTER, PROMPT },
        { "t = table.concat(b.tags, ',')" .. ENTER, PROMPT },
        { "not not t:find 'theirs', not not t:find 'mine', #b.tags == #a.tags + 1" .. ENTER,
          "\ntrue\nfalse\ntrue\n" }, { nil, PROMPT },
        { "b.description" .. ENTER, '\n"theirs"\n' },
      }
    end)

    it("not a state that was there before", function()
      play {
        { "a = assets:search({ limit = 1 })[1] o = codeocean.client().data_assets" .. ENTER,
          PROMPT },
        { "o:archive(a.id)" .. ENTER, "\ntrue\n" }, { nil, PROMPT },
        { "assets:archive(a.id)" .. ENTER, "\ntrue\n" }, { nil, PROMPT },
        { "undo()" .. ENTER, "no line of this session" },
      }
    end)

    -- answer: the result of the update: the asset's description or the kind of the error.
    local function undo_all(dialect, answer, expected)
      local with = fixture.new(finally)
      local peer = with:sandbox { dialect = dialect }
      local client = with:client(peer, { dialect = "auto" })
      local asset = fixture.make(client, { custom_metadata = { kept = 1 } })
      play({
        { "a, e = assets:update('" .. asset.id .. "', { mount = 'other', "
          .. "custom_metadata = { rig = 3 }, description = 'new' })" .. ENTER, "\n" },
        { nil, "> " }, { "(a or e)[a and 'description' or 'kind']" .. ENTER, answer },
        { nil, "> " },
        { "undo()" .. ENTER, expected }, { nil, "> " },
        { "assets:get('" .. asset.id .. "').description" .. ENTER, '\n""\n' },
      }, { peer = peer, prompt = "> " })
      return assert(client.data_assets:get(asset.id))
    end

    it("mount and metadata", function()
      local now = undo_all("current", '\n"new"\n', "\n1 selected: 1 ok\n")
      assert.are.equal("made", now.mount)
      assert.are.same({ kept = 1 }, now.custom_metadata)
    end)

    it("the fields that the release of 2022 shows, and names the rest", function()
      undo_all("2022", '\n"conflict"\n', "custom_metadata: the deployment does not show it; "
        .. "left as written\nmount: the deployment does not show it; left as written\n")
    end)

    it("an update with a mount for an asset that had none, but for the mount", function()
      local id = "0d7b7bb3-f3a1-4b0f-8d6a-4d3c2b1a0f9e"
      local file = folder() .. "/estate.db"
      local rest = { ('{"id":"%s","name":"n","tags":[]}'):format(id) }
      assert.are.equal(1, sandboxes.import(file, function() return table.remove(rest) end))
      play({
        { ("a = assets:update('%s', { mount = 'm', description = 'new' })"):format(id) .. ENTER,
          PROMPT },
        { "a.mount, a.description" .. ENTER, '\n"m"\n"new"\n' }, { nil, PROMPT },
        { "undo()" .. ENTER, "selected: 1 drift\n" }, { nil, PROMPT },
        { ("b = assets:get('%s')"):format(id) .. ENTER, PROMPT },
        { "b.mount, b.description" .. ENTER, '\n"m"\n""\n' }, { nil, PROMPT },
        { "undo()" .. ENTER, "no line of this session" },
      }, { argv = { "--sandbox=" .. file } })
    end)

    it("permissions, and not what someone else has given since", function()
      local with = fixture.new(finally)
      local peer = with:sandbox { dialect = "current" }
      local client = with:client(peer, { dialect = "current" })
      local id = fixture.make(client).id
      play({
        { "assets:share('" .. id .. "', { everyone = 'viewer', users = { ['a@b.c'] = 'viewer' } })"
          .. ".everyone" .. ENTER, '\n"viewer"\n' }, { nil, "> " },
        { "o = codeocean.client().data_assets o:share('" .. id
          .. "', { users = { ['d@e.f'] = 'editor' } })" .. ENTER, "> " },
        { "undo()" .. ENTER, "\n1 selected: 1 ok\n" }, { nil, "> " },
      }, { peer = peer, prompt = "> " })
      local now = assert(client.data_assets:get_permissions(id))
      assert.are.equal("none", now.everyone)
      assert.are.same({ { email = "d@e.f", role = "editor" },
        { email = "you@example.org", role = "owner" } }, now.users)
    end)

    it("a bulk run, after a question", function()
      play {
        { "spec = { select = { query = 'ecephys' }, limit = 3, change = function() "
          .. "return { tags = { 'new' } } end, confirm = function() return true end }" .. ENTER,
          PROMPT },
        { "bulk.run(client, spec).counts.ok" .. ENTER, "\n3\n" }, { nil, PROMPT },
        { "undo()" .. ENTER, "Go on? [y/N] " }, { "n" .. ENTER, PROMPT },
        { "undo()" .. ENTER, "Go on? [y/N] " }, { "y" .. ENTER, "\n3 selected: 3 ok\n" },
        { nil, PROMPT }, { "undo()" .. ENTER, "no line of this session" },
      }
    end)
  end)

  -- Assets of a sandbox of the spec, and what the session needs to reach it.
  local function estate(count, options)
    local with = fixture.new(finally)
    options = options or {}
    local peer = with:sandbox(options)
    local client = with:client(peer, { dialect = "current" })
    local ids = {}
    for i = 1, count do ids[i] = fixture.make(client, { name = "n" .. i }).id end
    local function tagged()
      local n = 0
      for _, id in ipairs(ids) do
        for _, tag in ipairs(client.data_assets:get(id).tags) do n = n + (tag == "x" and 1 or 0) end
      end
      return n
    end
    return peer, ids, tagged
  end

  for trial = 1, 3 do
    it("knows every write of a loop that Ctrl-C cuts, trial " .. trial, function()
      local peer, _, tagged = estate(30, { latency = 0.02 })
      play({
        { "l = assets:all { fields = { 'id' } }" .. ENTER, "> " },
        { "for i, a in ipairs(l) do assets:update(a.id, { tags = { 'x' } }) if i == "
          .. 2 + trial .. " then print 'go' end end" .. ENTER, "\ngo\n" },
        { terminal.CTRL_C, "interrupted\nwritten before: " }, { nil, "undo() takes it back\n" },
        { nil, "> " },
        { "undo()" .. ENTER, "Go on? [y/N] " }, { "y" .. ENTER, " selected: " }, { nil, "> " },
        { "undo()" .. ENTER, "no line of this session" },
      }, { peer = peer, prompt = "> " })
      assert.are.equal(0, tagged())
    end)
  end

  it("reports what a bulk run had written when Ctrl-C cut it, and takes it back", function()
    local peer, _, tagged = estate(60, { latency = 0.05 })
    play({
      { "bulk.run(client, { select = {}, all = true, jobs = 2, confirm = function() return true "
        .. "end, change = function() return { tags = { 'x' } } end, on_event = function(e) "
        .. "if e.type == 'applied' and e.done == 9 then print 'go' end end })" .. ENTER, "go\n" },
      { terminal.CTRL_C, "interrupted\nthe run was interrupted: " }, { nil, " ok, " },
      { nil, "\njournal: " }, { nil, "\ncolua resume " }, { nil, " goes on; undo()" },
      { nil, "> " },
      { "undo()" .. ENTER, "Go on? [y/N] " }, { "y" .. ENTER, " selected: " }, { nil, "> " },
      { "undo()" .. ENTER, "no line of this session" },
    }, { peer = peer, prompt = "> " })
    assert.are.equal(0, tagged())
  end)

  it("keeps what it could not take back", function()
    local peer, ids, tagged = estate(2)
    -- The second write meets the fault, the one that takes it back.
    local arm = "n = 0 client:on('write', function() n = n + 1 "
      .. "if n == 2 then return { kind = 'server', outcome = 'rejected', message = 'no' } end end)"
    play({
      { arm .. ENTER, "> " },
      { "assets:update('" .. ids[1] .. "', { tags = { 'x' } }).tags[1]" .. ENTER, '\n"x"\n' },
      { nil, "> " },
      { "undo()" .. ENTER, "\n1 selected: 1 failed\n" }, { nil, "> " },
      { "undo()" .. ENTER, "\n1 selected: 1 ok\n" }, { nil, "> " },
      { "undo()" .. ENTER, "no line of this session" },
    }, { peer = peer, prompt = "> " })
    assert.are.equal(0, tagged())
  end)

  it("sends no write that no journal can hold", function()
    local peer, ids, tagged = estate(1)
    process.write(folder() .. "/state", "a file")
    play({
      { "assets:update('" .. ids[1] .. "', { tags = { 'x' } })" .. ENTER, "\nrefused: journal " },
      { nil, "> " },
    }, { peer = peer, prompt = "> " })
    assert.are.equal(0, tagged())
    assert.are.same({}, fixture.seen(peer, "update"))
  end)

  -- What set_permissions gives while undo watches the client and the get before it is answered so;
  -- and what was sent.
  local function share_watched(finally, answer, wanted)
    local with = fixture.new(finally)
    local peer = with:sandbox { dialect = "current" }
    local client = with:client(peer, { dialect = "current" })
    local id = fixture.make(client).id
    undo.new { deployment = { client = client } }
    local operation = "get_permissions"
    if answer then peer:fault { kind = "status", status = answer, operation = operation } end
    local ok, err = client.data_assets:set_permissions(id, wanted)
    return ok, err, fixture.seen(peer, "set_permissions")
  end

  it("does not send permissions that it could not take back", function()
    for _, row in ipairs {
      { 400, { everyone = "viewer" }, "invalid" },
      { nil, { users = { { email = "a@b.c", role = "admin" } } }, "invalid" },
    } do
      local ok, err, sent = share_watched(finally, row[1], row[2])
      assert.is_nil(ok)
      assert.equal(row[3], err.kind)
      assert.equal(0, #sent)
    end
  end)

  it("takes back all writes of a line of which one had no answer", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { ready_after = 0 }
    local client = with:client(peer, { retries = 0 })
    local id = fixture.make(client, { description = "before" }).id
    local line = undo.new { deployment = { client = client }, show = { line = function() end } }
    for i, text in ipairs { "one", "two", "two" } do
      if i == 2 then peer:fault { kind = "status", status = 504, operation = "update" } end
      client.data_assets:update(id, { description = text })
    end
    line:finish(false)
    assert.equal(1, line().counts.ok)
    assert.equal("before", client.data_assets:get(id).description)
  end)

  it("does not delete what it cannot read", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer)
    undo.new { deployment = { client = client } }
    peer:fault { kind = "status", status = 400, operation = "get" }
    local ok, err = client.data_assets:delete(fixture.ID)
    assert.is_nil(ok)
    assert.equal("get", err.operation)
    assert.equal(0, #fixture.seen(peer, "delete"))
  end)
end)
