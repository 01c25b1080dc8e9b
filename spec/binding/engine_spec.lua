-- Lua that an engine's method runs (metamethods of arguments, finalizers) may close the client. A
-- read of the freed engine is found by a sanitizer; the result is checked in any build.

local codeocean = require "codeocean"
local core = require "codeocean.core"

local ID = "fea84ebf-b58b-4ad2-994d-7169dc3880fb"

local CONFIG = {
  domain = "127.0.0.1:9", token = "cop_spec", user_agent = "spec", timeout = 1, rate = 0,
  connect_timeout = 1, deadline = 1, retries = 0, jobs = 1, answer_max = 1000, trace = true,
  insecure_http = true,
}

local function engine()
  return assert(core.engine(CONFIG))
end

-- Calls fn(engine) `times`, each time with a finalizer that closes the engine as soon as the
-- collector runs, which it does at every allocation.
local function with_finalizers(times, fn)
  local mode = collectgarbage("incremental", 0, 1000, 4)
  finally(function() collectgarbage(mode) end)
  local closed = 0
  for _ = 1, times do
    local own = engine()
    setmetatable({}, { __gc = function()
      closed = closed + 1
      own:close()
    end })
    fn(own)
    own:close()
  end
  collectgarbage(mode)
  collectgarbage()
  assert.are.equal(times, closed)
end


describe("engine:submit", function()
  it("ends with kind closed when a parameter's __index closes the client", function()
    local client <close> = codeocean.client { domain = "127.0.0.1:9", token = "cop_spec" }
    local permissions = setmetatable({}, { __index = function() client:close() end })
    local done, err = client.data_assets:set_permissions(ID, permissions)
    assert.is_nil(done)
    assert.are.equal("closed", err.kind)
    assert.are.equal("not_sent", err.outcome)
  end)

  it("keeps nothing of a call with a wrong argument", function()
    local own = engine()
    assert.error_matches(function() own:submit("get", "x") end, "bad argument 'id'")
    local held = setmetatable({}, { __mode = "k" })
    held[own:submit("get", ID)] = true
    own:cancel()
    own:completed()
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(held))
    own:close()
  end)

  it("survives a finalizer that closes the client", function()
    with_finalizers(300, function(own)
      local transfer = own:submit("search", nil, { query = "x", limit = 3 })
      assert.are.equal("userdata", type(transfer))
    end)
  end)
end)


describe("a finalizer that closes the client", function()
  for _, method in ipairs { "stats", "trace", "host", "timeout", "pollfd", "completed" } do
    it("does not break engine:" .. method, function()
      with_finalizers(300, function(own)
        local good, problem = pcall(own[method], own)
        assert.is_truthy(good or problem:find "the client is closed", problem)
      end)
    end)
  end

  it("does not break engine:pause", function()
    with_finalizers(300, function(own) assert.is_boolean(own:pause(1):done()) end)
  end)
end)


describe("a number that is out of range", function()
  local bad = { 1 / 0, -1 / 0, 0 / 0, -1, -1e-9, 1e10, math.maxinteger, "1", {}, true }

  for _, method in ipairs { "step", "sleep" } do
    it("is refused by name as the seconds of client:" .. method, function()
      local client <close> = codeocean.client { domain = "127.0.0.1:9", token = "cop_spec" }
      for i = 1, #bad do
        assert.error_matches(function() client[method](client, bad[i]) end,
          ("bad argument 'seconds' to '%s' %%(number from 0"):format(method))
      end
      assert.are.equal(10, #bad)
      assert.error_matches(function() client:sleep() end, "got nil")
      assert.is_true(client:sleep(0))
      assert.has_no_error(function() client:step(0) end)
    end)
  end

  it("is refused in a configuration", function()
    for _, name in ipairs { "timeout", "retries", "jobs", "rate", "answer_max" } do
      for _, value in ipairs { 0 / 0, -1, 1 / 0 } do
        local own = {}
        for key, given in pairs(CONFIG) do own[key] = given end
        own[name] = value
        assert.has_error(function() core.engine(own) end)
      end
    end
  end)
end)


describe("the binding's userdata", function()
  it("take more arguments than they need", function()
    local own = core.engine(CONFIG, "more", {})
    assert.are.equal("127.0.0.1:9", own:host())
    own:close()
  end)

  it("hide their metatables", function()
    local own = engine()
    local transfer = own:pause(0)
    for value, name in pairs { [own] = "codeocean.engine", [transfer] = "codeocean.transfer" } do
      assert.are.equal(name, getmetatable(value))
      assert.has_error(function() setmetatable(value, {}) end)
      assert.is_nil(value.__index)
      assert.is_nil(value.__gc)
    end
    own:close()
  end)
end)
