-- A credentials file that other users may read is used, with one warning.

local config = require "codeocean.config"
local deployment = require "deployment"
local process = require "process"
local terminal = require "terminal"

local NOWHERE = { CODEOCEAN_DOMAIN = "", CODEOCEAN_TOKEN = "" }
local TAGGER = [[
local bulk, client = require "codeocean.bulk", assert(require("codeocean").client())
bulk.main(client, { name = "t", ids = {}, change = print })
os.exit(bulk.main(client, { name = "t", ids = {}, change = print }))
]]

describe("credentials.json", function()
  local here, path
  setup(function()
    here = deployment.start { seed = 2 }
    path = here.folder .. "/.codeocean/credentials.json"
    os.execute("mkdir " .. process.quote(here.folder .. "/.codeocean"))
    process.write(path, ('{"domain": "%s", "token": "%s"}'):format(here.server.url,
      here.server.token))
    process.write(here.folder .. "/tagger.lua", TAGGER)
  end)
  teardown(function() here:stop() end)

  local function mode(digits)
    assert(os.execute(("chmod %s %s"):format(digits, process.quote(path))))
  end

  local function warning()
    return path .. " is open to other users of this machine; chmod 600 it"
  end

  local function resolve(env)
    env.HOME = here.folder
    return assert(config.resolve({}, function(name) return env[name] end)).warning
  end

  for _, row in ipairs { { "600" }, { "400" }, { "700" }, { "640", true }, { "604", true },
    { "620", true }, { "602", true }, { "644", true }, { "666", true } } do
    it(("of mode %s is %s"):format(row[1], row[2] and "warned of" or "good"), function()
      mode(row[1])
      assert.are.equal(row[2] and warning() or nil, resolve {})
    end)
  end

  it("is not warned of where another source is used", function()
    mode "644"
    assert.is_nil(resolve { CODEOCEAN_DOMAIN = "a.example", CODEOCEAN_TOKEN = "t" })
  end)

  for _, words in ipairs { { "check" }, { "search", "--limit", "1" }, { "tagger.lua" } } do
    it("is warned of once by " .. words[1], function()
      mode "644"
      local result = here:run(words, { env = NOWHERE })
      assert.are.equal(0, result.status, result.err)
      local first, rest = result.err:match("^warning: ([^\n]*)\n(.*)$")
      assert.are.equal(warning(), first, result.err)
      assert.is_nil(rest:find("warning", 1, true), result.err)
      mode "600"
      result = here:run(words, { env = NOWHERE })
      assert.is_nil(result.err:find("warning", 1, true), result.err)
    end)
  end

  it("is warned of at the prompt", function()
    mode "644"
    local _, all = terminal.play({ env = here:environment(NOWHERE), cwd = here.folder,
      columns = 200 }, { { nil, " > " }, { "1 + 1\r", "\n2\n" } })
    assert.are.equal(1, select(2, all:gsub("Warning: [^\n]* is open to other users", "")), all)
  end)

  it("that is not valid JSON is reported as such at the prompt, not as missing", function()
    local home = here.folder .. "/torn"
    process.shell(("mkdir -p %s/.codeocean && echo '{' > %s/.codeocean/credentials.json"):format(
      home, home))
    local env = here:environment(NOWHERE)
    env.HOME = home
    local _, all = terminal.play({ env = env, columns = 200 },
      { { nil, "\n> " }, { "assets:get 'x'\r", "is not JSON" }, { nil, "\n> " } })
    assert.is_nil(all:find("No deployment", 1, true), all)
    assert.are.equal(2, select(2, all:gsub("credentials.json is not JSON", "")), all)
  end)
end)
