-- A folder, a pipe or a device in place of a regular file is refused before any request.

local deployment = require "deployment"
local process = require "process"
local regular_file = require "codeocean.input.regular_file"
local session = require "session"

local SAYS = "it is a folder, a pipe or a device; a regular file is needed\n"

describe("a file that must be a regular one", function()
  local here
  before_each(function()
    here = deployment.start()
    assert.equal(0, process.shell("mkfifo -m 600 pipe && mkdir folder .codeocean && "
      .. "mkdir -p .config/colua && ln -s /dev/zero device", { cwd = here.folder }).status)
  end)
  after_each(function() here:stop() end)

  -- Ends what waits for ever; status 124 then.
  local function colua(words, env)
    return process.run("timeout", { "10", process.colua, table.unpack(words) },
      { env = here:environment(env), cwd = here.folder })
  end

  it("is opened if it exists", function()
    process.write(here.folder .. "/file", "text")
    local file <close> = assert(regular_file.open(here.folder .. "/file"))
    assert.equal("text", file:read "a")
    local none, message, code = regular_file.open(here.folder .. "/none")
    assert.same({ nil, 2 }, { none, code })
    assert.is_truthy(message:find("none: No such", 1, true), message)
  end)

  local COMMANDS = { { 6, "diff" }, { 2, "apply" }, { 3, "resume" }, { 3, "undo" }, { 3, "runs" },
    { 3, "runs", "show" } }
  for _, row in ipairs(COMMANDS) do
    it("is refused by colua " .. table.concat(row, " ", 2), function()
      for _, name in ipairs { "./pipe", "./folder", "./device" } do
        local words = { table.unpack(row, 2) }
        words[#words + 1] = name
        local result = colua(words)
        assert.equal(row[1], result.status, result.err)
        assert.equal(name .. ": " .. SAYS, result.err:match(name .. ": .*"), result.err)
      end
      assert.same({}, here:sent())
    end)
  end

  it("is refused as settings, as credentials, and as an authority", function()
    local tls = { CODEOCEAN_DOMAIN = "acmecorp.codeocean.com" }
    for _, row in ipairs { { ".config/colua/config.json", { XDG_CONFIG_HOME = "" } },
      { ".codeocean/credentials.json", { CODEOCEAN_DOMAIN = "", CODEOCEAN_TOKEN = "" } },
      { "ca.pem", { CODEOCEAN_CA_FILE = "ca.pem", CODEOCEAN_DOMAIN = tls.CODEOCEAN_DOMAIN } } } do
      local path, env = here.folder .. "/" .. row[1], row[2]
      for _, make in ipairs { "mkfifo -m 600 ", "mkdir " } do
        assert.equal(0, process.shell(make .. path).status)
        local result = colua({ "search", "--limit", "1" }, env)
        assert.equal(4, result.status, result.err)
        assert.equal(row[1] .. ": " .. SAYS, result.err:match(row[1]:gsub("%.", "%%.") .. ": .*"))
        os.remove(path)
      end
    end
    assert.same({}, here:sent())
  end)

  it("is refused as the history and as init.lua of a session, which goes on without", function()
    local state = here.folder .. "/.local/state/colua"
    assert.equal(0, process.shell("mkdir -p " .. state).status)
    for _, make in ipairs { "mkfifo -m 600 ", "mkdir ", "ln -s /dev/zero " } do
      local init, kept = here.folder .. "/.config/colua/init.lua", state .. "/history"
      for _, path in ipairs { init, kept } do
        assert.equal(0, process.shell(("rm -rf %s; %s %s"):format(path, make, path)).status)
      end
      local _, shown = session.play({ { "6 * 7\r", "\n42\n" }, { nil, " > " } },
        { folder = here.folder, env = { XDG_STATE_HOME = "", XDG_CONFIG_HOME = "" } })
      assert.is_truthy(shown:find("init.lua: " .. SAYS:sub(1, 40), 1, true), shown)
      assert.is_truthy(shown:find("No history is kept: ", 1, true), shown)
    end
  end)

  it("is ignored as the kept listing", function()
    local state = here.folder .. "/state/colua"
    assert.equal(0, process.shell("mkdir -p " .. state).status)
    for _, make in ipairs { "mkfifo -m 600 ", "mkdir ", "ln -s /dev/zero " } do
      local listing = state .. "/listing"
      assert.equal(0, process.shell(("rm -rf %s; %s %s"):format(listing, make, listing)).status)
      local result = colua { "get", "abcd" }
      assert.equal(2, result.status, result.err)
    end
  end)

  it("is not taken for a journal that a killed run left empty", function()
    local id = here:asset { name = "a" }
    here:mark()
    local result = colua { "tag", id, "--add", "n", "--yes", "--journal", "pipe" }
    assert.equal(6, result.status, result.err)
    assert.is_truthy(result.err:find("journal pipe: it exists", 1, true), result.err)
    assert.same({}, here:sent())
  end)

  it("is not required of a list: a pipe will do, a folder or an endless device will not", function()
    local id = here:asset { name = "a" }
    for _, list in ipairs { "<(echo " .. id .. ")", "/dev/stdin", "-", "pipe" } do
      local command = process.quote("colua tag --add n --dry-run --ids " .. list)
      local result = here:shell(("(echo %s > pipe &); echo %s | timeout 10 bash -c %s"):format(id,
        id, command), {})
      assert.same({ 0, true }, { result.status,
        result.err:find("1 selected: 1 would change", 1, true) ~= nil }, list .. result.err)
    end
    here:mark()
    for _, words in ipairs { { "tag", "--add", "n", "--ids" }, { "update", "--from" },
      { "create", "--from" } } do
      for name, says in pairs { folder = "cannot be read: Is a directory",
        device = "binary data; text is expected" } do
        words[#words + 1] = name
        local result = colua(words)
        words[#words] = nil
        assert.equal(2, result.status, result.err)
        assert.is_truthy(result.err:find(name .. ": " .. says, 1, true), result.err)
      end
    end
    assert.same({}, here:sent())
  end)
end)
