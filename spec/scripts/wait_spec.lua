-- colua wait waits until drafts are ready.

local codeocean = require "codeocean"
local deployment = require "deployment"

describe("colua wait", function()
  local here
  setup(function() here = deployment.start { ready_after = 0.05 } end)
  teardown(function() here:stop() end)

  local function draft(name)
    return assert(here.client.data_assets:create { name = name, mount = name,
      tags = codeocean.json.array(), source = { aws = { bucket = "open-neuro" } } }).id
  end

  it("prints each once it is ready", function()
    local a, b = draft "a", draft "b"
    local result = here:run({ "wait", "-", "--interval", "0.02", "--fields", "name,state" },
      { stdin = a .. "\n" .. b .. "\n" })
    assert.are.same({ status = 0, out = "name\tstate\na\tready\nb\tready\n", err = "" }, result)
  end)

  it("gives up after --timeout", function()
    local slow = deployment.start { ready_after = 1e6 }
    local id = assert(slow.client.data_assets:create { name = "s", mount = "s",
      tags = codeocean.json.array(), source = { aws = { bucket = "open-neuro" } } }).id
    local result = slow:run { "wait", id, "--interval", "0.02", "--timeout", "0.1" }
    slow:stop()
    assert.are.equal(7, result.status)
    assert.is_truthy(result.err:find("timeout: not ready after", 1, true))
  end)

  it("names missing assets, and waits for the others", function()
    local id, nobody = draft "c", "11111111-2222-3333-4444-555555555555"
    local result = here:run { "wait", id, nobody, "--interval", "0.02", "--fields", "name" }
    assert.are.same({ 3, "name\nc\n" }, { result.status, result.out })
    assert.is_truthy(result.err:find("missing 404", 1, true))
  end)
end)
