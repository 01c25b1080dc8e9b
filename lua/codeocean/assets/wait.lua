--- Waits until drafts are ready: gets all of them at once, at growing intervals.
--
-- Called by assets:wait_until_ready with checked ids and options.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local options = require "codeocean.options"

local M = {}

M.OPTIONS = {
  { "timeout", 3600, options.seconds },
  { "interval", 2, options.seconds },
}

local LONGEST, GROWTH = 30, 1.5 -- most seconds between two gets; the factor by which they grow

local transient = { throttled = true, server = true, network = true, timeout = true }

local function failed(asset)
  return errors.new {
    kind = "failed", operation = "wait_until_ready", id = asset.id, data = asset,
    message = asset.failure_reason or "the server could not make the asset",
  }
end

-- The error of a wait that timed out. `cause`: the error of the last get, if it failed.
local function too_long(id, timeout, cause)
  local last = cause and "; the last try: " .. tostring(cause) or ""
  return errors.new {
    kind = "timeout", operation = "wait_until_ready", id = id,
    message = ("not ready after %.0f s"):format(timeout) .. last,
  }
end

-- Whether a network error is final: a server that has never answered most likely has a wrong name.
local function is_nowhere(wait, err)
  return err.kind == "network" and wait.client:stats().bytes_received == 0
end

-- Whether an error may pass before the wait ends.
local function may_pass(wait, err)
  local too_late = err.retry_after and err.retry_after > wait.deadline - core.now()
  return transient[err.kind] and not too_late and not is_nowhere(wait, err)
end

-- Warns once for each asset, with Lua's warn().
local function warn_unknown_state(asset, warned)
  if asset.state == "draft" or warned[asset.id] then return end
  warned[asset.id] = true
  warn("codeocean: ", asset.id, " is in a state that is not known here: ", tostring(asset.state))
end

-- The ready asset; nil, err; or nil, nil, cause: try again later (cause: an error that may pass, or
-- nil). An unknown state counts as a draft.
local function poll(wait, id)
  local asset, err = wait.client:request("get", id)
  if not asset then
    if may_pass(wait, err) then return nil, nil, err end
    return nil, err
  end
  if asset.state == "ready" then return asset end
  if asset.state == "failed" then return nil, failed(asset) end
  warn_unknown_state(asset, wait.warned)
end

-- Polls each of the ids once. Returns the list of those that are still drafts.
local function poll_all(wait, ids)
  local open = {}
  local function work(id) return { poll(wait, id) } end
  for i, outcome in ipairs((wait.client:map(ids, work))) do
    local id = ids[i]
    wait.found[id], wait.errs[id], wait.causes[id] = outcome[1], outcome[2], outcome[3]
    if not outcome[1] and not outcome[2] then open[#open + 1] = id end
  end
  return open
end

-- The pause after the next one, and the next one with jitter, so that many clients do not poll at
-- the same time.
local function pauses(pause, longest)
  return math.min(pause * GROWTH, longest), pause * (0.75 + math.random() / 2)
end

--- wait(client, ids, opts) -> found, errs, both by id; or nil, err when the client is closed or
-- cancelled meanwhile. Polls until each asset is ready or failed, its get failed for good, or the
-- time is over. A Retry-After beyond the end of the wait ends the wait for that id at once.
-- opts: as in M.OPTIONS, with all values.
function M.wait(client, ids, opts)
  local pause = opts.interval
  local longest, deadline = math.max(LONGEST, pause), core.now() + opts.timeout
  local wait = { client = client, deadline = deadline, found = {}, errs = {}, causes = {},
    warned = {} }
  local open = poll_all(wait, ids)
  while #open > 0 and core.now() < deadline do
    local nap
    pause, nap = pauses(pause, longest)
    local slept, err = client:sleep(math.min(nap, deadline - core.now()))
    if not slept then return nil, err end
    open = poll_all(wait, open)
  end
  for _, id in ipairs(open) do wait.errs[id] = too_long(id, opts.timeout, wait.causes[id]) end
  return wait.found, wait.errs
end

return M
