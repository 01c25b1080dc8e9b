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

  it("lists the credentials without a name, then the profiles, and no token", function()
    process.shell("mkdir -m 700 " .. process.quote(here.folder .. "/.codeocean"))
    process.write(here.folder .. "/.codeocean/credentials.json",
      '{"domain":"p.example","token":"cop_p","profiles":{"b":{"domain":"b.example"},'
      .. '"a":{"domain":"a.example","token":"cop_a"}}}')
    local result = here:run { "profiles", "--tsv" }
    assert.are.equal("profile\tdomain\ttoken\n\tp.example\tset\na\ta.example\tset\n"
      .. "b\tb.example\tmissing\n", result.out)
    assert.is_nil((result.out .. result.err):find("cop_", 1, true))
  end)
end)
