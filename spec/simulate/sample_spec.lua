-- A fixed sample of simulated histories, and each seed that ever failed, by name. Many more:
-- make simulate SEEDS=100000.

package.path = "spec/simulate/?.lua;" .. package.path

local history = require "history"

local SAMPLE = 400

-- What a seed found, when it did.
local FOUND = {
}

describe("simulated histories", function()
  it("hold every invariant, in a sample", function()
    local events = 0
    for seed = 1, SAMPLE do
      local result = history.play(seed)
      assert.is_nil(result.problem, ("seed %d: %s"):format(seed, result.problem))
      events = events + result.events
    end
    assert.is_true(events > 20 * SAMPLE, events)
  end)

  for _, row in ipairs(FOUND) do
    it("hold in seed " .. row[1] .. ": " .. row[2], function()
      assert.is_nil(history.play(row[1]).problem)
    end)
  end

  it("are replayed exactly", function()
    for seed = 1, 20 do assert.are.same(history.play(seed), history.play(seed)) end
  end)
end)
