-- Random numbers of one program: the same for the same program number, whatever else draws
-- numbers.

local M = {}

function M.new()
  local state = 1
  local self = {}

  function self.seed(number)
    state = number * 0x9E3779B97F4A7C15
  end

  -- 1 … below
  function self.upto(below)
    state = state * 6364136223846793005 + 1442695040888963407
    return (state >> 33) % below + 1
  end

  function self.one_in(n) return self.upto(n) == 1 end
  function self.pick(list) return list[self.upto(#list)] end

  return self
end

return M
