-- The credentials file and its profiles. Its permissions are in
-- spec/security/credentials_spec.lua.

local config = require "codeocean.config"
local credentials = require "codeocean.credentials"
local fixture = require "fixture"
local process = require "process"

local FILE = [[{"domain": "prod.example", "token": "cop_prod", "other": [1],
  "profiles": {"test": {"domain": "test.example", "token": "cop_test"},
               "half": {"domain": "half.example"}, "odd": 7}}]]

local function home_of(with, content)
  local home = with:folder()
  assert(os.execute("mkdir -m 700 " .. process.quote(home .. "/.codeocean")))
  process.write(home .. "/.codeocean/credentials.json", content)
  os.execute("chmod 600 " .. process.quote(home .. "/.codeocean/credentials.json"))
  return home
end

local function resolve(with, options, environment)
  local own = { HOME = home_of(with, FILE) }
  for name, value in pairs(environment or {}) do own[name] = value end
  return config.resolve(options, function(name) return own[name] end)
end

describe("codeocean.credentials", function()
  it("knows examples, and addresses that were put together wrongly", function()
    for _, token in ipairs { "cop_...", "<token>", "cop_\u{2026}" } do
      assert.equal("the token is an example; write your own", credentials.problem_of_token(token))
    end
    for domain, problem in pairs { ["https://http://a.b"] = "https:// twice",
      ["https:/a.b"] = "one slash", ["'https://a.b'"] = "quotes", ["$DOMAIN"] = "begins with $" } do
      local said = credentials.problem_of_domain(domain)
      assert.is_truthy(said and said:find(problem, 1, true), domain)
    end
    for _, domain in ipairs { "https://a.b", "http://127.0.0.1:80", "a.b", "https://a.b/api/v1" } do
      assert.is_nil(credentials.problem_of_domain(domain))
    end
    assert.is_nil(credentials.problem_of_token "cop_abc.def")
  end)

  it("reads the file, and {} where there is none", function()
    local with = fixture.new(finally)
    local found = assert(credentials.read(home_of(with, FILE) .. "/.codeocean/credentials.json"))
    assert.equal("prod.example", found.domain)
    assert.same({ "half", "test" }, credentials.names(found))
    assert.same({}, credentials.read(with:folder() .. "/nothing"))
    assert.same({}, credentials.names {})
  end)

  it("refuses a file of another form, and names it", function()
    local with = fixture.new(finally)
    for _, content in ipairs { "", "[", "7", '"text"', '{"domain": }', "[]", "[1]",
      '{"profiles": [1]}', '{"domain": "a", "profiles": "b"}' } do
      local path = home_of(with, content) .. "/.codeocean/credentials.json"
      local found, problem = credentials.read(path)
      assert.is_nil(found)
      assert.is_truthy(problem:find(path, 1, true))
    end
  end)

  it("has no path without a HOME", function()
    assert.is_nil(credentials.path(function() end))
    assert.is_nil(credentials.path(function() return "" end))
  end)
end)

describe("a profile", function()
  local rows = {
    { "by argument", { profile = "test" }, {} },
    { "by argument, whatever the environment has", { profile = "test" },
      { CODEOCEAN_DOMAIN = "env.example", CODEOCEAN_TOKEN = "cop_env" } },
    { "by CODEOCEAN_PROFILE", {}, { CODEOCEAN_PROFILE = "test" } },
  }
  for _, row in ipairs(rows) do
    it("is taken " .. row[1] .. ", with its own token", function()
      local found, err = resolve(fixture.new(finally), row[2], row[3])
      assert.is_nil(err)
      assert.same({ "test.example", "cop_test", "test" },
        { found.domain, found.token, found.profile })
    end)
  end

  it("is ignored if a program names a domain", function()
    local found = assert(resolve(fixture.new(finally), { domain = "prod.example" },
      { CODEOCEAN_PROFILE = "test" }))
    assert.same({ "prod.example", "cop_prod" }, { found.domain, found.token })
    assert.is_nil(found.profile)
  end)

  local refused = {
    { { profile = "tset" }, {}, "no profile 'tset'", "did you mean 'test'?" },
    { { profile = "nothing" }, {}, "no profile 'nothing'", "there are half, test" },
    { { profile = "half" }, {}, "profile 'half'", "has no token" },
    { {}, { CODEOCEAN_PROFILE = "test", CODEOCEAN_DOMAIN = "env.example" },
      "CODEOCEAN_PROFILE and CODEOCEAN_DOMAIN are both set", "unset one" },
  }
  for _, row in ipairs(refused) do
    it("is refused: " .. row[3], function()
      local found, err = resolve(fixture.new(finally), row[1], row[2])
      assert.is_nil(found)
      assert.equal("config", err.kind)
      assert.is_truthy(err.message:find(row[3], 1, true), err.message)
      assert.is_truthy(err.message:find(row[4], 1, true), err.message)
      assert.is_nil(err.message:find "cop_")
    end)
  end

  it("excludes domain and token as arguments", function()
    for _, options in ipairs { { profile = "test", domain = "a.example" },
      { profile = "test", token = "cop_x" } } do
      local ok, problem = pcall(resolve, fixture.new(finally), options)
      assert.is_false(ok)
      assert.is_truthy(tostring(problem):find("bad argument 'profile'", 1, true), problem)
    end
  end)
end)

describe("without configuration", function()
  it("a capsule's variable is named, and not used", function()
    local with = fixture.new(finally)
    for _, variable in ipairs { "API_SECRET", "API_KEY", "CUSTOM_KEY" } do
      local own = { HOME = with:folder(), [variable] = "cop_secret",
        CODEOCEAN_DOMAIN = "env.example" }
      local found, err = config.resolve({}, function(name) return own[name] end)
      assert.is_nil(found)
      assert.is_truthy(err.message:find("CODEOCEAN_TOKEN=$" .. variable, 1, true), err.message)
      assert.is_nil(err.message:find("cop_secret", 1, true))
    end
  end)
end)
