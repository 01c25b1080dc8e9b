--- A listing of ids that is kept fresh: the results of a search, which is repeated when they are
-- old.
--
-- Used by codeocean.bulk.plan.archive_state and, for what is still selected, by a run that deletes.
-- What must hold: has() answers from a search that ended at most `good_for` seconds ago.

local core = require "codeocean.core"
local object = require "codeocean.object"

local M = {}

local OLD = 5 -- seconds that a listing is good for; longer after a slow search

local Listing, metatable = object.class "codeocean.bulk.listing"

--- new(client, collect) -> a listing; the first has() searches. collect() -> a
-- codeocean.bulk.journal.id_list; it raises the error of a search that failed.
function M.new(client, collect)
  return setmetatable({ client = client, collect = collect, waiting = {} }, metatable)
end

local function list(self)
  local began = core.now()
  self.found = self.collect()
  self.began, self.ended = began, core.now()
  self.good_for = math.max(OLD, 4 * (self.ended - began))
end

-- Waits while another task lists.
local function wait_for_others(self)
  local scheduler = self.client.scheduler
  self.waiting[#self.waiting + 1] = scheduler:current()
  scheduler:park()
end

--- refresh(): lists again. Raises the error of the search.
function Listing:refresh()
  self.listing = true
  local ok, problem = pcall(list, self)
  self.listing = false
  local waiting = self.waiting
  self.waiting = {}
  for _, task in ipairs(waiting) do self.client.scheduler:wake(task) end
  if not ok then error(problem, 0) end
end

--- has(id) -> whether the id is in the listing.
function Listing:has(id)
  while self.listing do wait_for_others(self) end
  if not self.found or core.now() - self.ended > self.good_for then self:refresh() end
  return self.found:has(id)
end

--- has_now(id) -> the same, from a search that begins after the call.
function Listing:has_now(id)
  local asked = core.now()
  while self.listing do wait_for_others(self) end
  if not self.found or self.began < asked then self:refresh() end
  return self.found:has(id)
end

return M
