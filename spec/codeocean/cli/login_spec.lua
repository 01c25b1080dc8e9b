-- What login refuses before it asks anything. What it stores is in spec/scripts/login_spec.lua.

local login = require "codeocean.cli.login"

describe("codeocean.cli.login", function()
  it("accepts the domain that was given", function()
    assert.equal("a.example", login.domain "a.example")
  end)

  it("refuses a token in the place of the domain, and does not repeat it", function()
    local ok, problem = pcall(login.domain, "https://cop_secret@a.example")
    assert.is_false(ok)
    assert.equal("that is a token; the deployment comes first", problem.usage)
    assert.is_nil(problem.usage:find("cop_secret", 1, true))
    ok, problem = pcall(login.domain, "")
    assert.same({ false, "no deployment was given" }, { ok, problem.usage })
  end)
end)
