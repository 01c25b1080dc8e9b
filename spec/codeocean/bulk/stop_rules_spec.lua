-- The rules that stop a run: errors, tokens, unreachable servers, signals.

local errors = require "codeocean.error"
local rules = require "codeocean.bulk.stop_rules"

local function new(spec)
  local client = { cancelled = 0, unreachable = false, deadline = 120, engine = { unsent = 0 } }
  function client.engine:cancel_harmless() self.unsent = self.unsent + 1 end
  function client:cancel() self.cancelled = self.cancelled + 1 end
  function client:stats() return { unreachable = self.unreachable } end
  return rules.new(client, spec or {}), client
end

local function err(fields) return errors.new(fields) end

describe("codeocean.bulk.stop_rules", function()
  it("stops after max_errors errors, in any phase", function()
    local own = new { max_errors = 3 }
    for i = 1, 3 do
      assert.is_nil(own:poll(), i)
      own:count(err { kind = "server" })
    end
    assert.equal("3 errors", own:poll())
    assert.is_nil(own.failure)
  end)

  it("stops at the first error with fail_fast, at fifty otherwise", function()
    local own = new { fail_fast = true }
    own:count(err { kind = "invalid" })
    assert.equal("1 error", own:poll())
    own = new()
    for _ = 1, 49 do own:count(err { kind = "invalid" }) end
    assert.is_nil(own:poll())
    own:count(err { kind = "invalid" })
    assert.equal("50 errors", own:poll())
  end)

  it("counts neither missing inputs nor those that were not begun", function()
    local own = new { max_errors = 1 }
    own:count(err { kind = "missing" })
    own:count(err { kind = "pending" })
    own:count(nil)
    assert.is_nil(own:poll())
  end)

  it("stops at a token that is refused, even after successes", function()
    local own = new()
    for _ = 1, 5 do own:count(nil) end
    own:count(err { kind = "auth", status = 401 })
    assert.equal("auth", own.failure.kind)
    assert.is_truthy(own:poll())
  end)

  it("tolerates one 403 after a success, and stops at the first one otherwise", function()
    local own = new()
    own:count(nil)
    own:count(err { kind = "auth", status = 403 })
    assert.is_nil(own:poll())
    own = new()
    own:count(err { kind = "auth", status = 403 })
    assert.is_truthy(own:poll())
  end)

  it("stops when the server is unreachable", function()
    for _, kind in ipairs { "network", "throttled" } do
      local own, client = new()
      own:count(err { kind = kind })
      assert.is_nil(own:poll())
      client.unreachable = true
      own:count(err { kind = kind })
      assert.is_truthy(own:poll())
    end
  end)

  it("stops when the server wants a pause longer than a call may last", function()
    for _, row in ipairs { { "throttled", 429 }, { "throttled" }, { "server", 503 } } do
      local own = new()
      own:count(err { kind = row[1], status = row[2], retry_after = 120 })
      assert.is_nil(own:poll())
      own:count(err { kind = row[1], status = row[2], retry_after = 121 })
      assert.is_truthy(own:poll())
    end
  end)

  it("obeys a signal: drops reads, gives writes some seconds", function()
    local stopped = false
    local own, client = new { stop = function() return stopped end }
    assert.is_nil(own:poll())
    stopped = true
    assert.equal("interrupted", own:poll())
    assert.is_true(own:interrupted())
    -- Each time: what the server has pushed back since then is not sent again.
    assert.same({ 2, 0 }, { client.engine.unsent, client.cancelled })
    assert.equal("interrupted", own:poll(true))
    assert.is_true(client.cancelled >= 1)
  end)
end)
