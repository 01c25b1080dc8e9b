-- Files and ports that other users of this machine, and other machines, could reach.

local codeocean = require "codeocean"
local deployment = require "deployment"
local ids = require "codeocean.ids"
local journal = require "codeocean.bulk.journal"
local output = require "codeocean.output"
local process = require "process"

-- Local addresses at which something listens on this port, as the kernel lists them.
local function listening(port)
  local found = {}
  for _, file in ipairs { "/proc/net/tcp", "/proc/net/tcp6" } do
    for line in io.lines(file) do
      local address, at, state = line:match("^%s*%d+: (%x+):(%x+) %x+:%x+ (%x+)")
      if address and tonumber(at, 16) == port and state == "0A" then found[#found + 1] = address end
    end
  end
  return found
end

describe("of this machine, others", function()
  local here
  before_each(function() here = deployment.start { seed = 3 } end)
  after_each(function() here:stop() end)

  local function path(name) return here.folder .. "/" .. name end
  local function sh(code) return process.shell(code, { cwd = here.folder }).out end
  local function modes(glob) return sh("stat -c %a " .. glob .. " | sort -u") end

  it("find the sandbox on no other interface", function()
    assert.are.same({ "0100007F" }, listening(here.server.port))
  end)

  it("read no journal, copied estate or file of a sandbox, whatever the umask", function()
    local code = "umask 0; %s tag --all --add x --yes && %s pull copy.db && "
      .. "%s --sandbox=kept.db search"
    process.run("sh", { "-c", (code:gsub("%%s", process.quote(process.colua))) },
      { env = here:environment(), cwd = here.folder })
    assert.are.equal("600\n", modes "state/colua/runs/*.jsonl")
    assert.are.equal("700\n", modes "state state/colua state/colua/runs")
    assert.are.equal("600\n", modes "copy.db kept.db")
    assert.are.equal(0, here:run({ "search" }, { before = { "--sandbox=kept.db" } }).status)
  end)

  -- As docs/security.md tells: no option takes a token, so nothing is masked there.
  it("do not read what the journal repeats of the command, tokens too", function()
    local id = here:asset { name = "a", tags = {} }
    local words = { "tag", id, "--add", "cop_added", "--note", "cop_noted", "--yes", "--journal",
      "j" }
    assert.are.equal(0, here:run(words).status)
    local header = codeocean.json.decode(process.read(path "j"):match "^[^\n]*")
    assert.are.equal("cop_noted", header.note)
    assert.are.equal(path "", header.folder .. "/")
    assert.are.same({ table.unpack(words, 2) }, { table.unpack(header.origin.arguments) })
    assert.are.equal("600\n", modes "j")
  end)

  it("see the mode of a sandbox's file that was there, as it was", function()
    local made = here:run({ "search" }, { before = { "--sandbox=kept.db" } })
    assert.are.equal(0, made.status, made.err)
    sh "chmod 640 kept.db"
    here:run({ "search" }, { before = { "--sandbox=kept.db" } })
    assert.are.equal("640\n", modes "kept.db")
  end)

  describe("lead no journal elsewhere", function()
    local function refused(name)
      local made, err = journal.new():create(path(name), { name = "x" })
      assert.is_nil(made)
      assert.are.equal("refused", err.kind)
    end

    for what, prepare in pairs {
      ["by a link to a file"] = "echo precious > elsewhere; ln -s elsewhere j",
      ["by a link to an empty file"] = "touch elsewhere; chmod 600 elsewhere; ln -s elsewhere j",
      ["by a link to no file"] = "ln -s elsewhere j",
      ["by an empty file that they may read"] = "touch j; chmod 644 j",
      ["by a file that is there"] = "echo precious > j; chmod 600 j",
    } do
      it(what, function()
        sh(prepare)
        local before = sh "ls -l; cat elsewhere j"
        refused "j"
        assert.are.equal(before, sh "ls -l; cat elsewhere j")
      end)
    end

    it("through an empty file of another user", function()
      if sh("id -u") ~= "0\n" then return pending("only root gives files away") end
      sh "touch j; chmod 600 j; chown 65534 j"
      refused "j"
    end)

    it("but use one that a killed process left empty", function()
      sh "touch j; chmod 600 j"
      assert(journal.new():create(path "j", { name = "x" })):finish({}, "done")
      assert(journal.read(path "j"))
    end)

    it("when it is resumed", function()
      local id = here:asset { name = "a", tags = {} }
      here.server:fault { kind = "status", status = 400, operation = "update" }
      here:run { "tag", id, "--add", "x", "--yes", "--journal", "real" }
      sh "ln -s real j"
      local result = here:run { "resume", "j" }
      assert.are.equal(6, result.status)
      assert.is_truthy(result.err:find("journal j: it is a symbolic link", 1, true), result.err)
      assert.are.same({}, here:written())
      assert.are.equal(0, here:run({ "resume", "real" }).status)
    end)
  end)
end)

describe("a CSV of ours", function()
  it("is read back by --ids, also where an id looks like a number", function()
    local listed = { "fea84ebf-b58b-4ad2-994d-7169dc3880fb",
      "12345678-1234-4123-8123-1234567890e2" }
    local file = { text = "", flush = function() return true end }
    function file:write(text) self.text = self.text .. text return self end
    local writer = output.writer { format = "csv", fields = { "id", "name" }, out = file }
    for _, id in ipairs(listed) do writer:row { id = id, name = "=1" } end
    assert(writer:finish())
    assert.is_truthy(file.text:find("\r\n'" .. listed[2], 1, true), file.text)
    local found, complaints = ids.read(file.text:gmatch "([^\n]*\n?)", { name = "ids.csv" })
    assert.are.same({}, complaints)
    assert.are.equal(#listed, #found)
    for i, item in ipairs(found) do assert.are.equal(listed[i], item.id) end
  end)

  it("is read back by create, its quotes before formulas taken off", function()
    local here = deployment.start { seed = 0, ready_after = 0 }
    finally(function() here:stop() end)
    local names = { "=1+1", "'=1", "''@x", "-x", "'x", "plain", "+\"a\",b" }
    for i, name in ipairs(names) do
      here:asset { name = name, mount = "m" .. i, description = "=" .. i, tags = { "@t", "u" } }
    end
    local listed = here:run { "search", "--csv", "--fields", "name,description,mount,tags",
      "--sort-field", "created", "--sort-order", "asc" }
    assert.is_truthy(listed.out:find("'=1+1,'=1,m1,'@t;u\r\n", 1, true), listed.out)
    local lines = {}
    for line in listed.out:gmatch("[^\r\n]+") do
      lines[#lines + 1] = line .. (#lines == 0 and ",bucket" or ",b")
    end
    process.write(here.folder .. "/sheet.csv", table.concat(lines, "\r\n"))
    local made = here:run { "create", "--yes", "--from", "sheet.csv" }
    assert.are.equal(0, made.status, made.err)
    local sent = {}
    for _, request in ipairs(here:written()) do
      local body = assert(codeocean.json.decode(request:match("{.*$")))
      sent[body.name] = body.description .. table.concat(body.tags, " ")
    end
    for i, name in ipairs(names) do assert.are.equal("=" .. i .. "@t u", sent[name], name) end
  end)
end)
