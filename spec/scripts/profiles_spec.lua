-- colua profiles lists the stored deployments without their tokens.

local deployment = require "deployment"
local process = require "process"

describe("colua profiles", function()
  local here

  setup(function() here = deployment.start { seed = 1, ready_after = 0 } end)
  teardown(function() here:stop() end)

  it("lists none where there is no file", function()
    local result = here:run { "profiles", "--tsv" }
    assert.are.same({ 0, "profile\tdomain\ttoken\n" }, { result.status, result.out })
  end)

  it("lists its fields, and refuses others", function()
    assert.are.equal("profile\ndomain\ntoken\n", here:run({ "profiles", "--fields", "?" }).out)
    local result = here:run { "profiles", "--fields", "tokn" }
    assert.are.equal(2, result.status)
    assert.is_truthy(result.err:find("did you mean 'token'", 1, true), result.err)
  end)

  it("shows no token that stands where the domain or the name should", function()
    local secret = "SECRETsecret0123"
    process.shell("mkdir -p " .. process.quote(here.folder .. "/.codeocean"))
    for _, text in ipairs { '{"domain":"SECRET","token":"SECRET"}',
      '{"domain":"SECRET","token":"acme.codeocean.com"}', '{"domain":"https://j:SECRET@h"}',
      '{"domain":"cop_SECRET"}', '{"profiles":{"cop_SECRET":{"domain":"cop_SECRET"}}}' } do
      process.write(here.folder .. "/.codeocean/credentials.json",
        (text:gsub("SECRET", secret)))
      for _, form in ipairs { "--tsv", "--json" } do
        local result = here:run { "profiles", form }
        assert.are.equal(0, result.status, result.err)
        assert.is_nil((result.out .. result.err):find(secret, 1, true), result.out)
      end
    end
  end)

  it("lists the credentials without a name, then the profiles, and no token", function()
    process.shell("mkdir -p -m 700 " .. process.quote(here.folder .. "/.codeocean"))
    process.write(here.folder .. "/.codeocean/credentials.json",
      '{"domain":"p.example","token":"cop_p","profiles":{"b":{"domain":"b.example"},'
      .. '"a":{"domain":"a.example","token":"cop_a"}}}')
    local result = here:run { "profiles", "--tsv" }
    assert.are.equal("profile\tdomain\ttoken\n\tp.example\tset\na\ta.example\tset\n"
      .. "b\tb.example\tmissing\n", result.out)
    assert.is_nil((result.out .. result.err):find("cop_", 1, true))
  end)
end)
