-- `colua create` with requests from a file: preview, question, requests, output.

local codeocean = require "codeocean"
local deployments = require "deployment"
local fixture = require "fixture"
local process = require "process"

local function request(name, tags)
  return codeocean.json.encode { name = name, mount = name, tags = tags or { "t" },
    source = { aws = { bucket = "open-neuro", prefix = name } } }
end

describe("codeocean.cli.create", function()
  local here

  before_each(function() here = deployments.start() end)
  after_each(function() here:stop() end)

  local function rows(...)
    process.write(here.folder .. "/r.jsonl", table.concat({ ... }, "\n"))
  end

  local function create(...)
    return here:run { "create", "--from", "r.jsonl", "--fields", "name", ... }
  end

  -- The names in what was sent, in their order.
  local function sent_names()
    local list = {}
    for _, line in ipairs(here:written()) do
      list[#list + 1] = line:match '^POST /data_assets .*"name":"([^"]*)"' or line
    end
    return list
  end

  it("creates each request, writes rows in their order, and reports how many", function()
    rows(request "a", request "b", request "c")
    local run = create("--yes", "--jobs", "1", "--journal", "run.jsonl")
    assert.same({ 0, "name\na\nb\nc\n" }, { run.status, run.out }, run.err)
    assert.is_truthy(run.err:find "3 requests: 3 created\njournal: [^\n]*run%.jsonl\n$", run.err)
    assert.same({ "a", "b", "c" }, sent_names())
  end)

  it("sends nothing with --dry-run, and shows the requests", function()
    rows(request "a", request "b")
    local run = create("--dry-run")
    assert.same({ 0, "name\na\nb\n" }, { run.status, run.out }, run.err)
    assert.is_truthy(run.err:find("2 requests: 2 would be created\n$"), run.err)
    assert.same({ "GET /custom_metadata" }, here:sent())
  end)

  it("names the resume where the server's pause is longer than a call may last", function()
    local many = {}
    for i = 1, 12 do many[i] = request("r" .. i) end
    rows(table.unpack(many))
    here.server:fault { kind = "status", operation = "create", status = 429, retry_after = 1000,
      skip = 2 }
    local run = create("--yes", "--jobs", "2")
    local created, unsent, name = run.err:match(
      "12 requests: (%d+) created, 1 failed, (%d+) not sent\ncolua resume (%x+) goes on\n$")
    assert.is_truthy(name, run.err)
    assert.are.equal(11, created + unsent)
    local rest = here:run { "resume", name, "--yes" }
    assert.equal(0, rest.status, rest.err)
    assert.are.equal(12 - created, #here:written())
  end)

  it("leaves what exists with --unless-exists", function()
    here:asset { name = "a" }
    rows(request "a", request "b")
    local run = create("--yes", "--unless-exists")
    assert.equal(0, run.status, run.err)
    assert.is_truthy(run.err:find("2 requests: 1 created, 1 existed\n", 1, true), run.err)
    assert.same({ "b" }, sent_names())
  end)

  it("reports rows that cannot be used, and names that two rows have", function()
    rows(request "a", '{"name":"b"}', request "a")
    local run = create("--yes")
    assert.equal(3, run.status)
    assert.is_truthy(run.err:find("r.jsonl:2: ", 1, true), run.err)
    assert.is_truthy(run.err:find('\nr.jsonl:3: the name "a" stands in r.jsonl:1 too\n', 1, true),
      run.err)
    assert.is_truthy(run.err:find("3 requests: 2 created, 1 refused\n", 1, true), run.err)
    assert.same({ "a", "a" }, sent_names())
  end)

  it("lists the ready assets with --wait", function()
    rows(request "a")
    local run = here:run { "create", "--from", "r.jsonl", "--yes", "--wait", "--interval", "0.01",
      "--fields", "state" }
    assert.same({ 0, "state\nready\n" }, { run.status, run.out }, run.err)
  end)

  it("asks on a terminal, with examples, and sends nothing without a yes", function()
    rows(request "a", request "b", request "c", request "d", request("e", { "x", "y" }),
      request "f", '{"name":"g"}')
    local words = { "create", "--from", "r.jsonl" }
    local run = here:type(words, { "[y/N] ", "n" })
    assert.equal(6, run.status)
    assert.is_truthy(run.shown:find("create 6 assets on 127.0.0.1:", 1, true), run.shown)
    assert.is_truthy(run.shown:find("  + e  [x y]  s3://open-neuro/e\n  … 1 more\n  1 row refused, "
      .. "see above\n", 1, true), run.shown)
    assert.same({}, here:written())
    run = here:type(words, { "[y/N] ", "y" })
    assert.equal(3, run.status)
    assert.equal(6, #sent_names())
  end)

  it("reports a file without rows as nothing to do", function()
    rows "# nothing\n"
    local run = create("--yes")
    assert.is_truthy(run.err:find("0 requests: nothing to do\n", 1, true), run.err)
    assert.same({}, here:sent())
  end)
end)

describe("requests against the schema of custom metadata", function()
  local ROWS = "name,bucket,custom_metadata.subject,custom_metadata.session date,"
    .. "custom_metadata.rig\nok,lab,632522,2024-02-29,3\n"
  local here

  before_each(function() here = deployments.start { seed = 2, dialect = "current" } end)
  after_each(function() here:stop() end)

  local function create(stdin, ...)
    return here:run({ "create", "--from", "-", "--yes", ... }, { stdin = stdin })
  end

  local function with(metadata)
    local more = ',"custom_metadata":' .. codeocean.json.encode(metadata) .. "}"
    return (request("bad"):gsub("}$", more))
  end

  it("reads the cells of a sheet by the types of the schema", function()
    local result = create(ROWS, "--fields", "name")
    assert.are.same({ 0, "name\nok\n" }, { result.status, result.out })
    assert.are.same({ subject = "632522", ["session date"] = 1709164800, rig = 3 },
      codeocean.json.decode(here:written()[1]:match "^POST %S+ (.*)$").custom_metadata)
  end)

  local WRONG = {
    { { sbject = "1" }, "sbject: no such key; did you mean 'subject'?" },
    { { rig = "3" }, 'rig: number expected, got "3"' },
    { { modality = "ecephis" }, 'modality: no such value, "ecephis"; did you mean "ecephys"?' },
  }
  for _, row in ipairs(WRONG) do
    it("refuses by its row what is wrong: " .. row[2], function()
      local stdin = request("good") .. "\n" .. with(row[1])
      for way, sent in pairs { ["--dry-run"] = 0, ["--json"] = 1 } do
        local result = create(stdin, way)
        assert.are.equal(3, result.status)
        assert.is_truthy(result.err:find("stdin:2: bad: custom_metadata." .. row[2], 1, true),
          result.err)
        assert.are.equal(sent, #here:written())
      end
    end)
  end

  it("reads the schema once, before the first create", function()
    create(request "plain" .. "\n" .. request "other", "--jobs", "1")
    assert.are.equal(3, #here:sent())
    assert.are.equal("GET /custom_metadata", here:sent()[1])
  end)

  it("leaves metadata that are empty as they are", function()
    create(with {})
    assert.is_truthy(here:written()[1]:find('"custom_metadata":{}', 1, true), here:written()[1])
  end)
end)

describe("requests that lack a key which the schema requires", function()
  local SCHEMA = codeocean.json.encode { fields = {
    { name = "project", type = "string", required = true },
    { name = "rig", type = "number", required = true }, { name = "subject", type = "string" } } }

  -- Runs `create` on a deployment that gives its schema and then resets every connection.
  local function create(words, stdin)
    local with = fixture.new(finally)
    local server, home = with:server { fixture.answer("200 OK", SCHEMA) }, with:folder()
    local result = process.run(process.colua, { "create", "--yes", table.unpack(words) },
      { stdin = stdin, cwd = home, env = { CODEOCEAN_DOMAIN = server.url, HOME = home,
        CODEOCEAN_TOKEN = server.token, XDG_STATE_HOME = home .. "/state" } })
    assert.is_truthy(server:request():find("^GET /api/v1/custom_metadata "))
    return result
  end

  it("are refused by row before anything is created, from a sheet", function()
    local result = create({ "--from", "-", "--fields", "name" }, "name,bucket,custom_metadata.rig,"
      .. "custom_metadata.project\na,lab,3,\nb,lab,,atlas\nc,lab,3,\\N\n")
    assert.are.same({ status = 3, out = "name\n",
      err = "stdin:2: a: custom_metadata.project: it is required\n"
        .. "stdin:3: b: custom_metadata.rig: it is required\n"
        .. "stdin:4: c: custom_metadata.project: it is required\n3 requests: 3 refused\n" }, result)
  end)

  it("are refused from JSON lines and from options", function()
    local jsonl = create({ "--from", "-" }, (request("a"):gsub("}$",
      ',"custom_metadata":{"rig":3,"project":null}}')))
    assert.are.same({ 3, "stdin:1: a: custom_metadata.project: it is required\n"
      .. "1 request: 1 refused\n" }, { jsonl.status, jsonl.err })
    local options = create { "--name", "a", "--bucket", "lab" }
    assert.are.same({ 3, "a: custom_metadata.project: it is required\n1 request: 1 refused\n" },
      { options.status, options.err })
  end)
end)
