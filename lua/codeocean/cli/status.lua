--- Exit statuses of the commands.

local M = {
  done = 0, script = 1, usage = 2, items_failed = 3, auth = 4, refused = 6, unreachable = 7,
  changes_pending = 10, interrupted = 130,
}

local of_kind = {
  auth = M.auth, config = M.auth, output = M.script, plan = M.usage, refused = M.refused,
  network = M.unreachable, timeout = M.unreachable, tls = M.unreachable,
  throttled = M.unreachable, server = M.unreachable, redirect = M.unreachable,
  cancelled = M.interrupted,
}

-- When nothing was done at all, what stood in the way of most is said by the first of these.
local gravest = { M.interrupted, M.auth, M.unreachable }

--- The status of a command that ended with this error.
function M.of_error(err)
  return of_kind[err.kind] or M.items_failed
end

--- Of a command over many: `failures` are its errors, `good` how many items went well, `bad` how
-- many rows of its input could not be used. A command that could do nothing at all has the status
-- of what stood in its way, as if it had asked for a single asset.
function M.of_many(failures, good, bad)
  if #failures == 0 then return bad > 0 and M.items_failed or M.done end
  local seen = {}
  for _, err in ipairs(failures) do seen[M.of_error(err)] = true end
  if seen[M.interrupted] then return M.interrupted end
  for _, status in ipairs(good == 0 and gravest or {}) do
    if seen[status] then return status end
  end
  return M.items_failed
end

--- Of a bulk run's report; `bad` as above. `detailed` asks whether anything is still to change.
function M.of_report(report, bad, detailed)
  if report.refused or report.refusal then return M.refused end
  if report.interrupted then return M.interrupted end
  if report.error then return M.of_error(report.error) end
  local counts, failures = report.counts, {}
  local good = counts.ok + counts.unchanged + counts.skipped
  local failed = #report.records - good - counts.pending
  for _, record in ipairs(failed > 0 and report.records or {}) do
    local err = record.status ~= "skipped" and record.error
    if err then failures[#failures + 1] = err end
  end
  local status = M.of_many(failures, good, bad)
  if status == M.done and counts.drift + counts.conflict + counts.unknown > 0 then
    return M.items_failed
  end
  return status == M.done and detailed and counts.pending > 0 and M.changes_pending or status
end

return M
