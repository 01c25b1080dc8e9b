-- The module's own, and the one that stands in its place for Lua 5.3.

local own = package.searchpath("codeocean.lua.held", package.path)

for _, path in ipairs { own, "packaging/lua53/held.lua" } do
  local held = assert(loadfile(path))()

  local function value(log)
    return setmetatable({}, { __close = function() log[#log + 1] = "closed" end })
  end

  describe(path, function()
    it("returns the function's results after it has closed the value", function()
      local log = {}
      local results = table.pack(held(value(log), function(...)
        log[#log + 1] = "called"
        return ...
      end, 1, nil, 3, nil))
      assert.are.same({ 1, nil, 3, nil, n = 4 }, results)
      assert.are.same({ "called", "closed" }, log)
    end)

    it("closes the value when the function raises, whatever it raises", function()
      local log, problem = {}, {}
      local ok, raised = pcall(held, value(log), function() error(problem) end)
      assert.is_false(ok)
      assert.are.equal(problem, raised)
      assert.are.same({ "closed" }, log)
    end)

    it("lets the function yield", function()
      local log = {}
      local thread = coroutine.wrap(function()
        return held(value(log), function() return coroutine.yield() end)
      end)
      thread()
      assert.are.same({}, log)
      assert.are.equal("back", thread("back"))
      assert.are.same({ "closed" }, log)
    end)

    it("closes a file, and accepts nil and false as nothing to close", function()
      local file = io.tmpfile()
      held(file, function() file:write "x" end)
      assert.are.equal("closed file", io.type(file))
      assert.are.equal(1, held(nil, function() return 1 end))
      assert.are.equal(2, held(false, function() return 2 end))
    end)
  end)
end
