--- Which assets are archived: no asset says so itself, only a search with archived = true does.
--
-- Used when a run archives, unarchives or deletes. What must hold: what has() says was listed at
-- most a few seconds ago, for an asset that somebody took out of the archive must not be deleted.

local core = require "codeocean.core"
local id_list = require "codeocean.bulk.journal.id_list"
local object = require "codeocean.object"

local M = {}

local OLD = 5 -- seconds that a listing is good for; longer if it takes long itself

local State, metatable = object.class "codeocean.bulk.plan.archive_state"

--- new(client) -> the state of all assets; nothing is listed yet.
function M.new(client)
  return setmetatable({ client = client, waiting = {} }, metatable)
end

local function list(self)
  local began, found = core.now(), id_list.new()
  for asset in self.client.data_assets:each { archived = true, fields = { "id" } } do
    found:add(asset.id)
  end
  self.found, self.listed = found, core.now()
  self.good_for = math.max(OLD, 4 * (self.listed - began))
end

-- One task lists; the others that want to know wait for it.
local function wait_for_others(self)
  local scheduler = self.client.scheduler
  self.waiting[#self.waiting + 1] = scheduler:current()
  scheduler:park()
end

--- refresh(): lists again. Raises the error of the search.
function State:refresh()
  self.listing = true
  local ok, problem = pcall(list, self)
  self.listing = false
  local waiting = self.waiting
  self.waiting = {}
  for _, task in ipairs(waiting) do self.client.scheduler:wake(task) end
  if not ok then error(problem, 0) end
end

--- has(id) -> whether the asset is archived.
function State:has(id)
  while self.listing do wait_for_others(self) end
  if not self.found or core.now() - self.listed > self.good_for then self:refresh() end
  return self.found:has(id)
end

return M
