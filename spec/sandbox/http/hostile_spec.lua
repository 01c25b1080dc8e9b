-- Metamethods, finalizers and iterators that stop the sandbox or change its arguments while it
-- reads them. A sanitizer finds every wrong access.

local peer = require "peer"
local sandboxes = require "codeocean.sandbox"

describe("a sandbox in hostile hands", function()
  -- Runs `attack` at the next steps of the collector until `body` has returned.
  local function while_collecting(attack, body)
    local armed = true
    local function arm()
      setmetatable({}, { __gc = function()
        if armed then
          attack()
          arm()
        end
      end })
    end
    arm()
    local mode = collectgarbage("incremental", 1000, 1000, 6)
    local ok, problem = pcall(body)
    armed = false
    collectgarbage(mode)
    return ok, problem
  end

  it("is stopped by a metamethod of a table that it reads", function()
    for _, field in ipairs { "kind", "apply", "body", "headers", "retry_after" } do
      local sandbox <close> = assert(sandboxes.start {})
      local spec = setmetatable({}, { __index = function(_, name)
        if name == field then sandbox:stop() end
        return name == "kind" and "status" or nil
      end })
      local ok, problem = pcall(sandbox.fault, sandbox, spec)
      assert.is_false(ok)
      assert.truthy(problem:find("kind", 1, true), problem)   -- raw access: nothing was given
    end
  end)

  it("is stopped by a finalizer in each of its methods", function()
    for _, method in ipairs { "fault", "requests", "stats", "clear", "wait" } do
      for _ = 1, 20 do
        local it_has = peer.start { seed = 3 }
        it_has:call("GET", "")
        local sandbox = it_has.sandbox
        while_collecting(function() sandbox:stop() end, function()
          for i = 1, 50 do
            local argument = method == "fault" and { kind = "status", status = 400 + i,
              headers = { ["X-" .. i] = ("v"):rep(i) }, body = ("b"):rep(i) }
            pcall(sandbox[method], sandbox, argument or 0)
          end
        end)
        sandbox:stop()
      end
    end
  end)

  it("copies texts before the table loses them", function()
    for _ = 1, 50 do
      local options = { kind = "status", headers = {} }
      local function spoil()
        for name in pairs(options) do
          if name ~= "kind" then options[name] = nil end
        end
      end
      local sandbox <close> = assert(sandboxes.start {})
      while_collecting(spoil, function()
        for i = 1, 20 do
          options.operation = "g" .. "et"
          options.path, options.id = ("/p"):rep(100 + i), ("i"):rep(100 + i)
          options.body = ("x"):rep(1000 + i)
          for j = 1, 20 do options.headers[("n"):rep(j)] = ("v"):rep(i + j) end
          pcall(sandbox.fault, sandbox, options)
        end
      end)
    end
  end)

  it("starts from options that vanish meanwhile", function()
    for i = 1, 20 do
      local options = {}
      local sandbox
      while_collecting(function()
        options.token, options.db, options.buckets = nil, nil, nil
      end, function()
        options.token, options.db = ("t"):rep(100 + i), ":" .. "memory:"
        options.buckets = {}
        for j = 1, 50 do options.buckets[j] = "bucket-" .. j end
        sandbox = sandboxes.start(options)
      end)
      if sandbox then sandbox:stop() end
    end
  end)

  it("hands out no metatable, and takes no other object for itself", function()
    local sandbox <close> = assert(sandboxes.start {})
    assert.is_false(getmetatable(sandbox))
    local index = debug.getmetatable(sandbox).__index
    for _, value in ipairs { 1, "x", {}, io.stdout, print } do
      assert.is_false(pcall(index, value, "url"))
    end
  end)

  it("imports from an iterator that fails, and lets go of the file", function()
    local file = os.tmpname()
    os.remove(file)
    finally(function() os.execute("rm -f " .. file .. "*") end)
    local ok, problem = pcall(sandboxes.import, file, function() error "gone" end)
    assert.is_false(ok)
    assert.truthy(tostring(problem):find "gone")
    assert.equal(0, assert(sandboxes.import(file, function() end)))
    assert.is_nil(io.open(file .. ".server"))
  end)
end)
