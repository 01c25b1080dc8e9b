--- The simulated platform: assets, which are archived, and every write that was committed.

local M = {}

local Platform = {}
Platform.__index = Platform

local function copy(value)
  if type(value) ~= "table" then return value end
  local own = {}
  for key, inner in pairs(value) do own[key] = copy(inner) end
  return own
end

M.copy = copy

--- new(count, on_commit) -> a platform of so many assets; on_commit(commit) is told each write:
-- {actor, operation, id, before, after, archived_before}.
function M.new(count, on_commit)
  local self = setmetatable({ assets = {}, archived = {}, ids = {}, on_commit = on_commit },
    Platform)
  for i = 1, count do
    local id = ("%08x-0000-4000-8000-%012x"):format(i, i)
    self.ids[i] = id
    self.assets[id] = { id = id, name = "asset " .. i, description = "d" .. i, size = i * 1000,
      created = 1600000000 + i, last_used = 0, files = 1, state = "ready", type = "dataset",
      tags = { "base", i % 2 == 0 and "even" or "odd" }, mount = "m" .. i,
      custom_metadata = { rig = i % 3 } }
    if i % 4 == 0 then self.archived[id] = true end
  end
  return self
end

local function answer(status, body) return { status = status, body = body } end

local function missing() return answer(404, { message = "not found" }) end

function Platform:get(_, request)
  local asset = self.assets[request.id]
  return asset and answer(200, copy(asset)) or missing()
end

local function matches(self, asset, params)
  if params.archived ~= nil and params.archived ~= (self.archived[asset.id] == true) then
    return false
  end
  if params.archived == nil and self.archived[asset.id] then return false end
  local tag = params.query and params.query:match 'tag:"?([^"]+)"?'
  if not tag then return true end
  for _, own in ipairs(asset.tags) do if own:lower() == tag:lower() then return true end end
  return false
end

function Platform:search(_, request)
  local params, rows, found = request.params, {}, {}
  for _, id in ipairs(self.ids) do
    local asset = self.assets[id]
    if asset and matches(self, asset, params) then found[#found + 1] = asset end
  end
  local first = params.next_token and tonumber(params.next_token) or params.offset or 0
  for i = first + 1, math.min(first + (params.limit or 100), #found) do
    rows[#rows + 1] = copy(found[i])
  end
  local last = first + #rows
  return answer(200, { results = rows, has_more = last < #found,
    next_token = last < #found and tostring(last) or nil })
end

function Platform:commit(actor, operation, id, change)
  local before, was = copy(self.assets[id]), self.archived[id] == true
  local result = change()
  self.on_commit { actor = actor, operation = operation, id = id, before = before,
    after = copy(self.assets[id]), archived_before = was,
    archived_after = self.archived[id] == true }
  return result
end

function Platform:update(actor, request)
  local asset = self.assets[request.id]
  if not asset then return missing() end
  return self:commit(actor, "update", request.id, function()
    for _, field in ipairs { "name", "description", "tags", "mount", "custom_metadata" } do
      if request.params[field] ~= nil then asset[field] = copy(request.params[field]) end
    end
    return answer(200, copy(asset))
  end)
end

function Platform:archive(actor, request)
  if not self.assets[request.id] then return missing() end
  return self:commit(actor, "archive", request.id, function()
    self.archived[request.id] = request.params.archive or nil
    return answer(200, true)
  end)
end

function Platform:delete(actor, request)
  if not self.assets[request.id] then return missing() end
  return self:commit(actor, "delete", request.id, function()
    self.assets[request.id] = nil
    return answer(200, true)
  end)
end

return M
