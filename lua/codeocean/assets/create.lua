--- Creates an asset without making duplicates. Called by assets:create.
--
-- The API has no idempotency key, and names are not unique. So existing assets are searched: before
-- the create if the caller wants unless_exists, and after it if its answer was lost. All parameters
-- are checked before anything is sent.

local core = require "codeocean.core"
local find = require "codeocean.assets.find"
local options = require "codeocean.options"
local text = require "codeocean.text"

local M = {}

local SLACK = 2              -- seconds that the server's clock may differ: `created` is rounded
local FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.25    -- seconds between two checks of other creates
local PAUSES = { 0.3, 1, 3 } -- seconds before each search for the asset of a lost answer

-- Whether a row of a search may have the source of `params`. A row without a source may.
local function fits_source(asset, params)
  local from, aws = asset.source_bucket, params.source and params.source.aws
  if type(from) ~= "table" or not aws then return true end
  local prefix = from.prefix or ""   -- the 2022 release keeps none for an external asset
  local forgotten = aws.keep_on_external_storage and prefix == ""
  return from.bucket == aws.bucket and (forgotten or prefix == (aws.prefix or ""))
end

--- candidates(assets, params, since [, deadline]) -> list of the assets that a create with a lost
-- answer may have made: of that name and source, created since then, and not by another create of
-- this client. nil, err when the search failed, or lasted until the deadline.
function M.candidates(assets, params, since, deadline)
  local own = {}
  local list, err = find.all_named(assets, params.name, nil, deadline)
  if not list then return nil, err end
  for _, asset in ipairs(list) do
    local recent = (asset.created or 0) >= since - SLACK
    if recent and not assets.created:has(asset.id) and fits_source(asset, params) then
      own[#own + 1] = asset
    end
  end
  return own
end

-- Searches for the asset of a create whose answer was lost. One candidate is adopted, unless
-- another create of that name is under way: it may have made that asset. None, several, a failed
-- search or the end of the create's deadline leave the outcome unknown. turn: the entry of this
-- create.
local function reconcile(assets, params, turn, deadline)
  for _, pause in ipairs(PAUSES) do
    if core.now() + pause >= deadline or not assets.client:sleep(pause) then return nil end
    local found = M.candidates(assets, params, turn.since, deadline)
    if not found or #found > 1 then return nil end
    if found[1] and not assets.created:is_open(params.name, turn) then return found[1] end
  end
end

local function known_fields()
  local known = {}
  for _, row in ipairs(core.operations()) do
    for _, name in ipairs(row.name == "create" and row.params or {}) do known[name] = true end
  end
  return known
end

local KNOWN = known_fields()

-- Whether all names are known. If not, only the row of the endpoint checks them: it refuses the
-- unknown name and suggests a near one. A name that is missing is then most likely misspelt.
local function has_only_known(names)
  for name in pairs(names) do
    if not KNOWN[name] then return false end
  end
  return true
end

-- Refuses an address such as s3://bucket/folder as a bucket's name.
local function check_bucket(cloud, source)
  local bucket = type(source) == "table" and source.bucket
  if type(bucket) ~= "string" or not bucket:find "[/:]" then return end
  local name, prefix = bucket:gsub("^%w+://", ""):match "^([^/]*)/*(.*)$"
  local parts = "bucket = " .. name .. (prefix ~= "" and " and prefix = " .. prefix or "")
  core.complain("create", ("source.%s.bucket"):format(cloud),
    text.escape(("%s is an address; give %s"):format(bucket, parts)))
end

-- Texts that the API refuses when they are empty.
local FILLED = { "name", "source.aws.bucket", "source.gcp.bucket", "source.computation.id",
  "source.cloud_workstation.id", "source.cloud_workstation.path" }

local function check_filled(params)
  for _, path in ipairs(FILLED) do
    local value = params
    for name in path:gmatch "[^.]+" do
      value = type(value) == "table" and value[name] or nil
    end
    if value == "" then core.complain("create", path, "text that is not empty expected") end
  end
end

-- The checks that a row of the endpoint (src/core/endpoint.c) cannot express.
local function check(params)
  if type(params) ~= "table" then
    core.complain("create", "params", "table expected, got " .. type(params))
  end
  if not has_only_known(params) then return end
  check_filled(params)
  local source = params.source
  if (source == nil) == (params.data_asset_ids == nil) then
    core.complain("create", "source", "either source or data_asset_ids expected")
  elseif type(source) == "table" then
    local first = next(source)
    if first == nil or next(source, first) ~= nil then
      core.complain("create", "source", "exactly one of aws, computation, gcp, cloud_workstation")
    end
    check_bucket("aws", source.aws)
    check_bucket("gcp", source.gcp)
  end
end

-- Adds an empty description, which the 2022 release requires and the current one reads as none.
local function complete(assets, params)
  if params.description ~= nil or assets.client.dialect.chosen == "current" then return params end
  local own = setmetatable({ description = "" }, getmetatable(params))
  for name, value in pairs(params) do own[name] = value end
  return own
end

-- An asset of that name that this client created recently, which a search may not show yet; nil,
-- err if it is unknown whether the asset still exists.
local function created_here(assets, name)
  local id = assets.created:named(name)
  if not id then return nil end
  local asset, err = assets:get(id)
  if err then return nil, err.kind ~= "missing" and err or nil end
  return asset.name == name and asset or nil
end

-- The existing asset of that name; nil if there is none; or nil, err.
local function existing(assets, name)
  local asset, err = find.find(assets, name)
  if asset then return asset end
  if err.kind ~= "missing" then return nil, err end
  return created_here(assets, name)
end

-- Waits until no task of this client has a create of that name under way.
local function wait_for_others(assets, name)
  local pause = FIRST_PAUSE
  while assets.created:is_open(name) do
    local slept, err = assets.client:sleep(pause)
    if not slept then return nil, err end
    pause = math.min(2 * pause, LONGEST_PAUSE)
  end
  return true
end

-- Sends the request once, and searches for the asset if its answer is lost.
local function send(assets, params, turn)
  local deadline = core.now() + assets.client.deadline
  local asset, err = assets.client:request("create", nil, complete(assets, params))
  local ambiguous = err and err.outcome == "unknown" and err.kind ~= "cancelled"
  local adopted = ambiguous and reconcile(assets, params, turn, deadline)
  if not asset and not adopted then return nil, err end
  assets.created:add((asset or adopted).id, params.name)
  if asset then return asset end
  return adopted, "adopted"
end

M.OPTIONS = { { "unless_exists", false, options.boolean } }

--- create(assets, params, opts): as documented for assets:create. Creates of one name with
-- unless_exists run one after the other, so that each sees the assets of those before it.
function M.create(assets, params, opts)
  local own = options.read("create", M.OPTIONS, opts, "opts")
  check(params)
  local unless_exists = own.unless_exists and type(params.name) == "string"
  if unless_exists then
    local free, err = wait_for_others(assets, params.name)
    if not free then return nil, err end
  end
  local turn <close> = assets.created:begin(params.name)
  if unless_exists then
    local asset, err = existing(assets, params.name)
    if asset then return asset, "existed" end
    if err then return nil, err end
  end
  return send(assets, params, turn)
end

return M
