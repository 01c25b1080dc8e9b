-- codeocean.lua.close_after, and the file that replaces it in what is installed for Lua 5.3.

local own = package.searchpath("codeocean.lua.close_after", package.path)

for _, path in ipairs { own, "packaging/lua53/close_after.lua" } do
  local close_after = assert(loadfile(path))()

  local function value(log)
    return setmetatable({}, { __close = function() log[#log + 1] = "closed" end })
  end

  describe(path, function()
    it("returns the function's results after it has closed the value", function()
      local log = {}
      local results = table.pack(close_after(value(log), function(...)
        log[#log + 1] = "called"
        return ...
      end, 1, nil, 3, nil))
      assert.are.same({ 1, nil, 3, nil, n = 4 }, results)
      assert.are.same({ "called", "closed" }, log)
    end)

    it("closes the value when the function raises, whatever it raises", function()
      local log, problem = {}, {}
      local ok, raised = pcall(close_after, value(log), function() error(problem) end)
      assert.is_false(ok)
      assert.are.equal(problem, raised)
      assert.are.same({ "closed" }, log)
    end)

    it("lets the function yield", function()
      local log = {}
      local thread = coroutine.wrap(function()
        return close_after(value(log), function() return coroutine.yield() end)
      end)
      thread()
      assert.are.same({}, log)
      assert.are.equal("back", thread("back"))
      assert.are.same({ "closed" }, log)
    end)

    it("closes a file, and accepts nil and false as nothing to close", function()
      local file = io.tmpfile()
      close_after(file, function() file:write "x" end)
      assert.are.equal("closed file", io.type(file))
      assert.are.equal(1, close_after(nil, function() return 1 end))
      assert.are.equal(2, close_after(false, function() return 2 end))
    end)
  end)
end
