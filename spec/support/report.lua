--- busted output: a dot a test, failures in full, and one line of counts. For spec/run, which sets
-- SPEC_NOTES, two files in that folder hold the name of the file or test that runs, and at the end
-- the counts, which are then not printed.

return function(options)
  local busted = require "busted"
  local handler = require "busted.outputHandlers.base"()
  local folder = os.getenv "SPEC_NOTES"

  local function write_note(name, text)
    local file = assert(io.open(folder .. "/" .. name, "w"))
    file:write(text, "\n"):close()
  end

  handler.testEnd = function(element, _, status)
    local mark = status == "success" and "." or status == "pending" and "p" or "F"
    io.write(mark)
    io.flush()
    if options.verbose then io.write(" ", handler.getFullName(element), "\n") end
    return nil, true
  end

  local function write_running(element)
    if folder then write_note("running", handler.getFullName(element)) end
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
    local counts = ("%d passed, %d failed"):format(handler.successesCount,
      handler.failuresCount + handler.errorsCount)
    if folder then write_note("counts", counts) else print(counts) end
    return nil, true
  end

  busted.subscribe({ "file", "start" }, write_running)
  busted.subscribe({ "test", "start" }, write_running, { predicate = handler.cancelOnPending })
  busted.subscribe({ "test", "end" }, handler.testEnd, { predicate = handler.cancelOnPending })
  busted.subscribe({ "suite", "end" }, handler.suiteEnd)
  return handler
end
