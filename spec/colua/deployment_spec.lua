-- The deployment of a session, and how the prompt names it.

local deployment = require "colua.deployment"
local process = require "process"
local terminal = require "terminal"


describe("the prompt names", function()
  local folder

  before_each(function() folder = process.folder() end)
  after_each(function() process.clean(folder) end)

  local function env(own)
    own.HOME, own.XDG_STATE_HOME = folder, folder .. "/state"
    return own
  end

  for domain, label in pairs { ["acmecorp.codeocean.com"] = "acmecorp", ["localhost"] = "localhost",
    ["http://127.0.0.1:1"] = "127.0.0.1", ["https://co.example.org"] = "co" } do
    it(label .. " for " .. domain, function()
      terminal.play({ argv = {}, env = env { CODEOCEAN_DOMAIN = domain, CODEOCEAN_TOKEN = "x" } },
        { { nil, "\n" .. label .. " > " }, { "if true then\r", (" "):rep(#label + 1) .. ">> " } })
    end)
  end

  it("the profile", function()
    assert(os.execute("mkdir -p " .. folder .. "/.codeocean"))
    process.write(folder .. "/.codeocean/credentials.json",
      '{"profiles": {"test": {"domain": "acme.example", "token": "cop_x"}}}')
    local _, all = terminal.play({ argv = {}, env = env { CODEOCEAN_PROFILE = "test" } },
      { { nil, "test > " } })
    assert.is_truthy(all:find("\nDeployment: acme.example (profile test)\n", 1, true))
  end)

  it("a dry run", function()
    terminal.play({ argv = { "--dry-run" },
      env = env { CODEOCEAN_DOMAIN = "acme.example", CODEOCEAN_TOKEN = "x" } },
      { { nil, "acme dry-run > " } })
  end)

  it("the deployment in the colour that is set for it", function()
    assert(os.execute("mkdir -p " .. folder .. "/.config/colua"))
    local config = folder .. "/.config/colua/config.json"
    local function shown(domain)
      return select(2, terminal.play({ argv = {}, raw = true, env = env { NO_COLOR = "",
        CODEOCEAN_DOMAIN = domain, CODEOCEAN_TOKEN = "x" } }, { { nil, " > " } }))
    end
    for _, name in ipairs { "acme.example", "acme" } do -- whole, and as the prompt shows it
      process.write(config, ('{"colours": {"%s": "red"}}'):format(name))
      assert.is_truthy(shown("acme.example"):find("\27[31macme\27[0m > ", 1, true))
    end
    assert.is_truthy(shown("other.example"):find("\27[1mother\27[0m > ", 1, true))
  end)

  it("nothing where no deployment is set", function()
    assert.is_nil(deployment.new(function() end):label())
  end)
end)
