-- colua login: what it stores, where, and with which permissions. It shows the token nowhere.

local deployment = require "deployment"
local json = require "codeocean.json"
local process = require "process"

describe("colua login", function()
  local here, path

  before_each(function()
    here = deployment.start { seed = 2, ready_after = 0, token = "cop_right" }
    path = here.folder .. "/.codeocean/credentials.json"
  end)
  after_each(function() here:stop() end)

  local NOTHING = { CODEOCEAN_DOMAIN = "", CODEOCEAN_TOKEN = "" }

  local function login(words, stdin)
    return here:run({ "login", table.unpack(words) }, { stdin = stdin or "", env = NOTHING })
  end

  local function kept()
    return assert(json.decode(process.read(path)))
  end

  it("keeps a domain and a token that work, for the owner alone", function()
    local result = login({ "--domain", here.server.url, "--with-token" }, "cop_right\n")
    assert.are.same({ 0, "" }, { result.status, result.out })
    assert.are.same({ domain = here.server.url, token = "cop_right" }, kept())
    assert.are.equal("600\n700\n", process.shell(("stat -c %%a %s %s"):format(process.quote(path),
      process.quote(here.folder .. "/.codeocean"))).out)
    assert.is_nil((result.err .. result.out):find("cop_right", 1, true))
    assert.are.equal(0, here:run({ "search", "--limit", "1" }, { env = NOTHING }).status)
  end)

  it("keeps a profile, and everything else in the file", function()
    process.shell("mkdir -p " .. process.quote(here.folder .. "/.codeocean"))
    process.write(path, '{"domain":"prod.example","token":"cop_prod","more":[1],'
      .. '"profiles":{"old":{"domain":"o.example","token":"cop_old"}}}')
    local result = login({ "--name", "test", "--domain", here.server.url, "--with-token" },
      "cop_right")
    assert.are.equal(0, result.status)
    assert.are.same({ domain = "prod.example", token = "cop_prod", more = { 1 }, profiles = {
      old = { domain = "o.example", token = "cop_old" },
      test = { domain = here.server.url, token = "cop_right" } } }, kept())
    assert.are.equal(0, here:run({ "search", "--limit", "1" },
      { before = { "--profile", "test" }, env = NOTHING }).status)
  end)

  it("keeps nothing that does not work, except with --unchecked", function()
    local result = login({ "--domain", here.server.url, "--with-token" }, "cop_wrong")
    assert.are.equal(4, result.status)
    assert.is_nil(io.open(path))
    assert.is_nil(result.err:find("cop_wrong", 1, true))
    result = login({ "--domain", "nowhere.example", "--with-token", "--unchecked" }, "cop_any")
    assert.are.equal(0, result.status)
    assert.are.equal("nowhere.example", kept().domain)
  end)

  it("names the likely cause of an odd token, and never the token", function()
    for _, row in ipairs { { "Bearer cop_x", "the word Bearer" }, { '"cop_x"', "quotes" },
      { "cop_x y", "blank" }, { "", "no token was given" } } do
      local result = login({ "--domain", here.server.url, "--with-token" }, row[1])
      assert.are.equal(2, result.status, row[1])
      assert.is_truthy(result.err:find(row[2], 1, true), result.err)
      assert.is_nil(result.err:find("cop_x", 1, true))
      assert.is_nil(io.open(path))
    end
    local result = login({ "--domain", "cop_secret", "--with-token" }, "cop_right")
    assert.are.equal(2, result.status)
    assert.is_nil(result.err:find("cop_secret", 1, true))
  end)

  it("leaves a file of another form as it is", function()
    process.shell("mkdir -p " .. process.quote(here.folder .. "/.codeocean"))
    for _, content in ipairs { "my notes", "[]", '{"profiles": [1]}' } do
      process.write(path, content)
      local result = login({ "--domain", here.server.url, "--name", "a", "--with-token" },
        "cop_right")
      assert.are.equal(2, result.status)
      assert.are.equal(1, select(2, result.err:gsub("\n", "\n")), result.err)
      assert.is_truthy(result.err:find(path, 1, true))
      assert.are.equal(content, process.read(path))
    end
  end)

  it("refuses a name that no terminal can show", function()
    local result = login({ "--domain", here.server.url, "--name", "a\nb", "--with-token" },
      "cop_right")
    assert.are.equal(2, result.status)
    assert.is_nil(io.open(path))
  end)

  it("stores the profile of colua --profile, and leaves the others", function()
    process.shell("mkdir -m 700 " .. process.quote(here.folder .. "/.codeocean"))
    process.write(path, '{"domain":"prod.example","token":"cop_prod","profiles":{"test":'
      .. '{"domain":"x","token":"cop_old","ca_file":"/lab.pem","color":"red"}}}')
    local result = here:run({ "login", "--domain", "t.example", "--with-token", "--unchecked" },
      { stdin = "cop_new", env = NOTHING, before = { "--profile", "test" } })
    assert.are.equal(0, result.status, result.err)
    assert.are.same({ domain = "prod.example", token = "cop_prod", profiles = { test = {
      domain = "t.example", token = "cop_new", ca_file = "/lab.pem", color = "red" } } }, kept())
    result = here:run({ "logout" }, { env = NOTHING, before = { "--profile", "test" } })
    assert.are.equal(0, result.status, result.err)
    assert.are.same({ domain = "prod.example", token = "cop_prod" }, kept())
  end)

  it("checks a token with the trust that is stored for the profile", function()
    process.shell("mkdir -m 700 " .. process.quote(here.folder .. "/.codeocean"))
    process.write(path, '{"profiles":{"test":{"domain":"x","ca_file":"/nowhere.pem"}}}')
    local result = here:run({ "login", "--domain", "127.0.0.1:9", "--name", "test",
      "--with-token" }, { stdin = "cop_new", env = NOTHING })
    assert.is_truthy(result.err:find("ca_file: /nowhere.pem: No such file", 1, true), result.err)
  end)

  it("proposes --domain for a host without it", function()
    local result = here:run({ "login", "t.example" }, { env = NOTHING })
    assert.are.equal(2, result.status)
    assert.is_truthy(result.err:find("did you mean --domain t.example?", 1, true), result.err)
  end)

  it("names what is missing if there is no terminal", function()
    local result = login {}
    assert.are.equal(2, result.status)
    assert.is_truthy(result.err:find("--domain", 1, true))
    assert.are.equal(0, #here:sent())
  end)

  it("asks on a terminal, and does not show the token", function()
    local result = process.on_terminal({ process.colua, "login" }, {
      env = here:environment(NOTHING), cwd = here.folder,
      talk = { "Deployment", here.server.url .. "\r", "not shown", "cop_ri\127\127right\r" } })
    assert.are.equal(0, result.status, result.out)
    assert.are.equal("cop_right", kept().token)
    assert.is_nil(result.out:find("cop_", 1, true))
  end)

  it("ends on Ctrl-C at the token, the terminal as it was", function()
    local result = process.on_terminal({ "sh", "-c", process.quote(process.colua)
      .. " login --domain x.example; stty -a | grep -o ' echo '" }, {
      env = here:environment(NOTHING), cwd = here.folder, talk = { "not shown", "cop_x\3" } })
    assert.is_truthy(result.out:find("no token was given", 1, true), result.out)
    assert.is_truthy(result.out:find(" echo ", 1, true), result.out)
    assert.is_nil(io.open(path))
  end)
end)
