-- colua share: permissions are planned, merged, written and undone as tags are.

local deployment = require "deployment"
local json = require "codeocean.json"
local process = require "process"

local OWNER = { email = "you@example.org", role = "owner" }

describe("colua share", function()
  local here, a, b, assets

  before_each(function()
    here = deployment.start()
    a, b = here:asset { name = "first" }, here:asset { name = "second" }
    assets = here.client.data_assets
  end)
  after_each(function() here:stop() end)

  local function share(words, options)
    return here:run({ "share", table.unpack(words) }, options)
  end

  local function summary(result)
    return (result.err:match("[^\n]* selected: [^(]*"):gsub(" $", ""))
  end

  local function permissions(id) return assert(assets:get_permissions(id)) end

  local function users(id)
    local roles = {}
    for _, user in ipairs(permissions(id).users) do roles[user.email] = user.role end
    return roles
  end

  -- The requests that would change something, without their addresses' ids.
  local function posted()
    local bodies = {}
    for _, line in ipairs(here:written()) do
      local body = line:match "^POST /data_assets/%S+/permissions (.*)$"
      bodies[#bodies + 1] = assert(body and json.decode(body), line)
    end
    return bodies
  end

  it("sends all entries that it read, with its changes", function()
    assert(assets:set_permissions(a, { users = { { email = "bo@example.org", role = "editor" } },
      groups = { { group = "Rig 3", role = "viewer" } } }))
    local result = share { a, "--everyone", "viewer", "--add-user", "ana@example.org=viewer",
      "--yes" }
    assert.are.equal(0, result.status)
    assert.are.equal(("ok\t%s\tfirst\tpermissions.everyone: \"none\" → \"viewer\" "
      .. "permissions.user ana@example.org: (none) → \"viewer\"\n"):format(a),
      result.out:match "\n(.*)$")
    assert.are.same({ { everyone = "viewer", share_assets = false,
      users = { { email = "ana@example.org", role = "viewer" },
        { email = "bo@example.org", role = "editor" }, OWNER },
      groups = { { group = "Rig 3", role = "viewer" } } } }, posted())
    assert.are.same({ ["ana@example.org"] = "viewer", ["bo@example.org"] = "editor",
      ["you@example.org"] = "owner" }, users(a))
  end)

  it("changes and removes roles; a mail address in any letter case", function()
    assert(assets:share(a, { users = { ["Ana@example.org"] = "viewer",
      ["bo@example.org"] = "viewer" }, groups = { lab = "discoverable" } }))
    local result = share { a, "--add-user", "ana@Example.org=editor", "--remove-user",
      "BO@example.org,nobody@example.org", "--remove-group", "lab", "--yes" }
    assert.are.equal("1 selected: 1 ok", summary(result))
    assert.are.same({ ["Ana@example.org"] = "editor", ["you@example.org"] = "owner" }, users(a))
    assert.are.same({}, permissions(a).groups)
  end)

  it("writes nothing and asks nothing if all permissions are right", function()
    assert(assets:share(a, { everyone = "viewer" }))
    local result = share { a, "--everyone", "viewer", "--remove-user", "no@example.org" }
    assert.are.equal("1 selected: 1 unchanged", summary(result))
    assert.are.equal(0, result.status)
    assert.are.same({}, here:written())
  end)

  it("previews and writes nothing", function()
    local result = share { a, b, "--everyone", "discoverable", "--share-assets", "-n" }
    assert.matches("^2 selected: 2 would change, [%d.]+ %wiB, ", summary(result))
    assert.are.same({}, here:written())
    local unasked = share { a, "--everyone", "viewer" }
    assert.are.equal(6, unasked.status)
    assert.is_truthy(unasked.err:find('permissions.everyone  -"none"\n', 1, true))
    assert.is_truthy(unasked.err:find('permissions.everyone  +"viewer"\n', 1, true))
    assert.are.same({}, here:written())
  end)

  it("keeps an owner", function()
    local result = share { a, "--remove-user", "you@example.org", "--yes" }
    assert.are.equal(3, result.status)
    assert.is_truthy(result.out:find("the last owner would go: left alone", 1, true))
    assert.are.same({}, here:written())
    assert.are.equal(0, share({ a, "--remove-user", "you@example.org", "--add-user",
      "heir@example.org=owner", "--yes" }).status)
    assert.are.same({ ["heir@example.org"] = "owner" }, users(a))
  end)

  it("is undone, and leaves what others did since", function()
    assert.are.equal(0, share({ a, b, "--everyone", "viewer", "--add-user",
      "ana@example.org=viewer", "--yes" }).status)
    assert(assets:share(b, { users = { ["ana@example.org"] = "editor", ["bo@x.org"] = "viewer" } }))
    local result = here:run { "undo", "last", "--yes" }
    assert.are.equal("2 selected: 1 ok, 1 drift", summary(result))
    assert.are.same({ ["you@example.org"] = "owner" }, users(a))
    assert.are.equal("none", permissions(a).everyone)
    assert.are.same({ ["ana@example.org"] = "editor", ["bo@x.org"] = "viewer",
      ["you@example.org"] = "owner" }, users(b))
    assert.are.equal("none", permissions(b).everyone)
  end)

  it("is resumed where it was interrupted", function()
    here.server:fault { kind = "status", operation = "set_permissions", status = 400, count = 1 }
    local cut = share { a, b, "--everyone", "viewer", "--yes", "--fail-fast", "--jobs", "1" }
    assert.are.equal("2 selected: 1 failed, 1 pending", summary(cut))
    local result = here:run { "resume", "last", "--yes" }
    assert.are.equal("2 selected: 2 ok", summary(result))
    assert.are.same({ "viewer", "viewer" }, { permissions(a).everyone, permissions(b).everyone })
  end)

  it("reports that a release of 2022 has no permissions, not that the asset is missing", function()
    local old = deployment.start { ready_after = 0, dialect = "2022" }
    local result = old:run { "share", old:asset { name = "a" }, "--everyone", "viewer", "--yes" }
    old:stop()
    assert.are.equal(3, result.status)
    assert.is_truthy(result.out:find("the deployment does not know this request", 1, true),
      result.out)
    assert.is_truthy(result.err:find("1 selected: 1 failed", 1, true), result.err)
  end)

  it("becomes a plan, whose drift is left alone", function()
    assert.are.equal(0, share({ a, b, "--everyone", "viewer", "--plan", "plan.jsonl" }).status)
    assert(assets:share(b, { everyone = "discoverable" }))
    local result = here:run { "apply", "plan.jsonl", "--yes" }
    assert.are.equal("2 selected: 1 ok, 1 drift", summary(result))
    assert.are.same({ "viewer", "discoverable" },
      { permissions(a).everyone, permissions(b).everyone })
  end)

  it("verifies", function()
    local result = share { a, "--everyone", "viewer", "--share-assets", "--yes", "--verify" }
    assert.are.equal("1 selected: 1 ok", summary(result))
    assert.are.equal(1, #here:written())
    assert.is_true(permissions(a).share_assets)
  end)

  it("leaves no secret in the journal", function()
    local path = here.folder .. "/run.jsonl"
    assert.are.equal(0, share({ a, "--everyone", "viewer", "--yes", "--journal", path }).status)
    local text = process.read(path)
    assert.is_truthy(text:find(
      '"patch":{"permissions":{"everyone":{"after":"viewer","before":"none"}}}', 1, true))
    assert.is_nil(text:find(here.server.token, 1, true))
  end)

  it("refuses wrong arguments before any request", function()
    for _, case in ipairs {
      { {}, "nothing to change: give --everyone" },
      { { "--everyone", "editor" }, "--everyone" },
      { { "--add-user", "ana=viewer" }, 'permissions.users: mail address expected, got "ana"' },
      { { "--add-user", "a@b.c=boss" }, "one of owner, editor, viewer" },
      { { "--add-user", "a@b.c=discoverable" }, "one of owner, editor, viewer" },
      { { "--add-user", "a@b.c" }, "'a@b.c' is not MAIL=ROLE" },
      { { "--add-group", "g=boss" }, "one of owner, editor, viewer, discoverable" },
      { { "--add-user", "a@b.c=viewer", "--remove-user", "a@b.c" }, "user 'a@b.c' is named twice" },
    } do
      local words, message = case[1], case[2]
      local result = share { a, "--yes", table.unpack(words) }
      assert.are.equal(2, result.status, message)
      assert.is_truthy(result.err:find(message, 1, true), result.err)
      assert.are.same({}, here:sent())
    end
  end)
end)
