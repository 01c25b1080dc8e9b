--- Waiting until drafts have become assets.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local options = require "codeocean.options"

local M = {}

M.OPTIONS = {
  { "timeout", 3600, options.seconds },
  { "interval", 2, options.seconds },
}

local LONGEST, GROWTH = 30, 1.5 -- seconds between two looks; how they grow

local transient = { throttled = true, server = true, network = true, timeout = true }

local function failed(asset)
  return errors.new {
    kind = "failed", operation = "wait_until_ready", id = asset.id, data = asset,
    message = asset.failure_reason or "the server could not make the asset",
  }
end

-- `cause`: what kept the last look from seeing anything, if something did.
local function too_long(id, timeout, cause)
  local last = cause and "; the last look: " .. tostring(cause) or ""
  return errors.new {
    kind = "timeout", operation = "wait_until_ready", id = id,
    message = ("not ready after %.0f s"):format(timeout) .. last,
  }
end

-- A server that never answered is rather a name that is wrong than one that comes back.
local function is_nowhere(wait, err)
  return err.kind == "network" and wait.client:stats().bytes_received == 0
end

-- Whether it may be over before the waiting is.
local function passes(wait, err)
  local too_late = err.retry_after and err.retry_after > wait.deadline - core.now()
  return transient[err.kind] and not too_late and not is_nowhere(wait, err)
end

-- Said once for each asset, by Lua's own channel for warnings.
local function warn_unknown(asset, warned)
  if asset.state == "draft" or warned[asset.id] then return end
  warned[asset.id] = true
  warn("codeocean: ", asset.id, " is in a state that is not known here: ", tostring(asset.state))
end

-- asset; nil, err; or nil, nil, cause: ask again later. A state this release does not know is
-- waited out.
local function look(wait, id)
  local asset, err = wait.client:request("get", id)
  if not asset then
    if passes(wait, err) then return nil, nil, err end
    return nil, err
  end
  if asset.state == "ready" then return asset end
  if asset.state == "failed" then return nil, failed(asset) end
  warn_unknown(asset, wait.warned)
end

local function round(wait, ids)
  local waiting = {}
  local function ask(id) return { look(wait, id) } end
  for i, seen in ipairs((wait.client:map(ids, ask))) do
    local id = ids[i]
    wait.found[id], wait.errs[id], wait.causes[id] = seen[1], seen[2], seen[3]
    if not seen[1] and not seen[2] then waiting[#waiting + 1] = id end
  end
  return waiting
end

local function pause_after(pause, longest)
  return math.min(pause * GROWTH, longest), pause * (0.75 + math.random() / 2)
end

--- Polls until each id is ready, failed, refused, or the time is over: found[id], errs[id]. What
-- cannot get better in that time (the server says: later than that) is not waited for.
-- `opts`: timeout (seconds for all, default 3600), interval (first pause, default 2 s, growing to
-- 30 s).
function M.wait(client, ids, opts)
  local timeout, pause = opts.timeout, opts.interval
  local longest, deadline = math.max(LONGEST, pause), core.now() + timeout
  local wait = { client = client, deadline = deadline, found = {}, errs = {}, causes = {},
    warned = {} }
  local waiting = round(wait, ids)
  while #waiting > 0 and core.now() < deadline do
    local nap
    pause, nap = pause_after(pause, longest)
    local slept, err = client:sleep(math.max(0, math.min(nap, deadline - core.now())))
    if not slept then return nil, err end
    waiting = round(wait, waiting)
  end
  for _, id in ipairs(waiting) do wait.errs[id] = too_long(id, timeout, wait.causes[id]) end
  return wait.found, wait.errs
end

return M
