-- A proxy that refuses to connect: final, named as the proxy's, and nothing was sent.

local fixture = require "fixture"
local process = require "process"

local CREATE = [[
local client = assert(require "codeocean".client { domain = "acme.example", token = "cop_x" })
local asset, err = client:finish(client:submit("create", nil, { name = "n", mount = "m",
  tags = { "t" }, source = { aws = { bucket = "b" } } }))
print(err.kind, err.outcome, err.attempts, err.message)
]]

describe("a proxy that answers CONNECT with", function()
  local rows = {
    { "401 Unauthorized", 1 }, { "403 Forbidden", 1 }, { "407 Proxy Authentication Required", 1 },
  }
  for _, row in ipairs(rows) do
    it(row[1], function()
      local with = fixture.new(finally)
      local answers = {}
      for i = 1, 20 do
        answers[i] = fixture.answer(row[1], "<html>no</html>", { "Connection: close" })
      end
      local proxy = with:server(answers)
      local result = process.run(process.colua, { "-e", CREATE },
        { env = { https_proxy = proxy.url } })
      assert.are.equal("network\tnot_sent\t1\tthe proxy answers " .. row[1]:match "%d+"
        .. " and makes no connection to the server\n", result.out)
    end)
  end

  it("503: it may pass, so it is tried again", function()
    local with = fixture.new(finally)
    local answers = {}
    for i = 1, 20 do answers[i] = fixture.answer("503 Busy", "", { "Connection: close" }) end
    local proxy = with:server(answers)
    local result = process.run(process.colua, { "-e", CREATE },
      { env = { https_proxy = proxy.url } })
    assert.matches("^network\tnot_sent\t5\tthe proxy answers 503 ", result.out)
  end)
end)
