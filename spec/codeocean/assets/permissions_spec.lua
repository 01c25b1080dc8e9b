-- Changes of permissions are checked, merged with the present ones, and sent as a whole.

local fixture = require "fixture"
local json = require "codeocean.json"
local permissions = require "codeocean.assets.permissions"

local OWNER = { email = "you@example.org", role = "owner" }

describe("codeocean.assets.permissions", function()
  local mistakes = {
    { "x", "permissions", 'table expected, got "x"' }, { {}, "permissions", "at least one of" },
    { { user = {} }, "permissions.user", "did you mean 'users'" },
    { { users = "x" }, "permissions.users", "table of mail address and role" },
    { { users = { ana = "viewer" } }, "permissions.users", "mail address expected" },
    { { users = { { email = "a@b.c", role = "viewer" } } }, "permissions.users",
      "mail address expected, got 1" },
    { { users = { ["a@b.c"] = "discoverable" } }, 'permissions.users["a@b.c"]', "one of owner" },
    { { users = { ["a@b.c"] = "viewer", ["A@B.c"] = "owner" } }, "permissions.users",
      "each mail address once expected" },
    { { groups = { [""] = "viewer" } }, "permissions.groups", "name of a group expected" },
    { { everyone = "owner" }, "permissions.everyone", "one of viewer, discoverable, none" },
    { { share_assets = "yes" }, "permissions.share_assets", "boolean expected" },
  }
  for i, row in ipairs(mistakes) do
    it(("names mistake %d: %s"):format(i, row[2]), function()
      local name, problem = permissions.problem(row[1])
      assert.equal(row[2], name)
      assert.is_truthy(problem:find(row[3], 1, true), problem)
    end)
  end

  it("accepts valid changes", function()
    for _, changes in ipairs { { everyone = "none" }, { share_assets = false },
      { users = { ["a@b.c"] = "none" } }, { groups = { ["Rig 3"] = "discoverable" } } } do
      assert.is_nil(permissions.problem(changes))
    end
  end)

  it("converts the API's form to entries and back", function()
    local form = { users = { { email = "a@b.c", role = "viewer" }, OWNER },
      groups = { { group = "g h", role = "discoverable" } }, everyone = "viewer",
      share_assets = false }
    local entries = { ["user a@b.c"] = "viewer", ["user you@example.org"] = "owner",
      ["group g h"] = "discoverable", everyone = "viewer", share_assets = false }
    assert.same(entries, permissions.entries(form))
    assert.same(form, permissions.permissions(entries))
    assert.same({ everyone = "none" }, permissions.entries {})
    assert.equal('{"everyone":"none","groups":[],"users":[]}',
      json.encode(permissions.permissions { everyone = "none" }))
  end)

  it("refuses an answer with an entry that could not be sent back", function()
    for _, form in ipairs { { everyone = "boss" }, { users = "x" }, { users = { "x" } },
      { users = { { email = "a@b.c", role = "admin" } } }, { groups = { { role = "viewer" } } },
      { share_assets = "true" } } do
      assert.is_nil(permissions.entries(form), json.encode(form))
    end
  end)

  local function open()
    local with = fixture.new(finally)
    local peer = with:sandbox { dialect = "both" }
    local client = with:client(peer, { dialect = "current" })
    return client.data_assets, peer, fixture.make(client).id
  end

  describe("assets:share", function()
    it("sends all merged entries, and nothing if they are there already", function()
      local assets, peer, id = open()
      local before = #peer:requests()
      local got = assert(assets:share(id, { everyone = "viewer" }))
      assert.same({ users = { OWNER }, groups = {}, everyone = "viewer", share_assets = false },
        got)
      assert.same(got, assert(assets:share(id, { everyone = "viewer",
        users = { ["nobody@example.org"] = "none" } })))
      local requests = peer:requests()
      assert.equal(before + 3, #requests)
      assert.equal('{"users":[{"email":"you@example.org","role":"owner"}],"groups":[],'
        .. '"everyone":"viewer","share_assets":false}', requests[before + 2].body)
    end)

    it("keeps an owner", function()
      local assets, peer, id = open()
      local got, err = assets:share(id, { users = { ["you@example.org"] = "viewer" } })
      assert.is_nil(got)
      assert.equal("invalid", err.kind)
      assert.equal(0, #fixture.seen(peer, "set_permissions"))
    end)

    it("raises a wrong argument before any request", function()
      local assets, peer, id = open()
      local before = #peer:requests()
      assert.error_matches(function() assets:share(id, { everyone = "boss" }) end,
        "bad argument 'permissions.everyone' to 'share'")
      assert.error_matches(function() assets:share("x", { everyone = "none" }) end,
        "bad argument 'id' to 'share'")
      assert.equal(before, #peer:requests())
    end)

    -- The answer to the get, the changes, what is sent then; or nil: refused, and why.
    local shown = '"users":[{"email":"a@b.c","role":"owner"}]'
    local ANSWERS = {
      { '{"everyone":"none"}', { everyone = "viewer" }, '{"everyone":"viewer"}' },
      { "{}", { share_assets = true }, '{"share_assets":true}' },
      { '{"groups":[],"everyone":"none"}', { groups = { g = "viewer" } },
        '{"everyone":"none","groups":[{"group":"g","role":"viewer"}]}' },
      { "{" .. shown .. "}", { groups = { g = "viewer" } },
        "{" .. shown .. ',"groups":[{"group":"g","role":"viewer"}]}' },
      { '{"everyone":"none"}', { users = { ["n@b.c"] = "viewer" } }, nil, "no list of users" },
      { '{"everyone":"none"}', { groups = { g = "viewer" } }, nil, "no list of groups" },
      { '{"message":"welcome"}', { users = { ["a@b.c"] = "none" } }, nil, "no list of users" },
    }
    for i, row in ipairs(ANSWERS) do
      it(("does not erase what the answer leaves out: %d"):format(i), function()
        local with = fixture.new(finally)
        local peer = with:server { fixture.answer("200 OK", row[1]), fixture.answer("200 OK", "") }
        local got, err = with:client(peer).data_assets:share(fixture.ID, row[2])
        peer:request()
        if row[3] then
          assert.is_truthy(got, tostring(err))
          assert.same(json.decode(row[3]), json.decode(peer:request():match "\r\n\r\n(.*)$"))
        else
          assert.is_nil(got)
          assert.same({ "decode", "not_sent" }, { err.kind, err.outcome })
          assert.is_truthy(err.message:find(row[4], 1, true), err.message)
        end
      end)
    end

    it("merges into a fresh read after a 429", function()
      local with = fixture.new(finally)
      local peer = with:sandbox { dialect = "current" }
      local client = with:client(peer, { dialect = "current" })
      local other = with:client(peer, { dialect = "current" })
      local id = fixture.make(client).id
      local pushed = false
      client:on("request", function(call)
        if pushed or call.operation ~= "set_permissions" then return end
        pushed = true
        assert(other.data_assets:share(id, { users = { ["theirs@b.c"] = "viewer" } }))
        peer:fault { kind = "status", status = 429, retry_after = "3",
          operation = "set_permissions" }
      end)
      assert(client.data_assets:share(id, { users = { ["mine@b.c"] = "viewer" } }))
      local roles = {}
      for _, user in ipairs(client.data_assets:get_permissions(id).users) do
        roles[user.email] = user.role
      end
      assert.same({ "viewer", "viewer" }, { roles["mine@b.c"], roles["theirs@b.c"] })
    end)

    it("leaves alone permissions with unknown roles or entries", function()
      local with = fixture.new(finally)
      local peer = with:server { fixture.answer("200 OK",
        '{"users":[{"email":"a@b.c","role":"admin"}],"everyone":"none"}') }
      local got, err = with:client(peer).data_assets:share(fixture.ID, { everyone = "viewer" })
      assert.is_nil(got)
      assert.equal("decode", err.kind)
      assert.equal("not_sent", err.outcome)
    end)
  end)
end)
