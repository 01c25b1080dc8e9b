--- The exit statuses of the commands, and which errors give which. Called by every command.

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

-- If no item succeeded, the first of these that an error has is the status.
local gravest = { M.interrupted, M.auth, M.unreachable }

--- of_error(err) -> the status of a command that ended with this error.
function M.of_error(err)
  return of_kind[err.kind] or M.items_failed
end

--- of_many(failures, good, bad) -> the status of a command over many items. `failures`: its errors;
-- `good`: how many items succeeded; `bad`: how many input rows could not be used. If no item
-- succeeded, the status is that of an error, as for a single asset; so it is after an interruption.
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

--- of_report(report, bad, detailed) -> the status of a bulk run; `bad` as above. `detailed`: 10 if
-- a dry run found changes (--detailed-exitcode).
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
