--- Creating without duplicates: the API has no key that would make a create safe to repeat, and
-- names are not unique, so what is there is looked for, before if asked and after a lost answer.

local core = require "codeocean.core"
local find = require "codeocean.assets.find"
local options = require "codeocean.options"

local M = {}

local SLACK = 2              -- seconds: `created` is rounded. Clocks further apart adopt nothing
local LOOKS = { 0.3, 1, 3 }  -- pauses before looking for what an unanswered create may have made

-- A search's row may say where the asset comes from; one that says nothing is not ruled out.
local function same_source(asset, params)
  local from, aws = asset.source_bucket, params.source and params.source.aws
  if type(from) ~= "table" or not aws then return true end
  local prefix = aws.keep_on_external_storage and "" or aws.prefix or ""
  local whole = aws.keep_on_external_storage or (from.prefix or "") == prefix
  return from.bucket == aws.bucket and whole
end

-- Assets of that name and source since the attempt that this client did not make otherwise.
local function candidates(assets, params, since)
  local own = {}
  for _, asset in ipairs(find.all_named(assets, params.name) or {}) do
    local recent = (asset.created or 0) >= since - SLACK
    if recent and not assets.made:has(asset.id) and same_source(asset, params) then
      own[#own + 1] = asset
    end
  end
  return own
end

-- After an answer was lost: one asset that fits is adopted, none or several leave it unknown.
local function reconcile(assets, params, since)
  for _, pause in ipairs(LOOKS) do
    if not assets.client:sleep(pause) then return nil end
    local found = candidates(assets, params, since)
    if #found > 0 then return #found == 1 and found[1] or nil end
  end
end

local function check(params)
  if type(params) ~= "table" then
    core.complain("create", "params", "table expected, got " .. type(params))
  end
  local source = params.source
  if (source == nil) == (params.data_asset_ids == nil) then
    core.complain("create", "source", "either source or data_asset_ids expected")
  elseif type(source) == "table" then
    local first = next(source)
    if first == nil or next(source, first) ~= nil then
      core.complain("create", "source", "exactly one of aws, computation, gcp, cloud_workstation")
    end
  end
end

-- The asset that is there already, an error, or neither.
local function existing(assets, params)
  local asset, err = find.find(assets, params.name)
  if asset then return asset end
  if err.kind ~= "missing" then return nil, err end
end

M.OPTIONS = { { "unless_exists", false, options.boolean } }

--- As assets:create documents.
function M.create(assets, params, opts)
  local own = options.read("create", M.OPTIONS, opts, "opts")
  check(params)
  if own.unless_exists and type(params.name) == "string" then
    local asset, err = existing(assets, params)
    if asset then return asset, "existed" end
    if err then return nil, err end
  end
  local turn <close> = assets.made:begin()
  local asset, err = assets.client:request("create", nil, params)
  local ambiguous = err and err.outcome == "unknown" and err.kind ~= "cancelled"
  local adopted = ambiguous and reconcile(assets, params, turn.since)
  if not asset and not adopted then return nil, err end
  assets.made:add((asset or adopted).id)
  return asset or adopted, adopted and "adopted" or nil
end

return M
