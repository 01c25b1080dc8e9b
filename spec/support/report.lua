--- busted output: a dot a test, failures in full, and one line of counts that spec/run reads. The
-- file that SPEC_RUNNING names holds the file or test that runs: spec/run shows it where a run
-- ends without its counts.

return function(options)
  local busted = require "busted"
  local handler = require "busted.outputHandlers.base"()
  local running = os.getenv "SPEC_RUNNING"

  handler.testEnd = function(element, _, status)
    local mark = status == "success" and "." or status == "pending" and "p" or "F"
    io.write(mark)
    io.flush()
    if options.verbose then io.write(" ", handler.getFullName(element), "\n") end
    return nil, true
  end

  local function note_running(element)
    local file = running and io.open(running, "w")
    if file then file:write(handler.getFullName(element), "\n"):close() end
    return nil, true
  end

  local function show(list)
    for _, case in ipairs(list) do
      local trace = case.trace or {}
      print(("FAILED %s\n  at %s:%s\n  %s\n"):format(case.name or "(a file)",
        trace.short_src or "?", trace.currentline or "?",
        (tostring(case.message):gsub("\n", "\n  "))))
    end
  end

  handler.suiteEnd = function()
    print()
    show(handler.failures)
    show(handler.errors)
    print(("%d passed, %d failed"):format(handler.successesCount,
      handler.failuresCount + handler.errorsCount))
    return nil, true
  end

  busted.subscribe({ "file", "start" }, note_running)
  busted.subscribe({ "test", "start" }, note_running, { predicate = handler.cancelOnPending })
  busted.subscribe({ "test", "end" }, handler.testEnd, { predicate = handler.cancelOnPending })
  busted.subscribe({ "suite", "end" }, handler.suiteEnd)
  return handler
end
