-- The library with and without os, io and debug.

local system = require "codeocean.lua.system"

-- What fn returns while the global library is gone.
local function without(name, fn, ...)
  local library = _G[name]
  _G[name] = nil
  local results = table.pack(pcall(fn, ...))
  _G[name] = library
  assert(results[1], results[2])
  return table.unpack(results, 2, results.n)
end

describe("codeocean.lua.system", function()
  it("has the variables and the time of day", function()
    assert.are.equal(os.getenv "HOME", system.getenv "HOME")
    assert.is_nil(without("os", system.getenv, "HOME"))
    local before = os.time()
    local now = without("os", system.time)
    assert.are.equal("integer", math.type(now))
    -- os.time() reads the clock of the kernel's last tick, up to 10 ms ago
    assert.is_true(before <= now and now <= os.time() + 1, now)
  end)

  it("opens files, and has none where there is no io", function()
    local file <close> = assert(system.open("Makefile", "rb"))
    assert.is_true(system.is_file(file))
    assert.is_false(system.is_file {})
    assert.is_false(without("io", system.is_file, file))
    local none, message, code = without("io", system.open, "Makefile", "rb")
    assert.are.same({ nil, "Makefile: this Lua has no library `io` to open it with", 2 },
      { none, message, code })
  end)

  it("adds a traceback to a message where it can", function()
    assert.is_truthy(system.traceback("why", 1):find "^why\nstack traceback:\n.*system_spec.lua")
    assert.are.equal("why", without("debug", system.traceback, "why", 2))
    local thread = coroutine.create(error)
    assert.is_truthy(system.traceback(thread, "why"):find "^why\nstack traceback:")
    assert.are.equal("why", without("debug", system.traceback, thread, "why"))
  end)
end)
