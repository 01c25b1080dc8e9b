--- Pseudo-random choices, the same in every process: xorshift64*.
--
-- A history has one generator for what happens and one for each actor's plan, so that an actor
-- plans the same whether others are there or not.

local M = {}

local Dice = {}
Dice.__index = Dice

-- Neighbouring seeds give unrelated streams (splitmix64).
local function mixed(seed)
  local z = seed * 0x9E3779B97F4A7C15 + 0x1234567
  z = (z ~ (z >> 30)) * 0xBF58476D1CE4E5B9
  z = (z ~ (z >> 27)) * 0x94D049BB133111EB
  z = z ~ (z >> 31)
  return z ~= 0 and z or 1
end

--- new(seed) -> dice.
function M.new(seed) return setmetatable({ state = mixed(seed) }, Dice) end

--- random(n) -> an integer from 1 to n.
function Dice:random(n)
  local x = self.state
  x = x ~ (x << 13)
  x = x ~ (x >> 7)
  x = x ~ (x << 17)
  self.state = x
  return ((x * 0x2545F4914F6CDD1D) >> 33) % n + 1
end

--- chance(p) -> true with probability p.
function Dice:chance(p) return self:random(1000000) <= p * 1000000 end

--- pick(list) -> one of its items.
function Dice:pick(list) return list[self:random(#list)] end

return M
