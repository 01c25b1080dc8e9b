--- Seen values: remembers assets, tags and names of fields from the answers of this session. Tab
-- offers them without a request; confirmations and print(asset) show names of assets. Subscribes to
-- the client's answers. What must hold: at most MOST of each are kept.

local errors = require "codeocean.error"
local text = require "codeocean.text"

local M = {}

M.MOST = 2000

local SeenValues = { __name = "colua.complete.seen_values" }
SeenValues.__index = SeenValues

-- The metatable of assets: print() and tostring() show name and id.
local Asset = { __name = "codeocean.Asset" }

function Asset:__tostring()
  local id = text.escape(tostring(rawget(self, "id")))
  local name = rawget(self, "name")
  return type(name) == "string" and ("%s (%s)"):format(text.escape(name), id) or id
end

-- Adds a value to a bag, which holds values in order and drops the oldest when it is full.
local function add_to_bag(bag, key, value)
  if bag.values[key] == nil then
    bag.order[#bag.order + 1] = key
    bag.first = bag.first or 1
    if #bag.order - bag.first >= M.MOST then
      bag.values[bag.order[bag.first]] = nil
      bag.order[bag.first] = false
      bag.first = bag.first + 1
    end
  end
  bag.values[key] = value
end

local function new_bag()
  return { values = {}, order = {} }
end

local function add_asset(self, asset)
  if type(asset.id) ~= "string" or asset.id == "" then return end
  add_to_bag(self.bags.assets, asset.id, asset)
  if not debug.getmetatable(asset) then setmetatable(asset, Asset) end
  for field in pairs(asset) do
    if type(field) == "string" then add_to_bag(self.bags.fields, field, true) end
  end
  for _, tag in ipairs(type(asset.tags) == "table" and asset.tags or {}) do
    if type(tag) == "string" then add_to_bag(self.bags.tags, tag, true) end
  end
end

local function add(self, value)
  if type(value) ~= "table" or errors.is(value) then return end
  add_asset(self, value)
  for _, row in ipairs(type(value.results) == "table" and value.results or {}) do
    if type(row) == "table" then add_asset(self, row) end
  end
end

--- new([client]) -> seen values, which remember the client's answers from now on.
function M.new(client)
  local bags = { assets = new_bag(), tags = new_bag(), fields = new_bag() }
  local searches = setmetatable({}, { __mode = "k" })
  local self = setmetatable({ bags = bags, searches = searches }, SeenValues)
  if client then
    client:on("answer", function(call, value)
      add(self, value)
      if type(value) == "table" and value.results then self.searches[value] = call.params end
    end)
  end
  return self
end

--- name(id) -> the name of an asset, or nil.
function SeenValues:name(id)
  local asset = self.bags.assets.values[id]
  return asset and type(asset.name) == "string" and asset.name or nil
end

--- search_of(page) -> the parameters of the search that returned the page, or nil.
function SeenValues:search_of(page)
  return self.searches[page]
end

--- all(kind) -> table whose keys are the ids of the assets, the tags or the fields that were seen;
-- kind is "assets", "tags" or "fields".
function SeenValues:all(kind)
  return self.bags[kind].values
end

return M
