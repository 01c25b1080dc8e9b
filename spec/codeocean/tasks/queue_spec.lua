-- Queues: the order of the values, and what is left of them.

local queues = require "codeocean.tasks.queue"

local function drain(queue)
  local seen = {}
  for value in queue.pop, queue do seen[#seen + 1] = value end
  return seen
end

describe("codeocean.tasks.queue", function()
  it("gives its values in the order in which they came", function()
    local queue = queues.new()
    for i = 1, 5 do queue:push("v" .. i) end
    assert.same({ 5, "v1", "v2" }, { queue.count, queue:pop(), queue:pop() })
    queue:push "v6"
    assert.equal(4, queue.count)
    assert.same({ "v3", "v4", "v5", "v6" }, drain(queue))
    assert.same({ 0, nil }, { queue.count, queue:pop() })
    assert.equal(0, queue.count)
  end)

  it("keeps nothing of the values that it gave", function()
    local queue = queues.new()
    for round = 1, 1000 do
      queue:push(round)
      queue:push(round)
      if round > 10 then assert.is_number(queue:pop()) end
      assert.is_number(queue:pop())
    end
    local kept = 0
    for _ in pairs(queue.values) do kept = kept + 1 end
    assert.same({ 10, 10 }, { queue.count, kept })
    assert.equal(10, #drain(queue))
    queue:push "again"
    assert.same({ [1] = "again" }, queue.values)
  end)
end)
