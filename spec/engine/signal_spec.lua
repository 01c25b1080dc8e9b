-- A signal while a run's requests wait for their turn: requests that have not left are not sent,
-- and the command ends at once.

local core = require "codeocean.core"
local deployment = require "deployment"

describe("a signal", function()
  local here

  before_each(function() here = deployment.start { seed = 20, ready_after = 0 } end)
  after_each(function() here:stop() end)

  local function has_come(operation)
    for _, request in ipairs(here.server:requests()) do
      if request.operation == operation then return true end
    end
  end

  local function await(operation)
    local patient = core.now() + 30
    while not has_come(operation) do
      assert(core.now() < patient, "no request came")
      here.server:wait(0.01)
    end
  end

  -- Stops a command once a request of that operation has come. What was not sent is pending.
  local function stopped(signal, operation, ...)
    local finish = here:begin { "tag", "--archived", "any", "--all", "--add", "new", "--yes", ... }
    await(operation)
    local sent = #here.server:requests()
    local began = core.now()
    local result = finish(signal)
    assert.is_true(core.now() - began < 3, core.now() - began .. " s")
    assert.are.equal(130, result.status, result.err)
    assert.matches(" pending", result.err)
    assert.not_matches("unknown", result.err)
    return sent
  end

  for _, signal in ipairs { "INT", "TERM" } do
    it("SIG" .. signal .. " stops what our own rate holds back", function()
      local sent = stopped(signal, "update", "--rate", 8)
      assert.is_true(#here.server:requests() <= sent + 1, #here.server:requests() - sent)
    end)

    it("SIG" .. signal .. " stops what the server's pause holds back", function()
      here.server:fault { kind = "status", status = 429, retry_after = 30, operation = "update",
        count = -1 }
      stopped(signal, "update")
      for _, request in ipairs(here.server:requests()) do
        if request.operation == "update" then assert.are.equal(429, request.status) end
      end
    end)

    it("SIG" .. signal .. " stops reads that the server does not answer", function()
      here.server:fault { kind = "stall", operation = "get", count = -1 }
      stopped(signal, "get")
    end)
  end
end)
