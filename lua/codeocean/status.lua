--- Exit statuses of the commands.

local M = {
  done = 0, script = 1, usage = 2, items_failed = 3, auth = 4, refused = 6, unreachable = 7,
  changes_pending = 10, interrupted = 130,
}

local of_kind = {
  auth = M.auth, config = M.auth,
  network = M.unreachable, timeout = M.unreachable, tls = M.unreachable,
  throttled = M.unreachable, server = M.unreachable, redirect = M.unreachable,
  cancelled = M.interrupted,
}

--- The status of a command that ended with this error.
function M.of_error(err)
  return of_kind[err.kind] or M.items_failed
end

-- The gravest of what happened to a report's records: one that could not reach the server at all
-- has the status of that, as if it had asked for a single asset.
function M.of_report(report)
  if report.refused then return M.refused end
  local counts, status = report.counts, M.done
  local good = counts.ok + counts.unchanged + counts.skipped + counts.pending
  for _, record in ipairs(report.records) do
    if record.error then
      status = good > 0 and M.items_failed or M.of_error(record.error)
    elseif record.status == "drift" or record.status == "conflict" then
      status = M.items_failed
    end
  end
  return status
end

return M
