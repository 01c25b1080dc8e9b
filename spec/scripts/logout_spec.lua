-- colua logout removes one deployment, and nothing else.

local deployment = require "deployment"
local json = require "codeocean.json"
local process = require "process"

local FILE = '{"domain":"prod.example","more":[1],"profiles":{"test":{"domain":"t.example",'
  .. '"token":"cop_t"}},"token":"cop_prod"}'

describe("colua logout", function()
  local here, path

  before_each(function()
    here = deployment.start { seed = 1, ready_after = 0 }
    process.shell("mkdir -m 700 " .. process.quote(here.folder .. "/.codeocean"))
    path = here.folder .. "/.codeocean/credentials.json"
    process.write(path, FILE)
  end)
  after_each(function() here:stop() end)

  it("forgets the credentials without a profile", function()
    assert.are.equal(0, here:run({ "logout" }).status)
    assert.are.same({ more = { 1 }, profiles = { test = { domain = "t.example",
      token = "cop_t" } } }, json.decode(process.read(path)))
    assert.are.equal(2, here:run({ "logout" }).status)
  end)

  it("forgets a profile", function()
    assert.are.equal(0, here:run({ "logout", "--name", "test" }).status)
    assert.are.same({ domain = "prod.example", token = "cop_prod", more = { 1 } },
      json.decode(process.read(path)))
  end)

  it("names the near profile, and changes nothing", function()
    local result = here:run { "logout", "--name", "tset" }
    assert.are.equal(2, result.status)
    assert.is_truthy(result.err:find("did you mean 'test'", 1, true), result.err)
    assert.are.equal(FILE, process.read(path))
  end)
end)
