--- busted output: a mark a test, failures in full, and one line of counts. A file without a test is
-- a failure. In the folder SPEC_NOTES, if set, the file `running` names the test that runs.

return function(options)
  local busted = require "busted"
  local handler = require "busted.outputHandlers.base"()
  local folder = os.getenv "SPEC_NOTES"

  handler.testEnd = function(element, _, status)
    local mark = status == "success" and "." or status == "pending" and "p" or "F"
    io.write(mark)
    io.flush()
    if options.verbose then io.write(" ", handler.getFullName(element), "\n") end
    return nil, true
  end

  local function write_running(element)
    if folder then
      assert(io.open(folder .. "/running", "w")):write(handler.getFullName(element)):close()
    end
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
    local passed, failed = handler.successesCount, handler.failuresCount + handler.errorsCount
    print()
    show(handler.failures)
    show(handler.errors)
    if passed + failed + handler.pendingsCount == 0 then
      print "FAILED: no test was found"
      failed = 1
    end
    print(("%d passed, %d failed"):format(passed, failed))
    return nil, true
  end

  busted.subscribe({ "test", "start" }, write_running, { predicate = handler.cancelOnPending })
  busted.subscribe({ "test", "end" }, handler.testEnd, { predicate = handler.cancelOnPending })
  busted.subscribe({ "suite", "end" }, handler.suiteEnd)
  return handler
end
