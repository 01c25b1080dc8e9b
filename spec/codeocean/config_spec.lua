-- The configuration of a client: options, environment, credentials file, domains.

local codeocean = require "codeocean"
local config = require "codeocean.config"
local fixture = require "fixture"
local process = require "process"

-- resolve() with an environment of its own, and a home with this credentials file if any.
local function resolve(with, options, environment, credentials)
  local home = with:folder()
  if credentials then
    assert(os.execute("mkdir " .. process.quote(home .. "/.codeocean")))
    process.write(home .. "/.codeocean/credentials.json", credentials)
  end
  local own = { HOME = home }
  for name, value in pairs(environment or {}) do own[name] = value end
  local found, err = config.resolve(options, function(name) return own[name] end)
  return found, err, home
end

local function environment(domain, token)
  return { CODEOCEAN_DOMAIN = domain, CODEOCEAN_TOKEN = token }
end

describe("codeocean.config: sources", function()
  local FILE = '{"domain": "file.example", "token": "cop_file"}'
  local rows = {
    -- what, options, environment, file, domain, token
    { "the arguments alone", { domain = "arg.example", token = "cop_arg" }, {}, nil,
      "arg.example", "cop_arg" },
    { "the environment alone", {}, environment("env.example", "cop_env"), nil,
      "env.example", "cop_env" },
    { "the file alone", {}, {}, FILE, "file.example", "cop_file" },
    { "the arguments first", { domain = "arg.example", token = "cop_arg" },
      environment("env.example", "cop_env"), FILE, "arg.example", "cop_arg" },
    { "the environment before the file", {}, environment("env.example", "cop_env"), FILE,
      "env.example", "cop_env" },
    { "the file for a host that was only named", { domain = "file.example" }, {}, FILE,
      "file.example", "cop_file" },
    { "the file for a host in another spelling", { domain = "https://FILE.example/api/v1/" }, {},
      FILE, "https://FILE.example/api/v1/", "cop_file" },
    { "past the environment, if that has another host", { domain = "file.example" },
      environment("env.example", "cop_env"), FILE, "file.example", "cop_file" },
    { "the environment's token for a host named there", { domain = "env.example" },
      environment("env.example", "cop_env"), FILE, "env.example", "cop_env" },
    { "an argument's token before the environment's", { token = "cop_arg" },
      environment("env.example", "cop_env"), nil, "env.example", "cop_arg" },
    { "past empty variables", {}, environment("", ""), FILE, "file.example", "cop_file" },
    { "a variable that has only a token, for the host that was named", { domain = "arg.example" },
      environment(nil, "cop_env"), nil, "arg.example", "cop_env" },
  }
  for _, row in ipairs(rows) do
    it("takes " .. row[1], function()
      local with = fixture.new(finally)
      local found, err = resolve(with, row[2], row[3], row[4])
      assert.is_nil(err)
      assert.equal(row[5], found.domain)
      assert.equal(row[6], found.token)
    end)
  end

  local strangers = {
    -- what, options, environment, file, whose the tokens are
    { "an argument's host the environment's token", { domain = "arg.example" },
      environment("env.example", "cop_env"), nil, { "env.example" } },
    { "an argument's host the environment's token and the file's", { domain = "arg.example" },
      environment("https://Env.example/x", "cop_env"), FILE, { "env.example", "file.example" } },
    { "an argument's host the file's token", { domain = "arg.example" }, {}, FILE,
      { "file.example" } },
    { "the environment's host the file's token", {}, environment("env.example", nil), FILE,
      { "file.example" } },
    { "a host's other port its token", { domain = "file.example:8443" }, {}, FILE,
      { "file.example" } },
    { "a host that merely begins so", { domain = "file.example.org" }, {}, FILE,
      { "file.example" } },
    { "a host that has the other's name as user", { domain = "file.example@evil.example" }, {},
      FILE, { "file.example" } },
  }
  for _, row in ipairs(strangers) do
    it("does not give " .. row[1] .. ", and says whose that is", function()
      local with = fixture.new(finally)
      local found, err, home = resolve(with, row[2], row[3], row[4])
      assert.is_nil(found)
      assert.equal("config", err.kind)
      local told = {}
      for place, host in
        err.message:gmatch "; the token in (%S+) belongs to another host, ([^;]+)" do
        told[#told + 1] = host
        assert.equal(host == "file.example" and home .. "/.codeocean/credentials.json"
          or "CODEOCEAN_TOKEN", place)
      end
      assert.same(row[5], told)
      assert.matches("^no token: ", err.message)
      assert.is_false(fixture.holds(err, "cop_"))
    end)
  end

  it("says nothing of another host's token where one was found", function()
    local with = fixture.new(finally)
    local found = assert(resolve(with, { domain = "file.example" },
      environment("env.example", "cop_env"), FILE))
    assert.equal("cop_file", found.token)
    local _, err = resolve(with, { domain = "a.example" }, environment("user:pw@env.example", "t"))
    assert.is_false(fixture.holds(err, "pw"))
  end)

  it("names all places that it read when there is no token", function()
    local with = fixture.new(finally)
    local found, err, home = resolve(with, {}, {})
    assert.is_nil(found)
    assert.equal("config", err.kind)
    for _, part in ipairs { "deployment", "token", "domain", "CODEOCEAN_DOMAIN",
      "CODEOCEAN_TOKEN", home .. "/.codeocean/credentials.json",
      "colua login asks for both, colua --sandbox needs neither" } do
      assert.is_truthy(err.message:find(part, 1, true), part)
    end
    assert.is_nil(tostring(err):find("\n"))
  end)

  it("names the one of domain and token that is missing", function()
    local with = fixture.new(finally)
    local _, err = resolve(with, { token = "cop_secret" }, {})
    assert.matches("no deployment:", err.message)
    _, err = resolve(with, { domain = "a.example" }, {})
    assert.matches("no token:", err.message)
  end)

  it("works without HOME", function()
    local found, err = config.resolve({}, function() end)
    assert.is_nil(found)
    assert.matches("HOME names no folder", err.message)
  end)

  local broken = {
    { "text that is not JSON", '{"domain": "a.example", "token": cop_torn' },
    { "a bare text", '"cop_torn"' },
    { "nothing", "" },
  }
  for _, row in ipairs(broken) do
    it("names a credentials file that holds " .. row[1] .. ", without its contents", function()
      local with = fixture.new(finally)
      local found, err, home = resolve(with, {}, {}, row[2])
      assert.is_nil(found)
      assert.equal("config", err.kind)
      assert.is_truthy(err.message:find(home .. "/.codeocean/credentials.json", 1, true))
      assert.is_false(fixture.holds(err, "cop_torn"))
    end)
  end

  it("reads no file when it needs none", function()
    local with = fixture.new(finally)
    local found = resolve(with, { domain = "a.example", token = "t" }, {}, "torn")
    assert.equal("a.example", found.domain)
  end)

  it("ignores fields of the file that are not text", function()
    local with = fixture.new(finally)
    local found, err = resolve(with, {}, {}, '{"domain": "a.example", "token": 7}')
    assert.is_nil(found)
    assert.matches("no token", err.message)
  end)
end)

describe("codeocean.config: a token that was copied with something else", function()
  local rows = {
    { "Bearer cop_x", "Bearer" }, { "bearer cop_x", "Bearer" }, { "Basic Y29w", "Basic" },
    { '"cop_x"', "quotes" }, { "'cop_x'", "quotes" }, { "“cop_x”", "quotes" },
    { "cop_x ", "blank" },
    { " cop_x", "blank" }, { "cop_x\n", "line end" }, { "cop x", "blank" }, { "$TOKEN", "shell" },
    { "cop_x\1", "control character" },
    { "cop_" .. ("x"):rep(4093), "longer than 4096 bytes" },
  }
  for _, row in ipairs(rows) do
    it(("is refused with the likely cause, and not shown: %q"):format(row[1]:sub(1, 20))
        :gsub("\n", "n"),
      function()
        for _, found in ipairs { { config.resolve({ domain = "a.example", token = row[1] },
          function() end) }, { config.resolve({}, function(name)
            return environment("a.example", row[1])[name]
          end) } } do
          assert.is_nil(found[1])
          assert.equal("config", found[2].kind)
          assert.matches("^the token .*" .. row[2], found[2].message)
          assert.is_false(fixture.holds(found[2], "cop_") or fixture.holds(found[2], "cop x"))
        end
      end)
  end

  it("is accepted when it only looks odd", function()
    for _, token in ipairs { "bearer", "cop_$x", "basic_1", "t", "cop_a-b.c/d+e=",
      ("t"):rep(4096) } do
      assert.equal(token, assert(config.resolve({ domain = "a.example", token = token },
        function() end)).token)
    end
  end)
end)

describe("codeocean.config: options", function()
  local function refused(options)
    local ok, problem = pcall(function() return (codeocean.client(options)) end)
    assert.is_false(ok)
    return problem
  end

  it("refuses an unknown one, placed at the caller, and lists those there are", function()
    local problem = refused { domain = "a.example", token = "t", retrys = 3 }
    assert.matches("'retrys' to 'client'", problem)
    for _, row in ipairs(config.options) do assert.is_truthy(problem:find(row[1], 1, true)) end
    local _, placed = pcall(function() return (codeocean.client { colour = 1 }) end)
    assert.matches("^%S*config_spec%.lua:%d+: bad argument 'colour'", placed)
  end)

  local mistakes = {
    { "domain", 7 }, { "domain", "" }, { "token", false }, { "token", "" }, { "timeout", 0 },
    { "timeout", -1 }, { "timeout", "60" }, { "timeout", math.huge }, { "timeout", 0 / 0 },
    { "connect_timeout", 0 }, { "deadline", 0 }, { "retries", -1 }, { "retries", 1.5 },
    { "retries", 101 }, { "jobs", 0 }, { "jobs", 1001 }, { "jobs", "4" }, { "rate", 0 },
    { "rate", true }, { "answer_max", 0 }, { "answer_max", 1.0 }, { "dry_run", 1 },
    { "dry_run", "yes" }, { "trace", 0 }, { "wait", 5 }, { "ca_file", "" },
    { "insecure_http", "no" }, { "user_agent", "" },
  }
  for _, row in ipairs(mistakes) do
    it(("refuses %s = %s"):format(row[1], tostring(row[2])), function()
      local options = { domain = "a.example", token = "cop_secret" }
      options[row[1]] = row[2]
      local problem = refused(options)
      assert.is_truthy(problem:find(("bad argument '%s' to 'client' ("):format(row[1]), 1, true))
      assert.is_nil(problem:find("cop_secret", 1, true))
      assert.matches("config_spec%.lua:%d+:", problem)
    end)
  end

  it("refuses options that are not a table", function()
    assert.matches("'options' to 'client'", refused("a.example"))
  end)

  it("fills in the rest and leaves the caller's table alone", function()
    local options = { domain = "a.example", token = "t" }
    local found = assert(config.resolve(options, function() end))
    assert.same({ domain = "a.example", token = "t" }, options)
    local expected = { timeout = 60, connect_timeout = 10, deadline = 120, retries = 4, jobs = 16,
      rate = 0, answer_max = 64 * 1024 * 1024, dry_run = false, trace = false,
      insecure_http = false }
    for name, value in pairs(expected) do assert.equal(value, found[name], name) end
    assert.matches("^colua/", found.user_agent)
  end)

  local switches = { { "1", true }, { "yes", true }, { "TRUE", true }, { "on", true },
    { "0", false }, { "", false }, { "false", false }, { "no", false }, { "Off", false } }
  for _, row in ipairs(switches) do
    it(("takes CODEOCEAN_DRY_RUN=%q for %s"):format(row[1], tostring(row[2])), function()
      local function getenv(name) return ({ CODEOCEAN_DRY_RUN = row[1] })[name] end
      local options = { domain = "a.example", token = "t", dry_run = false }
      assert.equal(row[2], config.resolve(options, getenv).dry_run)
      options.dry_run = true
      assert.is_true(config.resolve(options, getenv).dry_run)
    end)
  end
end)

describe("codeocean.config: switches of the environment", function()
  for _, variable in ipairs { "CODEOCEAN_DRY_RUN", "CODEOCEAN_TRACE" } do
    for _, word in ipairs { "maybe", "2", " 1", "01" } do
      it(("%s=%q is refused"):format(variable, word), function()
        local options = { domain = "a.example", token = "t", dry_run = true, trace = true }
        local function getenv(name) return name == variable and word or nil end
        local found, err = config.resolve(options, getenv)
        assert.is_nil(found)
        assert.equal("config", err.kind)
        assert.equal(("%s: '%s' is neither 1 nor 0"):format(variable, word), err.message)
      end)
    end
  end
end)

describe("codeocean.config: domains", function()
  local good = {
    { "acmecorp.codeocean.com", "acmecorp.codeocean.com" },
    { "https://acmecorp.codeocean.com", "acmecorp.codeocean.com" },
    { "https://acmecorp.codeocean.com/", "acmecorp.codeocean.com" },
    { "acmecorp.codeocean.com/api/v1", "acmecorp.codeocean.com" },
    { "HTTPS://acmecorp.codeocean.com/api/v1/", "acmecorp.codeocean.com" },
    { "acmecorp.codeocean.com:8443", "acmecorp.codeocean.com:8443" },
    { "http://127.0.0.1:8080", "127.0.0.1:8080" },
    { "http://localhost:80/api/v1", "localhost:80" },
    { "http://[::1]:8080", "[::1]:8080" },
  }
  for _, row in ipairs(good) do
    it("takes " .. row[1], function()
      local client <close> = assert(codeocean.client { domain = row[1], token = "t" })
      assert.equal("codeocean.client: " .. row[2], tostring(client))
    end)
  end

  local bad = {
    "http://acmecorp.codeocean.com", "http://127.0.0.1.example.com", "ftp://a.example",
    "https://user@a.example", "https://user:password@a.example", "a.example/elsewhere",
    "a.example?x=1", "a.example#x", "a..example", ".example", "a.example:0", "a.example:99999",
    "a.example:80a", "a b.example", "a.example\n", "a.example\0", "https://", "/", "a.example\\x",
    ("a"):rep(300), "127.0.0.1@evil.example", "http://127.1@evil.example", "http://0x7f.1",
  }
  for _, domain in ipairs(bad) do
    it(("refuses %q"):format(domain):gsub("\n", "n"), function()
      local client, err = codeocean.client { domain = domain, token = "cop_secret" }
      assert.is_nil(client)
      assert.equal("config", err.kind)
      assert.is_false(fixture.holds(err, "cop_secret"))
    end)
  end

  it("takes http elsewhere when told", function()
    local client <close> = assert(codeocean.client { domain = "http://lab.example", token = "t",
      insecure_http = true })
    assert.equal("codeocean.client: lab.example", tostring(client))
  end)
end)
