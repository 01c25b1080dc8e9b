-- colua create checks every request before it sends the first, and sends each once.

local deployment = require "deployment"
local json = require "codeocean.json"
local process = require "process"

local function request(name, more)
  local params = { name = name, mount = name, tags = json.array { "t" },
    source = { aws = { bucket = "open-neuro" } } }
  for key, value in pairs(more or {}) do params[key] = value end
  return json.encode(params) .. "\n"
end

describe("colua create", function()
  local here

  before_each(function() here = deployment.start() end)
  after_each(function() here:stop() end)

  local function create(words, options)
    local result = here:run({ "create", "--yes", table.unpack(words) }, options)
    result.err = result.err:gsub("journal: [^\n]*\n$", "")
    return result
  end
  local function write(text) return process.write(here.folder .. "/new.jsonl", text) end

  it("sends one request from its options", function()
    local result = create { "--name", "Rig 3", "--description", "d", "--mount", "rig3", "--tags",
      "a, b", "--bucket", "lab", "--prefix", "rig3/", "--external", "--index", "--fields", "name" }
    assert.are.same({ status = 0, out = "name\nRig 3\n", err = "1 request: 1 created\n" }, result)
    assert.are.equal(1, #here:written())
    assert.are.same({ name = "Rig 3", description = "d", mount = "rig3", tags = { "a", "b" },
      source = { aws = { bucket = "lab", prefix = "rig3/", keep_on_external_storage = true,
        index_data = true } } }, json.decode(here:written()[1]:match("^POST /data_assets (.*)$")))
  end)

  it("captures a computation's result, mounted under its name", function()
    create { "--name", "run", "--computation", "c0ffee" }
    assert.are.same({ name = "run", description = "", mount = "run", tags = {},
      source = { computation = {
      id = "c0ffee" } } }, json.decode(here:written()[1]:match("^POST /data_assets (.*)$")))
  end)

  it("creates one for each line of a file, in its order", function()
    write("\xEF\xBB\xBF" .. request "a" .. "\r\n# a comment\n" .. request "b")
    assert.are.same({ status = 0, out = "name\tstate\na\tdraft\nb\tdraft\n",
      err = "2 requests: 2 created\n" },
      create { "--from", "new.jsonl", "--fields", "name,state" })
    assert.are.equal(2, #here:written())
  end)

  it("waits until they are ready", function()
    local words = { "--from", "-", "--wait", "--interval", "0.01", "--fields", "name,state" }
    local result = create(words, { stdin = request "a" .. request "b" })
    assert.are.equal("name\tstate\na\tready\nb\tready\n", result.out)
  end)

  it("reports bad rows with file and line, and creates the others", function()
    write(table.concat {
      request("a", { source = { aws = { bucket = "b", keep_on_External_storage = true } } }),
      '{"name": \n', request "good", "[1]\n", "3\n",
      request("c", { tags = "x" }), request("d", { source = json.null }) })
    local result = create { "--from", "new.jsonl", "--fields", "name" }
    assert.are.equal(3, result.status)
    assert.are.equal("name\ngood\n", result.out)
    local lines = {}
    for line in result.err:gmatch("[^\n]+") do lines[#lines + 1] = line end
    assert.are.equal("new.jsonl:1: source.aws.keep_on_External_storage: no such field; "
      .. "did you mean 'keep_on_external_storage'?", lines[1])
    assert.is_truthy(lines[2]:find("^new.jsonl:2: not JSON: "))
    assert.are.equal("new.jsonl:4: not a JSON object", lines[3])
    assert.are.equal("new.jsonl:5: not a JSON object", lines[4])
    assert.is_truthy(lines[5]:find("^new.jsonl:6: tags: "))
    assert.is_truthy(lines[6]:find("^new.jsonl:7: source: "))
    assert.are.equal("7 requests: 1 created, 6 refused", lines[7])
    assert.are.equal(1, #here:written())
  end)

  it("names the row that the server refuses", function()
    here.server:fault { kind = "status", operation = "create", status = 400 }
    local result = create({ "--from", "-", "--jobs", "1", "--fields", "name" },
      { stdin = request "a" .. request "b" })
    assert.are.same({ 3, "name\nb\n" }, { result.status, result.out })
    assert.is_truthy(result.err:find("^stdin:1: create: invalid 400: "))
  end)

  it("shows under --dry-run what would be sent, without its secrets", function()
    write(request("a", { source = { aws = { bucket = "b", access_key_id = "AKIA",
      secret_access_key = "hush" } } }))
    local result = create { "--from", "new.jsonl", "--dry-run", "--json" }
    assert.are.same({ 0, "1 request: 1 would be created\n" }, { result.status, result.err })
    assert.are.same({ { name = "a", mount = "a", tags = { "t" }, source = { aws = { bucket = "b",
      access_key_id = "***", secret_access_key = "***" } } } }, json.decode(result.out))
    assert.are.same({ "GET /custom_metadata" }, here:sent())
    assert.are.equal('name\tmount\ttags\tsource\na\ta\tt\t{"aws":{"access_key_id":"***",'
      .. '"bucket":"b","secret_access_key":"***"}}\n', create { "--from", "new.jsonl", "-n" }.out)
  end)

  it("accepts an existing asset with --unless-exists", function()
    here:asset { name = "a", tags = {} }
    local result = create({ "--from", "-", "--unless-exists", "--fields", "name" },
      { stdin = request "a" .. request "b" })
    assert.are.same({ status = 0, out = "name\na\nb\n",
      err = "2 requests: 1 created, 1 existed\n" }, result)
    assert.are.equal(1, #here:written())
  end)

  it("does not send again what the server may have done", function()
    here.server:fault { kind = "reset_before", operation = "create" }
    local result = create { "--name", "x", "--bucket", "b" }
    assert.are.equal(7, result.status)
    assert.are.equal(1, #here:written())
    assert.is_truthy(result.err:find("it may have been done", 1, true))
  end)

  it("shows on a terminal what it would create, and asks", function()
    write(request "a" .. request("b\27", { source = { computation = { id = "c0" } } }) .. "{}\n")
    local words = { "create", "--from", "new.jsonl", "--fields", "name" }
    local no = here:type(words, { "Go on? [y/N] ", "n" })
    assert.are.same({ 6, "" }, { no.status, no.out })
    assert.are.same({ "GET /custom_metadata" }, here:sent())
    assert.is_truthy(no.shown:find("create 2 assets on ", 1, true))
    assert.is_truthy(no.shown:find("  + a  [t]  s3://open-neuro/", 1, true), no.shown)
    assert.is_truthy(no.shown:find("  + b\\27  [t]  computation c0", 1, true), no.shown)
    assert.is_truthy(no.shown:find("1 row refused, see above", 1, true), no.shown)
    assert.is_truthy(no.shown:find("nothing was written", 1, true))
    local yes = here:type(words, { "Go on? [y/N] ", "y" })
    assert.are.equal("name\na\nb\27\n", yes.out)
    assert.are.equal(2, #here:written())
  end)

  it("is refused without a terminal and without --yes", function()
    local result = here:run({ "create", "--from", "-" }, { stdin = request "a" })
    assert.are.same({ 6, "" }, { result.status, result.out })
    assert.is_truthy(result.err:find("there is no terminal to ask on, and no --yes", 1, true))
    assert.are.same({ "GET /custom_metadata" }, here:sent())
  end)

  it("reports names that stand in two rows", function()
    local result = create({ "--from", "-", "--unless-exists", "--fields", "name" },
      { stdin = request "a" .. request "b" .. request "a" })
    assert.are.same({ 0, "name\na\nb\na\n" }, { result.status, result.out })
    assert.are.equal('stdin:3: the name "a" stands in stdin:1 too\n'
      .. "3 requests: 2 created, 1 existed\n", result.err)
    assert.are.equal(2, #here:written())
  end)

  it("keeps the row of an asset that is not ready in time or not found yet", function()
    here.server:fault { kind = "stuck_draft", operation = "create" }
    local late = create({ "--from", "-", "--wait", "--timeout", "0.05", "--interval", "0.01",
      "--fields", "id,name" }, { stdin = request "late" })
    assert.are_not.equal(0, late.status)
    assert.is_truthy(late.out:find("^id\tname\n%x+%-[%x-]+\tlate\n$"), late.out)
    assert.is_truthy(late.err:find("1 request: 1 created, 1 not ready\n$"), late.err)
    here.server:fault { kind = "status", operation = "get", status = 404 }
    local early = create({ "--from", "-", "--wait", "--interval", "0.01", "--fields", "id,name" },
      { stdin = request "early" })
    assert.are.equal(3, early.status)
    assert.is_truthy(early.out:find("^id\tname\n%x+%-[%x-]+\tearly\n$"), early.out)
    assert.is_truthy(early.err:find("^stdin:1: "), early.err)
  end)

  it("refuses an address for a bucket with its parts", function()
    local result = create { "--name", "x", "--bucket", "s3://lab/rig3/m" }
    assert.are.same({ 2, "" }, { result.status, result.out })
    assert.is_truthy(result.err:find("s3://lab/rig3/m is an address; give bucket = lab and "
      .. "prefix = rig3/m", 1, true), result.err)
    assert.are.same({}, here:sent())
  end)

  it("reports what was created when it is interrupted", function()
    local lines = {}
    for i = 1, 50 do lines[i] = request("n" .. i) end
    write(table.concat(lines))
    here.server:fault { kind = "delay", operation = "create", seconds = 0.05, count = -1 }
    local finish = here:begin { "create", "--yes", "--from", "new.jsonl", "--jobs", "1", "--fields",
      "name" }
    while #here:written() < 3 do here.server:wait(0.01) end
    local result = finish "INT"
    local created = #here:written()
    assert.are.equal(130, result.status)
    assert.is_true(created < 50)
    assert.are.equal(created + 1, select(2, result.out:gsub("\n", "\n")))
    local run = result.err:match(("50 requests: %d created, %d not sent\ncolua resume (%%x+) "
      .. "goes on\n$"):format(created, 50 - created))
    here.server:clear()
    here:mark()
    local rest = here:run { "resume", run, "--fields", "name" }
    assert.are.equal(0, rest.status, rest.err)
    assert.are.equal(50 - created, #here:written())
    assert.are.equal(51, select(2, rest.out:gsub("\n", "\n")))
    assert.is_truthy(rest.err:find("50 requests: 50 created\n", 1, true), rest.err)
  end)

  it("can be undone: what it created is archived, what was there is not", function()
    local there = here:asset { name = "a", tags = {} }
    create({ "--from", "-", "--unless-exists" }, { stdin = request "a" .. request "b" })
    local result = here:run { "undo", "last", "--yes" }
    assert.are.equal(0, result.status, result.err)
    local written = here:written()
    assert.are.equal(1, #written)
    assert.is_truthy(written[1]:find "/archive%?archive=true$")
    assert.is_nil(written[1]:find(there, 1, true))
  end)

  it("resumes a run of the same requests that was killed", function()
    local lines = {}
    for i = 1, 40 do lines[i] = request("n" .. i) end
    write(table.concat(lines))
    here.server:fault { kind = "delay", operation = "create", seconds = 0.02, count = -1 }
    local finish = here:begin { "create", "--yes", "--from", "new.jsonl", "--jobs", "3" }
    while #here:written() < 7 do here.server:wait(0.01) end
    finish "KILL"
    local sent = #here:written()
    assert.is_true(sent < 40)
    here.server:clear()
    here:mark()
    local again = here:run { "create", "--yes", "--from", "new.jsonl", "--fields", "name" }
    assert.are.equal(0, again.status, again.err)
    assert.is_truthy(again.err:find("resumes the run %x+, which was interrupted"), again.err)
    local names = {}
    for asset in here.client.data_assets:each { query = "name:n" } do
      names[#names + 1] = asset.name
    end
    assert.are.equal(40, #names)
    table.sort(names)
    for i = 2, 40 do assert.are_not.equal(names[i - 1], names[i]) end
  end)

  -- A run of `count` rows that was killed, with a few of them created.
  local function killed(count, ...)
    local lines = {}
    for i = 1, count do lines[i] = request("n" .. i) end
    write(table.concat(lines))
    here.server:fault { kind = "delay", operation = "create", seconds = 0.02, count = -1 }
    local finish = here:begin { "create", "--yes", "--from", "new.jsonl", "--jobs", "3", ... }
    while #here:written() < 7 do here.server:wait(0.01) end
    finish "KILL"
    here.server:clear()
    here:mark()
    return lines
  end

  local function refused(result)
    assert.are.equal(6, result.status, result.err)
    assert.is_truthy(result.err:find("may have been created by the run ", 1, true), result.err)
    assert.is_truthy(result.err:find("colua resume %S+ finishes that one, %-%-unless%-exists"),
      result.err)
    assert.are.same({ "GET /custom_metadata" }, here:sent())
  end

  local function names_of_all()
    local names = {}
    for asset in here.client.data_assets:each { query = "name:n" } do
      names[#names + 1] = asset.name
    end
    table.sort(names, function(x, y) return tonumber(x:sub(2)) < tonumber(y:sub(2)) end)
    return table.concat(names, " ")
  end

  local TWENTY = "n1 n2 n3 n4 n5 n6 n7 n8 n9 n10 n11 n12 n13 n14 n15 n16 n17 n18 n19 n20"

  it("does not create again, with another journal, what a killed run has created", function()
    killed(20)
    local words = { "create", "--yes", "--from", "new.jsonl", "--journal", "elsewhere.jsonl" }
    refused(here:run(words))
    words[#words + 1] = "--dry-run"
    refused(here:run(words))
    words[#words] = "--unless-exists"
    local result = here:run(words)
    assert.are.equal(0, result.status, result.err)
    assert.are.equal(TWENTY, names_of_all())
  end)

  it("resumes a killed run whose journal is elsewhere", function()
    killed(20, "--journal", "elsewhere.jsonl")
    refused(here:run { "create", "--yes", "--from", "new.jsonl", "--journal", "new.jsonl" })
    local result = here:run { "create", "--yes", "--from", "new.jsonl" }
    assert.are.equal(0, result.status, result.err)
    assert.is_truthy(result.err:find("elsewhere.jsonl, which was interrupted", 1, true), result.err)
    assert.are.equal(TWENTY, names_of_all())
  end)

  it("refuses a sheet with a row more than that of the run that was killed", function()
    local lines = killed(20)
    lines[21] = request "n21"
    write(table.concat(lines))
    refused(here:run { "create", "--yes", "--from", "new.jsonl" })
    write(request "n21")
    assert.are.equal(0, here:run({ "create", "--yes", "--from", "new.jsonl" }).status)
  end)

  it("sends nothing more after Ctrl-C", function()
    local lines = {}
    for i = 1, 40 do lines[i] = request("n" .. i) end
    write(table.concat(lines))
    here.server:fault { kind = "delay", operation = "create", seconds = 0.5, count = -1 }
    local finish = here:begin { "create", "--yes", "--from", "new.jsonl", "--jobs", "2",
      "--rate", "1" }
    while #here:written() < 1 do here.server:wait(0.01) end
    local result = finish "INT"
    assert.are.equal(130, result.status, result.err)
    assert.is_truthy(result.err:find("40 requests: 1 created, 39 not sent", 1, true), result.err)
    assert.are.equal(1, #here:written())
  end)

  it("reports an asset that could not be made", function()
    local other = deployment.start { ready_after = 0, buckets = { "known" } }
    local result = other:run { "create", "--name", "x", "--bucket", "unknown", "--wait",
      "--interval", "0.01" }
    other:stop()
    assert.are.equal(3, result.status)
    assert.is_truthy(result.err:find("wait_until_ready %S+: failed: "), result.err)
  end)

  for what, case in pairs {
    ["nothing to create"] = { {}, "nothing to create: give --from FILE, or --name and a source" },
    ["a file that is not there"] = { { "--from", "nowhere" }, "nowhere: No such file" },
    ["a folder"] = { { "--from", "." }, ".: cannot be read: Is a directory" },
    ["two ways at once"] = { { "--from", "-", "--name", "x" }, "exclude each other" },
    ["no source"] = { { "--name", "x" }, "--bucket: required" },
    ["an empty bucket"] = { { "--name", "x", "--bucket", "" }, "--bucket: it is empty" },
    ["a blank prefix, which is the whole bucket"] =
      { { "--name", "x", "--bucket", "b", "--prefix", " " }, "--prefix: it is empty" },
    ["two sources"] = { { "--name", "x", "--bucket", "b", "--computation", "c" },
      "--computation and --bucket exclude each other" },
    ["a folder of no bucket"] = { { "--name", "x", "--computation", "c", "--prefix", "p" },
      "--computation and --prefix exclude each other" },
    ["options beside a sheet, for none of its rows"] = { { "--from", "-", "--tags", "x" },
      "--from and --tags exclude each other" },
    ["a flag beside a sheet"] = { { "--from", "-", "--external" },
      "--from and --external exclude each other" },
    ["invalid UTF-8"] = { { "--name", "\xFF", "--bucket", "b" }, "name: not valid UTF-8" },
  } do
    it("refuses " .. what, function()
      local result = create(case[1])
      assert.are.same({ 2, "" }, { result.status, result.out })
      assert.is_truthy(result.err:find(case[2], 1, true), result.err)
      assert.are.equal(1, select(2, result.err:gsub("\n", "\n")), result.err)
      assert.are.same({}, here:sent())
    end)
  end

  describe("with --share", function()
    local SHARE = { "--from", "new.jsonl", "--share",
      "everyone=viewer,ana@example.org=editor,Rig 3=discoverable" }

    local function shared(name)
      local assets = here.client.data_assets
      local asset = assert(assets:find(name))
      local permissions = assert(assets:get_permissions(asset.id))
      return { permissions.everyone, permissions.users[1], permissions.groups[1] }
    end

    local AS_TOLD = { "viewer", { email = "ana@example.org", role = "editor" },
      { group = "Rig 3", role = "discoverable" } }

    it("sets the permissions of what it created", function()
      write(request "one" .. request "two")
      local result = create { table.unpack(SHARE) }
      assert.are.equal("2 requests: 2 created\n", result.err)
      assert.are.equal(0, result.status)
      assert.are.same({ AS_TOLD, AS_TOLD }, { shared "one", shared "two" })
    end)

    it("keeps the permissions of existing assets", function()
      here:asset { name = "one" }
      write(request "one" .. request "two")
      assert.are.equal("2 requests: 1 created, 1 existed\n",
        create({ "--unless-exists", table.unpack(SHARE) }).err)
      assert.are.same({ AS_TOLD, { "none", { email = "you@example.org", role = "owner" } } },
        { shared "two", shared "one" })
    end)

    it("reports an asset that is not shared, and goes on", function()
      write(request "one")
      here.server:fault { kind = "status", operation = "set_permissions", status = 403, count = 1 }
      local result = create { table.unpack(SHARE) }
      assert.are_not.equal(0, result.status)
      assert.is_truthy(result.err:find("1 request: 1 created, 1 not shared\n", 1, true), result.err)
      assert.is_truthy(result.err:find("colua resume %S+ goes on"))
      local resumed = here:run { "resume", "last", "--yes" }
      assert.are.equal(0, resumed.status, resumed.err)
      assert.are.same(AS_TOLD, shared "one")
      assert.are.equal(1, #here:written())
    end)

    it("refuses a role that there is not before any request", function()
      write(request "one")
      local result = create { "--from", "new.jsonl", "--share", "ana@example.org=boss" }
      assert.are.equal(2, result.status)
      assert.is_truthy(result.err:find("one of owner, editor, viewer", 1, true), result.err)
      assert.are.same({}, here:sent())
    end)
  end)
end)
