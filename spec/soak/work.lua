-- The work of one task of the soak on assets of its own, and what the server must hold afterwards.
-- `model`: name -> {id, tags, archived}; `maybe`: names of creates with an unknown outcome.

local bulk = require "codeocean.bulk"
local json = require "codeocean.json"

local M = {}

local MOST = 12 -- assets of a worker

local function sorted(tags)
  local copy = { table.unpack(tags) }
  table.sort(copy)
  return table.concat(copy, " ")
end

M.sorted = sorted

local function own(worker)
  local names = {}
  for name in pairs(worker.model) do names[#names + 1] = name end
  table.sort(names)
  return names
end

local function random_asset(worker)
  local names = own(worker)
  local name = names[math.random(#names)]
  return worker.model[name], name
end

-- Repeats what may be repeated until it is done; counts what it came back with before.
local function insist(worker, call)
  while true do
    local value, err = call()
    if value or err.kind == "missing" then return value, err end
    worker.count("failed: " .. err.kind)
  end
end

local function expect(good, form, ...)
  if not good then error(form:format(...), 0) end
end

function M.create(worker)
  if #own(worker) >= MOST then return end
  worker.serial = worker.serial + 1
  local name = ("soak-%d-%d"):format(worker.number, worker.serial)
  local tags = { "soak", "w" .. worker.number }
  local asset, err = worker.assets:create { name = name, mount = name, tags = tags,
    source = { aws = { bucket = "soak" } } }
  if asset then
    worker.model[name] = { id = asset.id, tags = tags, archived = false }
  else
    worker.count("create: " .. err.outcome)
    if err.outcome == "unknown" then worker.maybe[name] = true end
  end
end

function M.delete(worker)
  if #own(worker) < MOST then return end
  local asset, name = random_asset(worker)
  insist(worker, function() return worker.assets:delete(asset.id) end)
  worker.model[name] = nil
end

function M.get(worker)
  local asset, name = random_asset(worker)
  local found = insist(worker, function() return worker.assets:get(asset.id) end)
  expect(found, "%s is gone", name)
  expect(found.name == name and sorted(found.tags) == sorted(asset.tags),
    "%s has the tags %s in the place of %s", name, found and sorted(found.tags), sorted(asset.tags))
end

function M.search(worker)
  local tag, wanted = "w" .. worker.number, 0
  for _, asset in pairs(worker.model) do wanted = wanted + (asset.archived and 0 or 1) end
  local page = insist(worker, function()
    return worker.assets:search { query = "tag:" .. tag, archived = false }
  end)
  local found = 0
  for _, asset in ipairs(page.results) do
    if worker.model[asset.name] then found = found + 1 end
  end
  expect(found == wanted, "a search for %s finds %d assets of %d", tag, found, wanted)
end

function M.each(worker)
  local seen = 0
  local ok, err = pcall(function()
    for asset in worker.assets:each { archived = false } do seen = seen + (asset.id and 1 or 0) end
  end)
  if not ok then worker.count("failed: " .. err.kind) end
end

function M.archive(worker)
  local asset = random_asset(worker)
  local archived = not asset.archived
  insist(worker, function() return worker.assets:archive(asset.id, archived) end)
  asset.archived = archived
end

-- Adds a tag to all of its assets, or takes it away again.
local function other_tags(worker)
  worker.turn = not worker.turn
  return json.array { "soak", "w" .. worker.number, worker.turn and "turned" or nil }
end

function M.bulk(worker)
  local ids, tags = {}, other_tags(worker)
  for i, name in ipairs(own(worker)) do ids[i] = worker.model[name].id end
  repeat
    local report, err = bulk.run(worker.assets.client, { ids = ids, journal = worker.journal,
      jobs = 4, change = function() return { tags = tags } end })
    expect(report, "bulk.run: %s", tostring(err))
    os.remove(worker.journal)
    local done = report.counts.ok + report.counts.unchanged
    if done < #ids then worker.count("bulk run to be repeated") end
  until done == #ids
  for _, asset in pairs(worker.model) do asset.tags = tags end
end

--- Names in a fixed order, each repeated by its weight.
M.mix = { "create", "create", "delete", "get", "get", "get", "get", "search", "each", "archive",
  "bulk" }

return M
