--- The simulated platform: its assets, which of them are archived, who may write to them, and every
-- committed write.

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

local FIRST_CREATED = 1600000000

local function id_of(i) return ("%08x-0000-4000-8000-%012x"):format(i, i) end

--- new(count, clock, on_commit) -> a platform of <count> assets. clock() is its time of day; `lag`
-- seconds after a create a search shows the asset. doubtful: ids of assets of which a cache gave an
-- old answer to a write.
-- on_commit(commit) is called with each write: {actor, operation, id, before, after,
-- archived_before, archived_after}.
function M.new(count, clock, on_commit)
  local self = setmetatable({ assets = {}, archived = {}, forbidden = {}, ids = {}, clock = clock,
    on_commit = on_commit, lag = 0, shown_from = {}, doubtful = {} }, Platform)
  for i = 1, count do
    local id = id_of(i)
    self.ids[i] = id
    self.assets[id] = { id = id, name = "asset " .. i, description = "d" .. i, size = i * 1000,
      created = FIRST_CREATED + i, last_used = 0, files = 1, state = "ready", type = "dataset",
      tags = { "base", i % 2 == 0 and "even" or "odd" }, mount = "m" .. i,
      custom_metadata = { rig = i % 3 }, permissions = { everyone = "none", groups = {},
        users = { { email = "owner@x", role = "owner" }, { email = "base@x", role = "viewer" } } } }
    if i % 4 == 0 then self.archived[id] = true end
  end
  return self
end

local function answered(status, body) return { status = status, body = body } end

local READS = { get = true, search = true, custom_metadata = true, get_permissions = true }
local STANDS_ON = { get = true, get_permissions = true } -- reads on which a write may stand

-- An asset as it is answered: permissions have a request of their own.
local function shown(asset)
  local own = copy(asset)
  own.permissions = nil
  return own
end

--- answer(actor, request) -> {status, body}. request: {operation, id, params}.
function Platform:answer(actor, request)
  if self.revoked and actor.run then return answered(401) end
  local writes = not READS[request.operation]
  if writes and self.forbidden[request.id] then return answered(403) end
  if self.on_read and STANDS_ON[request.operation] then
    self.on_read(actor, request.id, request.operation)
  end
  local handler = self[request.operation] or error("no operation " .. request.operation)
  return handler(self, actor, request)
end

function Platform:get(_, request)
  local asset = self.assets[request.id]
  return asset and answered(200, shown(asset)) or answered(404)
end

function Platform:get_permissions(_, request)
  local asset = self.assets[request.id]
  return asset and answered(200, copy(asset.permissions)) or answered(404)
end

-- There is no schema: metadata with any key is accepted.
function Platform.custom_metadata() return answered(404) end

-- Searching --------------------------------------------------------------------------------------

local function has_tag(asset, wanted)
  for _, own in ipairs(asset.tags or {}) do
    if own:lower() == wanted:lower() then return true end
  end
  return false
end

-- A query is one word of one field: tag:"x" or name:"x".
local function fits_query(asset, query)
  local field, word = (query or ""):match '^(%a+):"?([^"]+)"?$'
  if field == "tag" then return has_tag(asset, word) end
  if field == "name" then return asset.name:find(word, 1, true) ~= nil end
  return true
end

local function matches(self, asset, params)
  local archived = self.archived[asset.id] == true
  if (params.archived or false) ~= archived then return false end
  if (self.shown_from[asset.id] or 0) > self.clock() then return false end
  return fits_query(asset, params.query)
end

function Platform:search(_, request)
  local params, rows, found = request.params, {}, {}
  for _, id in ipairs(self.ids) do
    local asset = self.assets[id]
    if asset and matches(self, asset, params) then found[#found + 1] = asset end
  end
  local first = tonumber(params.next_token) or params.offset or 0
  for i = first + 1, math.min(first + (params.limit or 100), #found) do
    rows[#rows + 1] = shown(found[i])
  end
  local last = first + #rows
  return answered(200, { results = rows, has_more = last < #found,
    next_token = last < #found and tostring(last) or nil })
end

-- Writing ----------------------------------------------------------------------------------------

local function commit(self, actor, request, change)
  local id = request.id
  if not self.assets[id] then return answered(404) end
  local before, was = copy(self.assets[id]), self.archived[id] == true
  local body = change(self.assets[id])
  self.on_commit { actor = actor, operation = request.operation, id = id, before = before,
    after = copy(self.assets[id]), archived_before = was,
    archived_after = self.archived[id] == true, read = request.read }
  return { status = 200, body = body, before = shown(before) }
end

local WRITTEN = { "name", "description", "tags", "mount", "custom_metadata" }

function Platform:update(actor, request)
  return commit(self, actor, request, function(asset)
    for _, field in ipairs(WRITTEN) do
      if request.params[field] ~= nil then asset[field] = copy(request.params[field]) end
    end
    return shown(asset)
  end)
end

-- What is not sent stays.
function Platform:set_permissions(actor, request)
  return commit(self, actor, request, function(asset)
    for _, field in ipairs { "users", "groups", "everyone", "share_assets" } do
      if request.params[field] ~= nil then
        asset.permissions[field] = copy(request.params[field])
      end
    end
    return true
  end)
end

function Platform:archive(actor, request)
  return commit(self, actor, request, function()
    self.archived[request.id] = request.params.archive or nil
    return true
  end)
end

function Platform:delete(actor, request)
  return commit(self, actor, request, function()
    self.assets[request.id] = nil
    return true
  end)
end

function Platform:create(actor, request)
  local id, asset = id_of(#self.ids + 1), copy(request.params)
  local aws = asset.source.aws
  asset.source = nil
  asset.source_bucket = { bucket = aws.bucket, prefix = aws.prefix, origin = "aws" }
  asset.permissions = { everyone = "none", groups = {}, users = {} }
  asset.id, asset.created, asset.state = id, math.floor(self.clock()), "draft"
  self.ids[#self.ids + 1], self.assets[id] = id, asset
  self.shown_from[id] = self.clock() + self.lag
  self.on_commit { actor = actor, operation = "create", id = id, before = {}, after = copy(asset) }
  return answered(200, shown(asset))
end

return M
