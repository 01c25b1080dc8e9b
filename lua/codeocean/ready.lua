--- Waiting until drafts have become assets.

local core = require "codeocean.core"
local errors = require "codeocean.error"

local M = {}

local FIRST, LONGEST, GROWTH = 2, 30, 1.5 -- seconds between two looks

local transient = { throttled = true, server = true, network = true, timeout = true }

local function failed(asset)
  return errors.new {
    kind = "failed", operation = "wait_until_ready", id = asset.id, data = asset,
    message = asset.failure_reason or "the server could not make the asset",
  }
end

local function too_long(id, timeout)
  return errors.new {
    kind = "timeout", operation = "wait_until_ready", id = id,
    message = ("not ready after %.0f s"):format(timeout),
  }
end

-- Said once for each asset, by Lua's own channel for warnings.
local function warn_unknown(asset, warned)
  if asset.state == "draft" or warned[asset.id] then return end
  warned[asset.id] = true
  warn("codeocean: ", asset.id, " is in a state that is not known here: ", tostring(asset.state))
end

-- asset, err or neither: ask again later. A state this release does not know is waited out.
local function look(client, id, warned)
  local asset, err = client:request("get", id)
  if not asset then return nil, not transient[err.kind] and err or nil end
  if asset.state == "ready" then return asset end
  if asset.state == "failed" then return nil, failed(asset) end
  warn_unknown(asset, warned)
end

local function round(client, ids, found, errs, warned)
  local waiting = {}
  local function ask(id) return { look(client, id, warned) } end
  for i, pair in ipairs((client:map(ids, ask))) do
    found[ids[i]], errs[ids[i]] = pair[1], pair[2]
    if not pair[1] and not pair[2] then waiting[#waiting + 1] = ids[i] end
  end
  return waiting
end

local function pause_after(pause, longest)
  return math.min(pause * GROWTH, longest), pause * (0.75 + math.random() / 2)
end

--- Polls until each id is ready, failed, refused, or the time is over: found[id], errs[id].
-- `opts`: timeout (seconds for all, default 3600), interval (first pause, default 2 s, growing to
-- 30 s).
function M.wait(client, ids, opts)
  local found, errs, warned = {}, {}, {}
  local timeout, pause = opts.timeout or 3600, opts.interval or FIRST
  local longest, deadline = math.max(LONGEST, pause), core.now() + timeout
  local waiting = round(client, ids, found, errs, warned)
  while #waiting > 0 and core.now() < deadline do
    local nap
    pause, nap = pause_after(pause, longest)
    local slept, err = client:sleep(math.min(nap, deadline - core.now()))
    if not slept then return nil, err end
    waiting = round(client, waiting, found, errs, warned)
  end
  for _, id in ipairs(waiting) do errs[id] = too_long(id, timeout) end
  return found, errs
end

return M
