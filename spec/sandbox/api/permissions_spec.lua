-- The permissions of an asset.

local peer = require "peer"

describe("permissions in the sandbox", function()
  local it_has
  local asset = "/" .. peer.VENDORS

  before_each(function()
    it_has = peer.start { seed = 3, dialect = "current", buckets = { "there" } }
  end)

  after_each(function() it_has.sandbox:stop() end)

  local function set(body)
    return it_has:call("POST", asset .. "/permissions", body)
  end

  local function get()
    return select(2, it_has:call("GET", asset .. "/permissions"))
  end

  local owner = { email = "you@example.org", role = "owner" }

  it("are the owner's at first", function()
    assert.same({ users = { owner }, groups = {}, everyone = "none", share_assets = false }, get())
    assert.equal(404, (it_has:call("GET", "/none/permissions")))
    assert.equal(404, (it_has:call("POST", "/none/permissions", "{}")))
  end)

  it("have the fields of an entry that mean something, and no other", function()
    assert.equal(204, (set('{"users":[{"email":"a@example.org","role":"viewer","since":1}],'
      .. '"groups":[{"group":"lab","role":"editor","email":null}]}')))
    assert.same({ users = { owner, { email = "a@example.org", role = "viewer" } },
      groups = { { group = "lab", role = "editor" } }, everyone = "none", share_assets = false },
      get())
  end)

  it("change where they are sent, and the owner stays", function()
    assert.equal(204, (set '{"everyone":"viewer"}'))
    assert.same({ users = { owner }, groups = {}, everyone = "viewer", share_assets = false },
      get())
    local lab = { group = "lab", role = "discoverable" }
    assert.equal(204, (set('{"groups":[{"group":"lab","role":"discoverable"}],'
      .. '"users":null,"everyone":null,"share_assets":"true"}')))
    assert.same({ users = { owner }, groups = { lab }, everyone = "viewer", share_assets = true },
      get())
    local editor = { email = "e@example.org", role = "editor" }
    assert.equal(204, (set { users = { editor } }))
    assert.same({ owner, editor }, get().users)
    local heir = { email = "h@example.org", role = "owner" }
    assert.equal(204, (set { users = { heir } }))
    assert.same({ heir }, get().users)
    assert.equal(204, (set '{"users":[],"groups":[]}'))
    assert.same({ { heir }, {} }, { get().users, get().groups })
  end)

  it("keep the owner in that role alone", function()
    assert.equal(204, (set { users = { { email = "YOU@example.org", role = "viewer" } } }))
    assert.same({ owner }, get().users)
  end)

  it("refuse an empty or repeated user or group", function()
    local a = '{"email":"a@b","role":"viewer"}'
    local rows = {
      ['{"users":[{"email":"","role":"viewer"}]}'] = "users: the email must not be empty",
      ['{"groups":[{"group":" ","role":"viewer"}]}'] = "groups: the group must not be empty",
      ['{"users":[' .. a .. ',{"email":"A@B","role":"editor"}]}'] = "users: the email",
      ['{"groups":[{"group":"g","role":"viewer"},{"group":"g","role":"viewer"}]}'] =
        "groups: the group g is there twice",
    }
    for body, message in pairs(rows) do
      local status, answer = set(body)
      assert.equal(400, status, body)
      assert.truthy(answer.message:find(message, 1, true), answer.message)
    end
    assert.same({ owner }, get().users)
  end)

  it("mark an asset private if only its owner may see it", function()
    local function private()
      local _, page = it_has:call("POST", "/search", { ownership = "private" })
      for _, row in ipairs(page.results) do if row.id == peer.VENDORS then return true end end
      return false
    end
    assert.is_true(private())
    for _, shared in ipairs { '{"everyone":"viewer"}', '{"everyone":"discoverable"}',
      '{"groups":[{"group":"g","role":"viewer"}]}',
      '{"users":[{"email":"e@example.org","role":"viewer"}]}',
      '{"users":[{"email":"e@example.org","role":"owner"}]}' } do
      assert.equal(204, (set(shared)))
      assert.is_false(private(), shared)
      assert.equal(204, (set('{"users":[{"email":"you@example.org","role":"owner"}],"groups":[],'
        .. '"everyone":"none"}')))
      assert.is_true(private(), shared)
    end
  end)

  it("accept the known roles only", function()
    for _, body in ipairs { '{"everyone":"boss"}', '{"everyone":"owner"}', '{"everyone":"editor"}',
      '{"users":[{"email":"a@b"}]}', '{"users":[{"email":"a@b","role":"discoverable"}]}',
      '{"users":[{"role":"viewer"}]}', '{"users":["a@b"]}', '{"groups":[{"group":"g"}]}',
      '{"groups":[{"group":"g","role":"none"}]}', '{"groups":[{"role":"viewer"}]}',
      '{"users":{}}', '{"share_assets":1}', '{"share_assets":"yes"}', "[]" } do
      assert.equal(400, (set(body)), body)
    end
    assert.same({ owner }, get().users)
    for _, role in ipairs { "owner", "editor", "viewer", "discoverable" } do
      assert.equal(204, (set { groups = { { group = "g", role = role } } }), role)
    end
  end)
end)
