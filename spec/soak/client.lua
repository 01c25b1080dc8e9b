-- The client of the soak: several tasks do mixed work until the time is over; then the server must
-- hold exactly what they wrote. Arguments: address, seconds, seed, folder for journals.

local codeocean = require "codeocean"
local core = require "codeocean.core"
local gauge = require "gauge"
local work = require "work"

local WORKERS = 8

local url, seconds, seed, folder = arg[1], tonumber(arg[2]), tonumber(arg[3]), arg[4]
math.randomseed(seed)
local descriptors_before = gauge.descriptors()
local client = assert(codeocean.client { domain = url, token = "cop_soak", jobs = 16 })
local counts, operations = {}, 0
local ends = core.now() + seconds

local function count(what) counts[what] = (counts[what] or 0) + 1 end

local function new_worker(number)
  return { number = number, assets = client.data_assets, model = {}, maybe = {}, serial = 0,
    journal = ("%s/%d.jsonl"):format(folder, number), count = count }
end

local function toil(worker)
  while not next(worker.model) do work.create(worker) end
  while core.now() < ends do
    work[work.mix[math.random(#work.mix)]](worker)
    operations = operations + 1
  end
  return true
end

-- A task of its own beside the workers: looks every so often.
local function watch(meter)
  local pause, before = math.min(1, seconds / 60), 0
  while core.now() < ends do
    assert(client:sleep(pause))
    local requests = client:stats().requests
    meter:sample((requests - before) / pause)
    before = requests
  end
  return true
end

local function check_asset(asset, wanted, archived)
  local name = asset.name
  if not wanted then return name .. " is there and should not be" end
  if wanted.seen then return name .. " is there twice" end
  wanted.seen = true
  if wanted == true or wanted.maybe then return end
  if asset.id ~= wanted.id then return name .. " is another asset" end
  if archived ~= wanted.archived then return name .. " is archived wrongly" end
  if work.sorted(asset.tags) ~= work.sorted(wanted.tags) then return name .. " has other tags" end
end

local function union(workers)
  local all = {}
  for _, worker in ipairs(workers) do
    for name, asset in pairs(worker.model) do all[name] = asset end
    for name in pairs(worker.maybe) do all[name] = { maybe = true } end
  end
  return all
end

-- Every page must come, so it is asked until it does.
local function listed(archived)
  local list, err
  for _ = 1, 20 do
    list, err = client.data_assets:all { archived = archived }
    if list then return list end
  end
  error(err, 0)
end

local function check_all(workers, wrong)
  local all, found = union(workers), 0
  for _, archived in ipairs { false, true } do
    for _, asset in ipairs(listed(archived)) do
      wrong[#wrong + 1] = check_asset(asset, all[asset.name], archived)
      found = found + 1
    end
  end
  for name, asset in pairs(all) do
    if not asset.seen and not asset.maybe then wrong[#wrong + 1] = name .. " is lost" end
  end
  return found
end

local function in_words()
  local names = {}
  for name, n in pairs(counts) do names[#names + 1] = ("%s %d"):format(name, n) end
  table.sort(names)
  return #names > 0 and table.concat(names, ", ") or "none"
end

local workers, meter = {}, gauge.new()
for i = 1, WORKERS do workers[i] = new_worker(i) end
local jobs = { table.unpack(workers) }
jobs[#jobs + 1] = meter
local _, problems = client:map(jobs, function(job)
  return (job == meter and watch or toil)(job)
end, { jobs = #jobs })

local wrong = {}
for _, err in pairs(problems) do wrong[#wrong + 1] = tostring(err) end
local found = check_all(workers, wrong)
local figures, grown = meter:compare()
table.move(grown, 1, #grown, #wrong + 1, wrong)
local stats = client:stats()
client:close()
collectgarbage()
local left = gauge.descriptors() - descriptors_before
if left > 0 then wrong[#wrong + 1] = ("%d descriptors are left behind"):format(left) end
for _, line in ipairs(wrong) do print("soak: " .. line) end
print("reached the caller: " .. in_words())
print(("soak: %d s, %d operations, %d requests, %d of them repeats, %d connections; %s; "
  .. "%d assets at the end, %d wrong; seed %d"):format(seconds, operations, stats.requests,
  stats.retries, stats.connections, figures, found, #wrong, seed))
os.exit(#wrong == 0, true)
