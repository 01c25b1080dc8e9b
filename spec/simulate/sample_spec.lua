-- A fixed sample of simulated histories, and by name each history that ever failed. For many more:
-- make simulate SEEDS=100000.

package.path = "spec/simulate/?.lua;" .. package.path

local history = require "history"
local minimise = require "minimise"

local SAMPLE = 1000

-- What a history found, when it did.
local FOUND = {
  { "49 actors=1,2 storm=forbid,other_asset faults=1,2,3,4", "a get that failed while verifying" },
  { "2", "a create before its intent" },
  { "22", "two writes of one line, taken back as one" },
  { "23 actors=1,2,3 storm=other_asset faults=3", "a plan that could not be read is resumed" },
  { "56", "permissions that an answer does not show" },
  { "131", "a put that is pushed back for longer than a read is good for" },
  { "2048044 actors=1,2 storm=clock,forbid,full_disk,lose_request,slow faults=1,2,5,6",
    "a lost create, while its twin is under way" },
  { "2049216 actors=1,2,3 storm=kill_sync,kill_write,slow faults=1,2,3",
    "an undo cut before its mark, then done by somebody else" },
  { "2068285", "permissions that take longer to read than a read is good for" },
  { "2135291 actors=1,2 storm=throttle_mute faults=1,2",
    "a read of permissions is no read of the tags" },
  { "6153818 actors=1,2,3 storm=lose_answer,page faults=1,2,3,4,5,6,7,8,9,11,12",
    "a tag that somebody adds to a list that has a tag twice" },
  { "6416149 actors=1,2,3,5 storm=full_disk,page faults=1,2,3,4",
    "a copy of a journal with a selection that was interrupted and made again" },
  { "6650669 actors=1,2,3 storm=forbid,slow faults=1",
    "a write that arrives after the undo of its line has read again" },
  { "6708883 actors=1,2,3,4 storm=full_disk,kill_sync,lose_answer faults=1,2",
    "an undo that somebody else did, whose mark found no room" },
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
    it("hold in " .. row[1] .. ": " .. row[2], function()
      assert.is_nil(history.play(minimise.read(row[1])).problem)
    end)
  end

  it("are replayed exactly", function()
    for seed = 1, 20 do assert.are.same(history.play(seed), history.play(seed)) end
  end)

  -- In these two, names of journals decided about the order in which a power cut tears files.
  it("are replayed exactly whatever the machine's random numbers are", function()
    for _, seed in ipairs { 6000099, 6000237 } do
      local first = history.play(seed)
      for _ = 1, 12 do assert.are.same(first, history.play(seed)) end
    end
  end)

  it("are written in a line that plays them again", function()
    local line = "17 actors=1,3 storm=slow,throttle faults=2,9"
    assert.are.equal(line, minimise.write(minimise.read(line)))
  end)
end)
