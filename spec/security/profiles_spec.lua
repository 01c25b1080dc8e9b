-- Two deployments in two profiles: every confirmation names the deployment, and no output shows a
-- token.

local deployment = require "deployment"
local json = require "codeocean.json"
local process = require "process"
local session = require "session"

local TOKENS = { a = "cop_t0ken_of_a", b = "cop_t0ken_of_b" }
local NOTHING = { CODEOCEAN_DOMAIN = "", CODEOCEAN_TOKEN = "" }

describe("profiles", function()
  local here, there

  before_each(function()
    here = deployment.start { ready_after = 0, token = TOKENS.a, dialect = "current" }
    there = deployment.start { ready_after = 0, token = TOKENS.b, dialect = "current" }
    for name, one in pairs { a = here, b = there } do
      local result = here:run({ "login", "--name", name, "--domain", one.server.url,
        "--with-token" }, { stdin = TOKENS[name], env = NOTHING })
      assert.are.equal(0, result.status, result.err)
    end
  end)
  after_each(function()
    here:stop()
    there:stop()
  end)

  local function run(profile, ...)
    return here:run({ ... }, { before = { "--profile", profile }, env = NOTHING })
  end

  it("are named in the confirmation, the journal and the list of runs", function()
    local id = there:asset { name = "one" }
    local asked = run("b", "tag", id, "--add", "x")
    assert.are.equal(6, asked.status)
    assert.is_truthy(asked.err:find(("on 127.0.0.1:%d (profile b):\n"):format(there.server.port), 1,
      true), asked.err)
    local path = here.folder .. "/run.jsonl"
    assert.are.equal(0, run("b", "tag", id, "--add", "x", "--yes", "--journal", path).status)
    assert.are.equal("b", json.decode(process.read(path):match "^[^\n]*").profile)
    local runs = run("b", "runs", path, "--json")
    assert.are.equal("b", json.decode(runs.out)[1].profile)
    assert.are.equal("profile\nb\n", run("b", "runs", path, "--fields", "profile").out)
  end)

  it("keep a run on its deployment", function()
    local id = there:asset { name = "one" }
    local path = here.folder .. "/run.jsonl"
    assert.are.equal(0, run("b", "tag", id, "--add", "x", "--yes", "--journal", path).status)
    local wrong = run("a", "undo", path, "--yes")
    assert.are.equal(6, wrong.status)
    assert.are.same({ "x" }, there.client.data_assets:get(id).tags)
  end)

  it("leave no token in a journal, a history or the list of processes", function()
    local id = there:asset { name = "one" }
    process.write(here.folder .. "/look.lua", 'print(io.open("/proc/self/cmdline"):read "a")')
    local shown = { run("b", "share", id, "--everyone", "viewer", "--yes"),
      run("b", "create", "--name", "n", "--bucket", "b", "--share", "everyone=viewer"),
      run("b", "cat", id, "data_description.json"), run("b", "uses", id), run("b", "fields"),
      run("b", "look.lua"), run("b", "profiles"), run("b", "runs", "--json") }
    for i, result in ipairs(shown) do
      assert.are.equal(0, result.status, i .. result.err)
      assert.is_nil((result.out .. result.err):find("cop_t0ken", 1, true), i)
    end
    local found = process.shell("grep -rl cop_t0ken . || true", { cwd = here.folder }).out
    assert.are.equal("./.codeocean/credentials.json\n", found)
    assert.is_truthy(process.shell("find state -name '*.jsonl' | wc -l", { cwd = here.folder }).out
      :find "[1-9]")
  end)

  -- As a user types it: a login, with the token in the line; then files, sharing and errors of
  -- both, all with the trace on.
  it("leave no token and no signed address in a session or what it keeps", function()
    local id = there:asset { name = "one" }
    local colua = process.quote(process.colua)
    local login = ("os.execute [[printf %%s %s | %s login --name c --domain %s --with-token]]\r")
      :format(TOKENS.b, colua, there.server.url)
    local read = ("assets:read_file('%s', 'data_description.json'"):format(id)
    local steps = {
      { ".trace on\r", "trace is on" },
      { login, "as profile c" },
      { "#" .. read .. ")\r", "\n185" },
      { read .. ", { max = 1 })\r", "larger than 1" },
      { read .. ", { range = { 99999 } })\r", "no such range" },
      { ("os.execute [[%s --trace cat %s processing.json]]\r"):format(colua, id),
        "processing_pipeline" },
      { ("assets:share('%s', { everyone = 'viewer' }).everyone\r"):format(id), "viewer" },
      { ("os.execute [[%s --trace tag %s --add x --yes]]\r"):format(colua, id), "journal" },
      { "io.open('/proc/self/cmdline'):read 'a'\r", "--profile" },
      { "client:stats().requests > 5\r", "true" },
    }
    for _, step in ipairs(steps) do step.within = 20 end
    local outputs, shown = session.play(steps, { folder = here.folder, argv = { "--profile", "b" },
      prompt = "> ", env = { CODEOCEAN_DOMAIN = "", CODEOCEAN_TOKEN = "" } })
    assert.are.equal(#steps + 1, #outputs)
    for i, output in ipairs(outputs) do -- the third echoes what was typed
      assert.are.equal(i == 3, output:find("cop_t0ken", 1, true) ~= nil, output)
    end
    assert.is_truthy(shown:find("trace: GET (a file) 200", 1, true), shown)
    local kept = process.read(here.folder .. "/state/colua/history")
    assert.is_truthy(kept:find("read_file", 1, true), kept)
    assert.is_nil(kept:find("login", 1, true), kept)
    for secret, holders in pairs { cop_t0ken = "./.codeocean/credentials.json\n",
      ["signature="] = "" } do
      local found = process.shell("grep -rl " .. secret .. " . || true", { cwd = here.folder }).out
      assert.are.equal(holders, found)
    end
    assert.is_nil(shown:find("signature=", 1, true), shown)
  end)
end)
